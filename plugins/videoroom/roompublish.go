package videoroom

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// publication is what a room publishes.
type publication struct {
	cfg     PublishRequest
	newPeer PeerFunc
	peer    client.Negotiator
}

// Publish publishes what the peers of newPeer send. It is declared then: when the
// connection is lost or the session rebuilt, the room publishes again, as
// [Publisher.Publish] does with the same peer, else with a new one, and reports
// *[PublicationFailed] for each try that fails. When Publish itself fails, nothing
// is declared.
func (r *Room) Publish(ctx context.Context, cfg PublishRequest, newPeer PeerFunc) (*PublishReply, error) {
	const op = "videoroom: publish"
	if newPeer == nil {
		return nil, &client.ArgumentError{Op: op, Reason: "no function that makes a peer; pass one that calls media.NewPeer and adds sources"}
	}
	unlock, err := r.lockPublication(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	defer unlock()
	if r.published() != nil {
		return nil, &client.ArgumentError{Op: op, Reason: "the room publishes already; Unpublish first, or use Renegotiate"}
	}
	p := &publication{cfg: cfg, newPeer: newPeer}
	reply, err := r.connect(ctx, p)
	if err != nil {
		return nil, err
	}
	p.cfg = r.pub.declared()
	r.mu.Lock()
	r.publication = p
	r.mu.Unlock()
	r.poke() // it may have gone already
	return reply, nil
}

// connect publishes p with a new peer.
func (r *Room) connect(ctx context.Context, p *publication) (*PublishReply, error) {
	peer, err := p.newPeer(r.pub.Handle.Handle)
	if err != nil {
		return nil, fmt.Errorf("videoroom: publish: make a peer: %w", err)
	}
	r.mu.Lock()
	cfg := p.cfg // which Configure changes
	r.mu.Unlock()
	renewals := 0
	if p.peer != nil {
		renewals = r.pub.renewed() + 1
	}
	reply, err := r.pub.publish(ctx, cfg, peer, renewals)
	if err != nil {
		closePeer(peer)
		return nil, err
	}
	p.peer = peer
	return reply, nil
}

// Configure changes how we publish, now and when the room publishes again.
func (r *Room) Configure(ctx context.Context, cfg PublishRequest) error {
	if err := r.pub.Configure(ctx, cfg); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.publication != nil {
		r.publication.cfg.keepSettings(&cfg)
	}
	return nil
}

// Renegotiate makes a new offer, after tracks were added to the peer or removed.
func (r *Room) Renegotiate(ctx context.Context) (*PublishReply, error) { return r.pub.Renegotiate(ctx) }

// Unpublish stops publishing and stays in the room.
func (r *Room) Unpublish(ctx context.Context) error {
	unlock, err := r.lockPublication(ctx)
	if err != nil {
		return fmt.Errorf("videoroom: unpublish: %w", err)
	}
	defer unlock()
	r.mu.Lock()
	p := r.publication
	r.publication = nil
	r.mu.Unlock()
	if p == nil {
		return nil
	}
	if r.pub.Connected() {
		err = r.pub.Unpublish(ctx)
	}
	closePeer(p.peer)
	return err
}

// republish publishes what was declared if that is not the case, and reports
// whether there was a reason to. The error is errMending while the publisher does
// it with the peer there is.
func (r *Room) republish(ctx context.Context) (did bool, err error) {
	unlock, err := r.lockPublication(ctx)
	if err != nil {
		return false, err
	}
	defer unlock()
	p := r.published()
	if p == nil {
		return false, nil
	}
	alive, ended, _ := mending(p.peer)
	switch connected := r.pub.Connected(); {
	case connected && !ended:
		return false, nil
	case connected: // the gateway has what could not be mended
		if err := r.pub.Hangup(ctx); err != nil {
			return true, err
		}
	case alive:
		return false, errMending
	}
	closePeer(p.peer)
	if _, err := r.connect(ctx, p); err != nil {
		r.push(&PublicationFailed{EventBase: r.pub.base("publication_failed"), Err: err})
		return true, err
	}
	return true, nil
}

func (r *Room) published() *publication {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.publication
}

func (r *Room) lockPublication(ctx context.Context) (unlock func(), err error) {
	if err := r.Err(); err != nil {
		return nil, err
	}
	select {
	case r.publish <- struct{}{}:
		return func() { <-r.publish }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
