package textroom

import (
	"context"
	"errors"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// offerWait is how long the gateway is given to make an offer. It needs a few
// milliseconds.
const offerWait = time.Second

// Open connects the handle to the rooms: it asks the gateway for an offer, has
// peer answer it, and talks over ch from then on, which must be a channel of peer
// that was opened before and has the label [Label]:
//
//	peer, err := media.NewPeer(h, nil)
//	ch, err := peer.OpenData(ctx, textroom.Label, nil)
//	conn, err := h.Open(ctx, peer, ch)
//
// It returns when the descriptions are exchanged; the first request waits until
// the channel is open. ch belongs to the Conn then, which closes it.
//
// Where peer is a [client.Mender], as a *media.Peer is, the Conn outlives its peer
// connection. One that was lost by a fault of the network, with a session that had to
// be rebuilt, or for want of its channel, which the gateway closed, is made again, on
// the same peer and the same channel, and the rooms are joined again with what was
// given to Join. Each gives a *[Rejoined] event, after the messages the room has kept,
// which may have been seen before.
// Requests wait meanwhile; those that wait for an answer get an error that matches
// [client.ErrOutcomeUnknown]. A path that broke gets new ICE credentials. After a
// minute without success the Conn ends.
//
// Any other hangup ends the Conn, and so does every loss with another kind of
// peer. The rooms are joined again by the next Open then, which returns after the
// last *Rejoined.
//
// When anything fails, ctx ending among it, Open hangs up before it returns,
// which takes at most half a second more, and closes ch. A handle has one
// connection at a time; [Conn.Stop] ends it.
func (h *Handle) Open(ctx context.Context, peer client.Negotiator, ch Channel) (*Conn, error) {
	const op = "textroom: open"
	if err := checkOpen(op, peer, ch); err != nil {
		return nil, err
	}
	if err := h.link.turn.Lock(ctx); err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	defer h.link.turn.Unlock()
	if !h.link.begin() {
		return nil, &client.ArgumentError{Op: op, Reason: "the handle has a Conn; Stop it first, or attach another handle"}
	}
	c, taken, err := h.open(ctx, peer, ch)
	if err == nil {
		return c, nil
	}
	_ = ch.Close() // it is of no use to anybody
	if taken {
		err = h.Abandon(ctx, err)
	}
	h.link.reset()
	return nil, fmt.Errorf("%s: %w", op, err)
}

func checkOpen(op string, peer client.Negotiator, ch Channel) error {
	switch {
	case peer == nil:
		return &client.ArgumentError{Op: op, Reason: "no peer; pass a *media.Peer, or your own client.Negotiator"}
	case ch == nil:
		return &client.ArgumentError{Op: op, Reason: "no channel; pass what peer.OpenData(ctx, textroom.Label, nil) returned"}
	}
	if l, ok := ch.(interface{ Label() string }); ok && l.Label() != Label {
		return &client.ArgumentError{Op: op, Reason: "a channel with the label " + l.Label() +
			" would get no answers; open it with textroom.Label"}
	}
	return nil
}

// open does what Open does once there is nothing in its way. It reports whether
// the gateway may have a connection now.
func (h *Handle) open(ctx context.Context, peer client.Negotiator, ch Channel) (c *Conn, taken bool, err error) {
	if taken, err = h.setUp(ctx, peer); err != nil {
		return nil, taken, err
	}
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	c = newConn(h, peer, ch, cancel)
	if !h.link.opened(c) {
		c.fail(fmt.Errorf("%w: the gateway hung up", ErrEnded))
	}
	c.start(life)
	if err := c.rejoin(ctx); err != nil {
		c.fail(ErrEnded)
		<-c.done
		return nil, true, err
	}
	c.watch() //nolint:contextcheck // what it begins outlives the call
	if k, ok := ch.(interface{ Keep() }); ok {
		k.Keep()
	}
	return c, true, nil
}

// setUp has the gateway offer, and peer answer. It reports whether the gateway may
// have a connection now.
func (h *Handle) setUp(ctx context.Context, peer client.Negotiator) (taken bool, err error) {
	if err := h.Settle(ctx); err != nil {
		return false, err
	}
	offer, err := h.askOffer(ctx, "setup")
	if errors.Is(err, ErrAlreadySetup) {
		// The plugin sets a handle up once, and forgets that its connection is
		// gone; a restart makes another one then.
		offer, err = h.askOffer(ctx, "restart")
	}
	if err != nil {
		var plugin *client.PluginError
		return !errors.As(err, &plugin) && !errors.Is(err, client.ErrInterrupted), err
	}
	return true, h.answer(ctx, offer, peer)
}

// askOffer makes a request that is answered with an offer. Janus drops an offer
// that it cannot make, and says nothing: so in the moment after a hangup, which
// can be longer than Settle waits on a busy machine. It is asked again then.
func (h *Handle) askOffer(ctx context.Context, verb string) (*client.JSEP, error) {
	ctx, cancel := bound(ctx)
	defer cancel()
	for {
		attempt, cancel := context.WithTimeout(ctx, offerWait)
		resp, err := h.exchange(attempt, verb, nil)
		cancel()
		switch {
		case err == nil && resp.JSEP == nil:
			return nil, &client.ProtocolError{Op: "textroom: " + verb, Reason: "the plugin's answer has no description", Data: clip(resp.Data)}
		case err == nil:
			return resp.JSEP, nil
		case ctx.Err() != nil:
			return nil, fmt.Errorf("%s: %w", verb, context.Cause(ctx))
		case !errors.Is(err, context.DeadlineExceeded):
			return nil, err
		}
	}
}

// answer has peer answer the gateway's offer.
func (h *Handle) answer(ctx context.Context, offer *client.JSEP, peer client.Negotiator) error {
	answer, err := peer.Answer(ctx, offer)
	if err != nil {
		return fmt.Errorf("make an answer: %w", err)
	}
	_, err = h.exchange(ctx, "ack", answer)
	return err
}

func (h *Handle) exchange(ctx context.Context, verb string, jsep *client.JSEP) (client.Response, error) {
	body := struct {
		Request string `json:"request"`
	}{verb}
	resp, err := h.Request(ctx, body, jsep)
	if err != nil {
		return resp, fmt.Errorf("%s: %w", verb, err)
	}
	return resp, nil
}

// Restart gets the connection new ICE credentials on both sides, which finds a
// new way through the network. A message that is sent before it is found gets
// lost, and is sent again by the data channel after a second or more (RFC 9260
// §6.3.1).
func (c *Conn) Restart(ctx context.Context) error {
	const op = "textroom: restart"
	if err := c.h.link.turn.Lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer c.h.link.turn.Unlock()
	if err := c.Err(); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	offer, err := c.h.askOffer(ctx, "restart")
	if err == nil {
		err = c.h.answer(ctx, offer, c.peer)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// Stop leaves every room and ends the connection. It waits until the gateway has
// confirmed that, as [client.Handle.Hangup] does; the confirmation, *client.Hangup,
// stays on the stream. The next Open joins nothing. To stop a Conn that has ended
// only makes sure of that.
func (c *Conn) Stop(ctx context.Context) error {
	const op = "textroom: stop"
	c.ignore()
	if err := c.h.link.turn.Lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer c.h.link.turn.Unlock()
	if c.h.link.runs(c) {
		if err := c.h.Hangup(ctx); err != nil {
			return fmt.Errorf("%s: %w", op, err)
		}
		c.h.link.reset()
	}
	c.fail(ErrEnded)
	if c.h.link.last(c) {
		c.h.joined.clear()
	}
	<-c.done
	return nil
}
