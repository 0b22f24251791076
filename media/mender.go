package media

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

var _ client.Mender = (*Peer)(nil)

// mending is what a Peer knows for those who mend it. Peer.mu protects it.
type mending struct {
	kept    int   // counts the calls of Keep
	keeper  int   // the one that counts; zero: nobody keeps it
	lost    error // what the connection was lost for; nil: it was not
	away    bool  // there is no connection to the gateway
	moved   bool  // to another network
	state   State // as p.state, which has another lock
	handle  uint64
	health  client.Health
	changed chan struct{} // closed with the next change of health
}

// Keep implements client.Mender. It is for who negotiates for the handle, as the
// plugin packages do. [Options] can forbid it.
func (p *Peer) Keep() (release func(), ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closing || p.opts.NoMending {
		return nil, false
	}
	m := &p.mending
	m.kept++
	m.keeper = m.kept
	this := m.kept
	return func() {
		p.mu.Lock()
		lost := m.lost
		if m.keeper != this {
			lost = nil
		} else {
			m.keeper = 0
		}
		p.mu.Unlock()
		if lost != nil {
			p.shut(lost)
		}
	}, true
}

// Health implements client.Mender.
func (p *Peer) Health() (client.Health, <-chan struct{}) {
	p.mu.Lock()
	health, changed := p.mending.health, p.mending.changed
	p.mu.Unlock()
	return health, changed
}

// feel finds the health out and tells those who wait for a change. It needs p.mu.
func (p *Peer) feel() {
	m := &p.mending
	health := client.HealthNew
	switch {
	case p.closing:
		health = client.HealthEnded
	case m.away:
		health = client.HealthAway
	case m.lost != nil:
		health = client.HealthLost
	case m.state == StateFailed || m.moved:
		health = client.HealthBroken
	case m.state == StateDisconnected:
		health = client.HealthShaky
	case m.state == StateConnected:
		health = client.HealthGood
	}
	if health != m.health {
		m.health = health
		close(m.changed)
		m.changed = make(chan struct{})
	}
}

// lose takes note that the gateway has the connection no more. It is the end,
// unless somebody keeps the peer and it can be mended.
func (p *Peer) lose(cause error, mendable bool) {
	p.mu.Lock()
	keep := p.mending.keeper != 0 && mendable
	if keep {
		p.mending.lost = cause
		p.feel()
	}
	p.mu.Unlock()
	if keep {
		p.inbox.empty()
	} else {
		p.shut(cause)
	}
}

// wait takes note that the gateway cannot be asked, or can again, and reports
// whether somebody keeps the peer.
func (p *Peer) wait(away bool) bool {
	p.mu.Lock()
	p.mending.away = away
	p.feel()
	kept := p.mending.keeper != 0
	p.mu.Unlock()
	return kept
}

// handleID returns which handle the link is at the gateway, where it says so, as
// *client.Handle does: it is another one after a rebuild.
func (p *Peer) handleID() uint64 {
	if l, ok := p.link.(interface{ ID() uint64 }); ok {
		return l.ID()
	}
	return 0
}

// begun takes note of the handle that a connection was begun for. It needs p.mu.
func (p *Peer) begun() {
	if !p.began {
		p.began, p.mending.handle = true, p.handleID()
	}
}

// foreign reports whether the connection belongs to another handle than there is
// now: who brings the handle's state back may have begun a new one before the
// rebuild is over.
func (p *Peer) foreign() bool {
	id := p.handleID()
	p.mu.Lock()
	foreign := p.began && (id == 0 || p.mending.handle != id)
	p.mu.Unlock()
	return foreign
}

// networkChanged implements hooks.
func (p *Peer) networkChanged() {
	p.mu.Lock()
	p.mending.moved = p.mending.keeper != 0 && p.began
	p.feel()
	p.mu.Unlock()
}

// outlook implements hooks.
func (p *Peer) outlook() (kept, up bool) {
	p.mu.Lock()
	kept, up = p.mending.keeper != 0, p.mending.health == client.HealthGood
	p.mu.Unlock()
	return kept, up
}

// Renew implements client.Mender. The peer is in StateNew then. Sources that were
// added are sent on, with the timestamps of before going on; a [Track] keeps the
// ID and StreamID of its first connection. Tracks that the new negotiation has no
// m-line for end with it. A MediaRecorder of a browser cannot go on with another
// track: there the recording is complete, up to the loss.
func (p *Peer) Renew(ctx context.Context, lost ...string) error {
	release, err := p.take(ctx, "renew")
	if err != nil {
		return err
	}
	defer release()
	p.shape.Lock()
	defer p.shape.Unlock()
	next, err := newEngine(p.opts, p, p.tune)
	if err != nil {
		return p.stepError("renew", err)
	}
	p.mu.Lock()
	before := p.eng
	// What the gateway says from here on is about the connection before.
	p.began, p.offered = false, ""
	p.mu.Unlock()
	left := before.retire()
	p.inbox.hold()
	p.outbox.renew()
	p.mu.Lock()
	lines := p.lines // which does not change while shape is held
	p.eng = next
	p.mending.lost, p.mending.moved, p.mending.state = nil, false, StateNew
	p.feel()
	p.mu.Unlock()
	p.setState(StateNew, nil)
	if err := next.goOn(left, lines, lost); err != nil {
		p.shut(fmt.Errorf("%w: %w", ErrClosed, err)) // half of a connection is none
		return p.stepError("renew", err)
	}
	return nil
}
