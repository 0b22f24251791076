//go:build js

package main

import (
	"context"
	"slices"
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// publication is what a room publishes. The page has it as one peer, although the
// room makes another whenever it has to publish again.
type publication struct {
	room *room
	over chan struct{} // closed when it was ended

	mu       sync.Mutex // protects what follows
	peer     *media.Peer
	sends    []*sending
	watchers map[*watcher]bool
}

// publish publishes the sources that are the values of the call.
func (c *call) publish(ctx context.Context, r *room, req videoroom.PublishRequest, opts []media.SendOptions) (any, error) {
	p := &publication{room: r, over: make(chan struct{})}
	for i := range opts {
		src, err := argument[media.Source](c, i)
		if err != nil {
			return nil, err
		}
		if src == nil {
			return nil, &client.ArgumentError{Op: c.op, Reason: "every one of sources needs a source"}
		}
		p.sends = append(p.sends, &sending{of: p, source: src, opts: opts[i]})
	}
	if _, err := r.Publish(ctx, req, p.connect); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.publication = p
	return c.objects.add(p), nil
}

// connect makes a peer that sends what is sent now.
func (p *publication) connect(h *client.Handle) (client.Negotiator, error) {
	peer, err := media.NewPeer(h, &p.room.peers)
	if err != nil {
		return nil, err
	}
	ctx := context.Background() // before the offer nothing has to be waited for
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.sends {
		if err := s.connect(ctx, peer); err != nil {
			_ = peer.Close() // it never was anything
			return nil, err
		}
	}
	p.peer = peer
	for w := range p.watchers {
		w.stop()
		w.stop = peer.Observe(w.seen)
	}
	return peer, nil
}

// watcher sees the core events of the peer there is.
type watcher struct {
	seen func(client.Event) bool
	stop func()
}

// Observe, Stats and Done make it a peer for package adapt, whichever it has.
func (p *publication) Observe(f func(client.Event) bool) (stop func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := &watcher{f, p.peer.Observe(f)}
	if p.watchers == nil {
		p.watchers = make(map[*watcher]bool)
	}
	p.watchers[w] = true
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.watchers, w)
		w.stop()
	}
}

// Stats returns the counters of the peer there is now.
func (p *publication) Stats(ctx context.Context) (*media.Stats, error) { return p.current().Stats(ctx) }

// Done is closed when the publication is over, or else the room. It is asked again
// and again.
func (p *publication) Done() <-chan struct{} {
	select {
	case <-p.room.Done():
		return p.room.Done()
	default:
		return p.over
	}
}

// current returns the peer there is now.
func (p *publication) current() *media.Peer {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.peer
}

// add sends one source more.
func (p *publication) add(ctx context.Context, src media.Source, opts media.SendOptions) (*sending, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := &sending{of: p, source: src, opts: opts}
	if err := s.connect(ctx, p.peer); err != nil {
		return nil, err
	}
	p.sends = append(p.sends, s)
	return s, nil
}

// senders returns what is being sent.
func (p *publication) senders() []*sending {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.sends)
}

// unpublish ends what a room publishes.
func (r *room) unpublish(ctx context.Context) error {
	r.mu.Lock()
	p := r.publication
	r.publication = nil
	r.mu.Unlock()
	if p == nil {
		return nil
	}
	close(p.over)
	return r.Unpublish(ctx)
}

// end ends the publication, if it is not over.
func (p *publication) end(ctx context.Context) error {
	select {
	case <-p.over:
		return nil
	default:
		return p.room.unpublish(ctx)
	}
}

// ended waits for the end, as the function of call does.
func (p *publication) ended(ctx context.Context, c *call) (any, error) {
	select {
	case <-p.over:
		return nil, nil
	case <-p.room.Done():
		return c.ended(ctx, p.room, kindClosed)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// sending is a sender of a publication: one to the page, another for each peer.
type sending struct {
	of   *publication
	opts media.SendOptions

	mu      sync.Mutex // protects what follows
	sender  *media.Sender
	source  media.Source
	nothing bool                  // was put in the place of source
	params  *media.SendParameters // nil: none were set
}

// connect adds what is sent to another peer.
func (s *sending) connect(ctx context.Context, peer *media.Peer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	sender, err := peer.Add(s.source, &s.opts)
	if err != nil {
		return err
	}
	if s.nothing {
		err = sender.Replace(ctx, nil)
	}
	if err == nil && s.sender != nil && s.sender.Muted() {
		err = sender.Mute(true)
	}
	if err == nil && s.params != nil {
		err = sender.Configure(ctx, *s.params)
	}
	if err == nil {
		s.sender = sender
	}
	return err
}

// current returns the sender there is now.
func (s *sending) current() *media.Sender {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sender
}

// replaced notes that another source is sent, or nothing.
func (s *sending) replaced(src media.Source) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.nothing = src == nil; !s.nothing {
		s.source = src
	}
}

// configured notes what was set.
func (s *sending) configured(p media.SendParameters) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.params == nil {
		s.params = new(media.SendParameters)
	}
	if p.MaxBitrate != nil {
		s.params.MaxBitrate = p.MaxBitrate
	}
	if p.MaxFrameRate != nil {
		s.params.MaxFrameRate = p.MaxFrameRate
	}
	if p.Layers != nil {
		s.params.Layers = p.Layers
	}
	for _, b := range []struct{ to, from *int }{
		{&s.params.LayerBitrates.High, &p.LayerBitrates.High},
		{&s.params.LayerBitrates.Medium, &p.LayerBitrates.Medium},
		{&s.params.LayerBitrates.Low, &p.LayerBitrates.Low},
	} {
		if *b.from != 0 {
			*b.to = *b.from
		}
	}
}

// removed notes that it is sent no more.
func (s *sending) removed() {
	s.of.mu.Lock()
	defer s.of.mu.Unlock()
	s.of.sends = slices.DeleteFunc(s.of.sends, func(other *sending) bool { return other == s })
}
