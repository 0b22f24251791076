package adapt

import (
	"time"

	"github.com/bifrons-rtc/bifrons/media"
)

// The limits of what is good and what is bad, and how long things take. The
// comment of the package explains them.
const (
	interval = time.Second

	goodLoss     = 0.02
	badLoss      = 0.10
	terribleLoss = 0.25
	slowerBy     = 300 * time.Millisecond

	settle  = 2 * time.Second
	hold    = 8 * time.Second
	holdMax = 2 * time.Minute
	probe   = 10 * time.Second

	attempt = 10 * time.Second // for one call of what sets a layer or a bitrate
)

// verdict is what an interval was like.
type verdict uint8

const (
	unknown  verdict = iota
	fair             // neither good nor bad
	good             //
	bad              //
	terrible         //
)

// judge compares the numbers of a stream with those of the interval before.
type judge struct {
	before   media.StreamStats
	have     bool
	quickest time.Duration
}

// look returns what the interval that ends with now was like. rtt is zero where it
// is not known. slow says that the gateway complained.
func (j *judge) look(now media.StreamStats, rtt time.Duration, slow bool) verdict {
	before, have := j.before, j.have
	j.before, j.have = now, true
	if rtt > 0 && (j.quickest == 0 || rtt < j.quickest) {
		j.quickest = rtt
	}
	if !have || now.Packets <= before.Packets {
		if slow {
			return bad
		}
		return unknown
	}
	loss := now.FractionLost
	if !now.Sent {
		lost := max(now.Lost-before.Lost, 0)
		loss = float64(lost) / float64(uint64(lost)+now.Packets-before.Packets)
	}
	switch {
	case loss >= terribleLoss:
		return terrible
	case loss >= badLoss, slow, now.Freezes > before.Freezes, rtt > 2*j.quickest+slowerBy:
		return bad
	case loss < goodLoss:
		return good
	}
	return fair
}

// forget takes note that the connection is another, or was away.
func (j *judge) forget() { j.have = false }

// patience says when to go down and when up.
type patience struct {
	wait    time.Duration // good intervals before a step up; zero: hold
	calm    time.Time     // since when all were good; zero: the last one was not
	down    time.Time     // the last step down
	up      time.Time     // the last step up
	probing bool          // which has not proved itself yet
}

// steps returns how many to go, below zero for down. more says that there is one
// to go up, and again how soon the next one may follow the last.
func (p *patience) steps(now time.Time, v verdict, more bool, again time.Duration) int {
	p.wait = max(p.wait, hold)
	if p.probing && now.Sub(p.up) >= probe {
		p.probing, p.wait = false, hold
	}
	switch v {
	case bad, terrible:
		p.calm = time.Time{}
		if now.Sub(p.down) < settle {
			return 0
		}
		if p.probing {
			p.probing, p.wait = false, min(2*p.wait, holdMax)
		}
		p.down = now
		if v == terrible {
			return -2
		}
		return -1
	case fair:
		p.calm = time.Time{}
	case good:
		if p.calm.IsZero() {
			p.calm = now.Add(-interval) // the interval ends now
		}
		if more && now.Sub(p.calm) >= p.wait && now.Sub(p.up) >= again {
			p.up, p.probing = now, true
			return 1
		}
	}
	return 0
}
