package videoroom

import (
	"context"
	"errors"
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/mend"
)

// Publisher is a handle that joined a room. Whoever does not publish is one too:
// that is how to see who is in the room. Publish, Renegotiate, Restart, Unpublish
// and Leave wait for each other.
type Publisher struct {
	*Handle

	mu      sync.Mutex        // guards the rest
	ghosts  []client.ID       // of ourselves
	peer    client.Negotiator // nil: not publishing
	unwatch func()            // ends the mending of peer
	*intent
}

// intent is what a Publisher declared. It has secrets, which nobody sees who prints
// a pointer.
type intent struct {
	join      JoinRequest
	privateID uint64
	kept      PublishRequest // what the gateway keeps of us besides a publication
	cfg       PublishRequest // how peer publishes
	renewals  int            // how often it did so anew
}

func newPublisher(h *Handle, req *JoinRequest) *Publisher {
	return &Publisher{Handle: h, intent: &intent{join: *req}}
}

// ID returns our id in the room.
func (p *Publisher) ID() client.ID { return p.request().ID }

// Room returns the id of the room.
func (p *Publisher) Room() client.ID { return p.request().Room }

// PrivateID is what the subscribers of the same user give in rooms with
// require_pvtid. A rebuild of the session changes it.
func (p *Publisher) PrivateID() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.privateID
}

// Publish takes an offer from peer, sends it with cfg, and gives the answer to
// peer. The others get [*Published] when the connection is up, and we get
// *client.WebRTCUp.
//
// When anything fails, ctx ending among it, Publish hangs up before it returns,
// which takes at most half a second more. It can be called again then, with a
// new peer: a *media.Peer ends with the hangup. A room with enough publishers
// gives [ErrPublishersFull].
//
// A peer that is a [client.Mender] stays published: a connection that breaks gets
// ICE restarts, one that is lost is made anew for the same peer, after a rebuild of
// the session too. A Filename to record to then ends in "-2", and so on.
// *[PublicationFailed] tells of every try that failed.
func (p *Publisher) Publish(ctx context.Context, cfg PublishRequest, peer client.Negotiator) (*PublishReply, error) {
	return p.publish(ctx, cfg, peer, 0)
}

// publish is Publish after so many renewals.
func (p *Publisher) publish(ctx context.Context, cfg PublishRequest, peer client.Negotiator, renewals int) (*PublishReply, error) {
	var reply PublishReply
	if err := p.start(ctx, "publish", cfg.part(renewals), &reply, &cfg, peer, renewals); err != nil {
		return nil, err
	}
	return &reply, nil
}

// start makes the first offer of a connection.
func (p *Publisher) start(ctx context.Context, verb string, body, reply any, cfg *PublishRequest, peer client.Negotiator, renewals int) error {
	op := "videoroom: " + verb
	if peer == nil {
		return &client.ArgumentError{Op: op, Reason: "no peer; pass a *media.Peer, or your own client.Negotiator"}
	}
	if err := p.conn.Lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer p.conn.Unlock()
	if p.Connected() {
		return &client.ArgumentError{Op: op, Reason: "publishing already; Unpublish first, or use Renegotiate"}
	}
	if err := p.offer(ctx, verb, body, reply, peer, false); err != nil {
		if p.Connected() {
			err = p.Abandon(ctx, err)
		}
		return err
	}
	p.unpublished()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.renewals, p.peer = renewals, peer
	p.published(cfg)
	p.unwatch = mend.Watch(p.Handle.Handle, peer, mend.Recipe{Restart: p.restarted, Renew: p.renew, Failed: p.noteFailure}) //nolint:contextcheck // it outlives ctx
	return nil
}

// offer exchanges descriptions once.
func (p *Publisher) offer(ctx context.Context, verb string, body, reply any, peer client.Negotiator, restart bool) error {
	offer, err := peer.Offer(ctx, restart)
	if err != nil {
		return fmt.Errorf("videoroom: %s: make an offer: %w", verb, err)
	}
	answer, err := p.exchange(ctx, verb, body, offer, reply)
	if err != nil {
		return err
	}
	if answer == nil {
		return &client.ProtocolError{Op: "videoroom: " + verb, Reason: "the plugin's answer has no description"}
	}
	if err := peer.Accept(ctx, answer); err != nil {
		return fmt.Errorf("videoroom: %s: accept the answer: %w", verb, err)
	}
	return nil
}

// Renegotiate makes a new offer with the peer of [Publisher.Publish], after
// tracks were added to it or removed. When it fails, everything goes on as it
// was.
func (p *Publisher) Renegotiate(ctx context.Context) (*PublishReply, error) {
	return p.again(ctx, "renegotiate", false)
}

// Restart is Renegotiate with new ICE credentials on both sides, which finds a
// new way through the network. There is no second *client.WebRTCUp.
func (p *Publisher) Restart(ctx context.Context) (*PublishReply, error) {
	return p.again(ctx, "restart", true)
}

func (p *Publisher) again(ctx context.Context, verb string, restart bool) (*PublishReply, error) {
	if err := p.conn.Lock(ctx); err != nil {
		return nil, fmt.Errorf("videoroom: %s: %w", verb, err)
	}
	defer p.conn.Unlock()
	p.mu.Lock()
	cfg, peer := p.cfg.negotiated(), p.peer
	p.mu.Unlock()
	if peer == nil || !p.Connected() {
		return nil, &client.ArgumentError{Op: "videoroom: " + verb, Reason: "nothing is published; call Publish first"}
	}
	var reply PublishReply
	if err := p.offer(ctx, "configure", &cfg, &reply, peer, restart); err != nil {
		return nil, err
	}
	return &reply, nil
}

// Configure changes how we publish, without a negotiation, now or ahead of
// Publish. The codecs in cfg do nothing here. Settings whose answer is lost with
// the connection are sent again, but for Record.
func (p *Publisher) Configure(ctx context.Context, cfg PublishRequest) error {
	var err error
	if cfg.Record == nil {
		err = p.repeat(ctx, "configure", &cfg)
	} else {
		err = p.call(ctx, "configure", &cfg, nil) // twice, it would begin new files
	}
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if cfg.Display != nil {
		p.join.Display = *cfg.Display
	}
	if cfg.Metadata != nil {
		p.join.Metadata = cfg.Metadata
	}
	p.configured(&cfg, p.peer != nil)
	return nil
}

// Unpublish stops publishing and stays in the room. It returns when the gateway
// has closed the connection, as [client.Handle.Hangup] does, so that Publish can
// follow.
func (p *Publisher) Unpublish(ctx context.Context) error {
	const op = "videoroom: unpublish"
	if err := p.conn.Lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer p.conn.Unlock()
	asked, connected := false, p.Connected()
	err := p.HangupBy(ctx, func(ctx context.Context) error {
		err := p.call(ctx, "unpublish", nil, nil)
		asked = err == nil
		return err
	})
	switch {
	case err == nil:
	case errors.Is(err, ErrNotPublished) && connected:
		err = p.Hangup(ctx) // the connection does not come up, and must not any more, or it just broke
	case !asked:
		return err
	}
	p.unpublished()
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// unpublished notes that nothing is to be published any more.
func (p *Publisher) unpublished() {
	p.mu.Lock()
	stop := p.unwatch
	p.peer, p.cfg, p.unwatch = nil, PublishRequest{}, nil
	p.mu.Unlock()
	if stop != nil {
		stop()
	}
}

// Leave leaves the room and ends the connection, which the gateway would keep.
// The handle cannot join again: detach it.
func (p *Publisher) Leave(ctx context.Context) error {
	const op = "videoroom: leave"
	if err := p.conn.Lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer p.conn.Unlock()
	if err := p.call(ctx, "leave", nil, nil); err != nil {
		if p.Err() != nil {
			return nil // gone, and so are we
		}
		return err
	}
	p.restore.Store(nil)
	p.unpublished()
	if p.Connected() {
		if err := p.Hangup(ctx); err != nil {
			return fmt.Errorf("%s: %w", op, err)
		}
	}
	return nil
}
