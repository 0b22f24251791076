package media

import (
	"context"
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
)

// outbox collects local candidates for the goroutine that sends them, so that
// those found meanwhile share a request.
type outbox struct {
	mu      sync.Mutex // protects what follows
	mode    outMode
	pending []client.Candidate
	ended   bool
	found   bool // a candidate, ever
	barren  bool // the search ended without one
	err     error
	ready   chan struct{} // holds a token when there is work
}

// outMode is what becomes of candidates.
type outMode uint8

const (
	keepThem outMode = iota // until it is known what to do
	sendThem
	dropThem // they are in the description
)

func (b *outbox) init() { b.ready = make(chan struct{}, 1) }

// renew forgets everything: there is another connection.
func (b *outbox) renew() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mode, b.pending, b.ended, b.found, b.barren, b.err = keepThem, nil, false, false, false, nil
}

// set changes the mode, for the candidates that wait too.
func (b *outbox) set(m outMode) {
	b.mu.Lock()
	b.mode = m
	if m == dropThem {
		b.pending, b.ended = nil, false
	}
	b.mu.Unlock()
	signal(b.ready)
}

// answered lets candidates go that waited for the end of the negotiation.
func (b *outbox) answered() {
	b.mu.Lock()
	if b.mode == keepThem {
		b.mode = sendThem
	}
	b.mu.Unlock()
	signal(b.ready)
}

func (b *outbox) candidate(c client.Candidate) {
	b.mu.Lock()
	if b.mode != dropThem && len(b.pending) < maxCandidates {
		b.pending = append(b.pending, c)
	}
	b.ended = false
	b.found, b.barren = true, false
	b.mu.Unlock()
	signal(b.ready)
}

func (b *outbox) end() {
	b.mu.Lock()
	b.ended = b.mode != dropThem
	b.barren = !b.found
	b.mu.Unlock()
	signal(b.ready)
}

// nothing says that there is no local candidate and that none will come.
func (b *outbox) nothing() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.barren
}

func (b *outbox) take() (c []client.Candidate, ended bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.mode != sendThem {
		return nil, false
	}
	c, ended = b.pending, b.ended
	b.pending, b.ended = nil, false
	return c, ended
}

// note keeps what became of the last request.
func (b *outbox) note(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.err = err
}

func (b *outbox) failure() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

// candidateFound takes a local candidate; nil is the end of them.
func (p *Peer) candidateFound(c *client.Candidate) {
	if c == nil {
		p.outbox.end()
		if p.outbox.nothing() {
			p.stateSeen(StateFailed)
		}
		return
	}
	p.outbox.candidate(*c)
}

// trickle sends local candidates until the peer ends. What cannot be sent is
// kept as the reason for StateFailed; the connection may come without it.
func (p *Peer) trickle(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.outbox.ready:
		}
		c, ended := p.outbox.take()
		if len(c) == 0 && !ended {
			continue
		}
		var err error
		if len(c) > 0 {
			err = p.link.Trickle(ctx, c...)
		}
		if ended && err == nil {
			err = p.link.Trickle(ctx)
		}
		p.outbox.note(err)
	}
}
