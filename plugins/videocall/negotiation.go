package videocall

import (
	"context"
	"iter"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// answerTime bounds what Next does about a description, whatever becomes of its
// context: an event that was read is not read again.
const answerTime = 10 * time.Second

// Next returns the next event, as [client.Handle.Next] does, and negotiates: a
// description that comes with *[Accepted] or *[Updated] is with the peer, and
// answered, when Next returns the event. That takes a few milliseconds and goes
// on if ctx ends meanwhile. Calls must not overlap.
func (h *Handle) Next(ctx context.Context) (client.Event, error) {
	ev, err := h.Handle.Next(ctx)
	if err != nil {
		return nil, err
	}
	h.call.seen(ev)
	switch ev := ev.(type) {
	case *Incoming:
		h.call.rings()
	case *Accepted:
		ev.Err = h.attend(ctx, ev.JSEP)
	case *Updated:
		ev.Err = h.attend(ctx, ev.JSEP)
	case *client.WebRTCUp:
		h.askPicture(ctx)
		h.watch() //nolint:contextcheck // what it begins outlives the call
	}
	return ev, nil
}

// Events ranges over Next until ctx ends or the stream does; the last pair
// carries the error. Leaving the loop early neither detaches nor loses events.
func (h *Handle) Events(ctx context.Context) iter.Seq2[client.Event, error] {
	return func(yield func(client.Event, error) bool) {
		for {
			ev, err := h.Next(ctx)
			if !yield(ev, err) || err != nil {
				return
			}
		}
	}
}

// Renegotiate makes a new offer with the peer of the call, after tracks were
// added to it or removed. It returns when the offer is on its way; *[Updated]
// says that the other side answered. If an offer of ours waits for its answer,
// another is made after that.
//
// When both sides do so at once, the caller's offer counts: the other side's peer
// gives its own up when Answer is called, and the offer is made again after that.
func (h *Handle) Renegotiate(ctx context.Context) error { return h.offer(ctx, "renegotiate", false) }

// Restart is Renegotiate with new ICE credentials between us and the gateway,
// which finds a new way through the network. The other side's connection to the
// gateway stays as it is.
func (h *Handle) Restart(ctx context.Context) error { return h.offer(ctx, "restart", true) }

func (h *Handle) offer(ctx context.Context, verb string, restart bool) error {
	op := "videocall: " + verb
	if err := h.call.turn.Lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer h.call.turn.Unlock()
	peer, now := h.call.offers(restart)
	if peer == nil {
		return &client.ArgumentError{Op: op, Reason: "there is no call; Call somebody, or Accept a call first"}
	}
	if !now {
		return nil
	}
	if err := h.sendOffer(ctx, peer, restart); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// sendOffer offers a change of the call. The turn is ours.
func (h *Handle) sendOffer(ctx context.Context, peer client.Negotiator, restart bool) error {
	offer, err := peer.Offer(ctx, restart)
	if err != nil {
		h.call.settled()
		return fmt.Errorf("make an offer: %w", err)
	}
	if _, err := h.Request(ctx, request{Request: "set", Restart: restart}, offer); err != nil {
		h.call.settled()
		return err
	}
	return nil
}

// attend gives a description to the peer, and answers it if it is an offer.
func (h *Handle) attend(ctx context.Context, j *client.JSEP) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime)
	defer cancel()
	if err := h.call.turn.Lock(ctx); err != nil {
		return fmt.Errorf("videocall: %w", err)
	}
	defer h.call.turn.Unlock()
	peer := h.call.concerned()
	if peer == nil {
		return fmt.Errorf("videocall: the call is over: %w", ErrNoCall)
	}
	if j.Type != "offer" {
		return h.answered(ctx, peer, j)
	}
	if h.call.yields() {
		return ErrGlare
	}
	answer, err := peer.Answer(ctx, j)
	if err != nil {
		return fmt.Errorf("videocall: make an answer: %w", err)
	}
	if _, err := h.Request(ctx, simple("set"), answer); err != nil {
		return fmt.Errorf("videocall: answer: %w", err)
	}
	return h.offerAgain(ctx, peer)
}

// answered takes the answer to an offer of ours.
func (h *Handle) answered(ctx context.Context, peer client.Negotiator, answer *client.JSEP) error {
	if err := peer.Accept(ctx, answer); err != nil {
		return fmt.Errorf("videocall: accept the answer: %w", err)
	}
	h.call.settled()
	return h.offerAgain(ctx, peer)
}

// offerAgain makes the offer that had to wait, if there is one.
func (h *Handle) offerAgain(ctx context.Context, peer client.Negotiator) error {
	due, restart := h.call.due()
	if !due {
		return nil
	}
	if err := h.sendOffer(ctx, peer, restart); err != nil {
		return fmt.Errorf("videocall: offer again: %w", err)
	}
	return nil
}
