package media

import (
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// inbox carries what the gateway says from its read loop, which must not wait,
// to the goroutine of the peer. Remote candidates wait in it until a remote
// description is there to add them to: in full-trickle mode they overtake the
// answer.
type inbox struct {
	mu      sync.Mutex // protects what follows
	held    bool
	pending []client.Candidate // at most maxCandidates
	ready   chan struct{}      // holds a token when there is work
}

// maxCandidates bounds what a gateway can make us keep; a real one sends a dozen.
const maxCandidates = 256

func (b *inbox) init() {
	b.held = true
	b.ready = make(chan struct{}, 1)
}

// candidate takes c; the zero Candidate is the end of them.
func (b *inbox) candidate(c client.Candidate) {
	b.mu.Lock()
	if len(b.pending) < maxCandidates {
		b.pending = append(b.pending, c)
	}
	b.mu.Unlock()
	signal(b.ready)
}

// hold keeps candidates until release: they may belong to an answer to come.
func (b *inbox) hold() {
	b.mu.Lock()
	b.held = true
	b.mu.Unlock()
}

// empty forgets what the gateway said of a connection it has no more.
func (b *inbox) empty() {
	b.mu.Lock()
	b.held, b.pending = true, nil
	b.mu.Unlock()
}

func (b *inbox) release() {
	b.mu.Lock()
	b.held = false
	b.mu.Unlock()
	signal(b.ready)
}

func (b *inbox) take() []client.Candidate {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.held {
		return nil
	}
	c := b.pending
	b.pending = nil
	return c
}

// signal puts a token into a channel of one, unless it holds one.
func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// observe sees the core events of the handle, on the client's read loop.
func (p *Peer) observe(ev client.Event) bool {
	switch ev := ev.(type) {
	case *client.RemoteCandidate:
		var c client.Candidate
		if ev.Candidate != nil {
			c = *ev.Candidate
		}
		p.inbox.candidate(c)
		return true
	case *client.Hangup:
		p.mu.Lock()
		stale := !p.began // it is about the connection before this one
		p.mu.Unlock()
		if !stale {
			p.lose(fmt.Errorf("%w: the gateway hung up: %s", ErrClosed, ev.Reason), ev.Fault())
		}
	case *client.Detached:
		p.shut(fmt.Errorf("%w: %w", ErrClosed, client.ErrDetached))
	case *client.SessionTimeout:
		if !p.wait(true) {
			p.shut(fmt.Errorf("%w: %w", ErrClosed, client.ErrSessionTimeout))
		}
	case *client.Interrupted:
		p.wait(true)
	case *client.Resumed:
		if ev.Rebuilt && p.foreign() {
			p.lose(fmt.Errorf("%w: the session was rebuilt, and knows nothing of this connection", ErrClosed), true)
		}
		p.wait(false)
	}
	return false
}

// ender is a Link that says when it has ended, as *client.Handle does: by its own
// Detach, say, which is no event.
type ender interface {
	Done() <-chan struct{}
	Err() error
}

// run does what the gateway asks for, until the peer ends.
func (p *Peer) run(trickled <-chan struct{}) {
	var gone <-chan struct{}
	handle, ok := p.link.(ender)
	if ok {
		gone = handle.Done()
	}
	for {
		select {
		case <-p.begin:
			p.end(trickled)
			return
		case <-gone:
			gone = nil
			p.shut(fmt.Errorf("%w: %w", ErrClosed, handle.Err()))
		case <-p.inbox.ready:
			for _, c := range p.inbox.take() {
				// A candidate that cannot be read, or that has no route, is one path
				// less and nothing else.
				_ = p.engine().addCandidate(c)
			}
		}
	}
}
