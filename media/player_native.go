//go:build !js

package media

import (
	"sync"
	"time"
)

// stall is how far the player may fall behind and catch up, rather than go on
// from where it is.
const stall = time.Second

// player plays files on one clock, while a peer is connected.
type player struct {
	loop bool

	ops  sync.Mutex    // held while play is started or stopped
	stop chan struct{} // nil: not playing
	done chan struct{}

	// Owned by play while it runs, else by who holds ops.
	parts []*part
	base  time.Duration // length of the rounds before this one
	at    time.Duration // of the last frame played
}

// update starts to play, or stops, as the senders are. It returns when play has
// ended, so that nothing runs for a peer that is closed.
func (p *player) update() {
	p.ops.Lock()
	defer p.ops.Unlock()
	wanted := false
	for _, t := range p.parts {
		wanted = wanted || t.feed.isLive()
	}
	if wanted && p.stop == nil {
		p.begin()
	}
	if !wanted && p.stop != nil {
		p.halt()
	}
}

// begin needs p.ops.
func (p *player) begin() {
	stop, done := make(chan struct{}), make(chan struct{})
	p.stop, p.done = stop, done
	// Plays the files; ends with them or with stop; halt waits for it.
	go func() { defer close(done); p.play(stop) }()
}

// halt needs p.ops.
func (p *player) halt() {
	close(p.stop)
	<-p.done
	p.stop, p.done = nil, nil
}

// release closes the file of f. The others play on.
func (p *player) release(f *feed) {
	p.ops.Lock()
	playing := p.stop != nil
	if playing {
		p.halt()
	}
	for _, t := range p.parts {
		if t.feed == f {
			t.dead = true
			t.close()
		}
	}
	p.ops.Unlock()
	if playing {
		p.update()
	}
}

func (p *player) closeFiles() {
	for _, t := range p.parts {
		t.close()
	}
}

// play plays until the end, or until stop. Times are counted from one start, so
// that nothing adds up.
func (p *player) play(stop <-chan struct{}) {
	start := time.Now().Add(-p.at)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		t := p.first()
		if t == nil {
			return
		}
		due := p.base + t.due()
		wait := due - time.Since(start)
		if wait < -stall {
			start = start.Add(-wait)
		}
		if wait > 0 {
			timer.Reset(wait)
			select {
			case <-timer.C:
			case <-stop:
				return
			}
		} else {
			select {
			case <-stop:
				return
			default:
			}
		}
		p.at = due
		p.step(t)
	}
}

// first returns the part that is due first, starting a new round when all have
// ended; nil when nothing is left.
func (p *player) first() *part {
	for range 2 {
		var first *part
		var length time.Duration
		for _, t := range p.parts {
			if t.dead {
				continue
			}
			length = max(length, t.end)
			if t.waiting(p.loop) && (first == nil || t.due() < first.due()) {
				first = t
			}
		}
		if first != nil || !p.loop {
			return first
		}
		p.base += length
		for _, t := range p.parts {
			if t.dead {
				continue
			}
			if _, err := t.start(); err != nil {
				t.finish(err)
			}
		}
	}
	return nil
}

// waiting reports whether t has something to do in this round.
func (t *part) waiting(loop bool) bool { return t.at || !loop || !t.passed }

// step plays one frame, or notes the end of a part.
func (p *player) step(t *part) {
	if !t.at {
		if p.loop {
			t.passed = true
		} else {
			t.finish(nil)
		}
		return
	}
	t.feed.push(t.head.data, p.base+t.head.pts)
	if err := t.advance(); err != nil {
		t.finish(err)
	}
}

// finish ends a part for good.
func (t *part) finish(err error) {
	t.dead = true
	t.close()
	t.feed.end(err)
}
