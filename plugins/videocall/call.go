package videocall

import (
	"context"
	"errors"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/json"
)

// Call calls somebody: it takes an offer from peer and returns when the other
// side has it. The stream has *[Accepted] when they accept, and the answer was
// given to peer by then; or *[Ended]. Somebody in another call gives [ErrBusy], a
// name that is not registered [ErrNoSuchUsername].
//
// Janus 1.1.2 loses a call to somebody whose call before it has only just ended:
// it does not ring there, and is not refused. End it, and call again.
//
// When anything fails, ctx ending among it, Call hangs up before it returns,
// which takes at most half a second more. The handle can call again then, with a
// peer that has no other offer pending: a *media.Peer ends with the hangup, so
// make a new one.
func (h *Handle) Call(ctx context.Context, username string, peer client.Negotiator) error {
	const op = "videocall: call"
	switch {
	case peer == nil:
		return &client.ArgumentError{Op: op, Reason: "no peer; pass a *media.Peer, or your own client.Negotiator"}
	case username == "":
		return &client.ArgumentError{Op: op, Reason: "nobody to call; List says who is there"}
	}
	if err := h.call.turn.Lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer h.call.turn.Unlock()
	if !h.call.begin(peer, true) {
		return &client.ArgumentError{Op: op, Reason: "there is a call; End or Decline it first"}
	}
	offer, err := peer.Offer(ctx, false)
	if err != nil {
		h.call.reset(false)
		return fmt.Errorf("%s: make an offer: %w", op, err)
	}
	resp, err := h.Request(ctx, request{Request: "call", Username: username}, offer)
	if err == nil {
		err = calling(&resp)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", op, h.abandon(ctx, err))
	}
	return nil
}

// abandon ends a call that failed with cause. The gateway forgets the settings
// when it hangs up.
func (h *Handle) abandon(ctx context.Context, cause error) error {
	taken := h.Connected()
	if taken {
		cause = h.Abandon(ctx, cause)
	}
	h.call.reset(taken)
	return cause
}

// calling reads the answer to a call.
func calling(resp *client.Response) error {
	var reply struct {
		Result struct {
			Event  string `json:"event"`
			Reason string `json:"reason"`
		} `json:"result"`
	}
	if err := json.Unmarshal(resp.Data, &reply); err != nil {
		return &client.ProtocolError{Op: "call", Reason: err.Error(), Data: clip(resp.Data)}
	}
	switch r := reply.Result; {
	case r.Event == "calling":
		return nil
	case r.Event == "hangup" && r.Reason == "User busy":
		return ErrBusy
	default:
		return &client.ProtocolError{Op: "call", Reason: "neither calling nor busy", Data: clip(resp.Data)}
	}
}

// Accept accepts an incoming call: it has peer answer the offer in it. It may be
// called while the event is handled. A call that its caller gave up gives
// [ErrNoCall].
//
// When peer makes no answer, the call rings on; Decline ends it. When anything
// after that fails, Accept hangs up before it returns.
func (h *Handle) Accept(ctx context.Context, in *Incoming, peer client.Negotiator) error {
	const op = "videocall: accept"
	switch {
	case peer == nil:
		return &client.ArgumentError{Op: op, Reason: "no peer; pass a *media.Peer, or your own client.Negotiator"}
	case in == nil || in.JSEP == nil:
		return &client.ArgumentError{Op: op, Reason: "no call; pass the *Incoming event"}
	}
	if err := h.call.turn.Lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer h.call.turn.Unlock()
	if h.call.gaveUp() {
		return fmt.Errorf("%s: %w", op, ErrNoCall)
	}
	if !h.call.begin(peer, false) {
		return &client.ArgumentError{Op: op, Reason: "there is a call; End it first"}
	}
	answer, err := peer.Answer(ctx, in.JSEP)
	if err != nil {
		h.call.unanswered()
		return fmt.Errorf("%s: make an answer: %w", op, err)
	}
	_, err = h.Request(ctx, simple("accept"), answer)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrNoCall):
		h.call.reset(true)
	case h.call.running() == nil, errors.Is(err, client.UnexpectedAnswer): // it was given up just now
		h.call.reset(true)
		err = fmt.Errorf("%w: %w", ErrNoCall, err)
	default:
		err = h.abandon(ctx, err)
	}
	return fmt.Errorf("%s: %w", op, err)
}

// Decline ends a call that rings here. The caller gets *[Ended] with the reason;
// an empty one becomes "We did the hangup". It waits as [Handle.End] does.
func (h *Handle) Decline(ctx context.Context, reason string) error {
	const op = "videocall: decline"
	if err := h.call.turn.Lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer h.call.turn.Unlock()
	if h.call.running() != nil {
		return &client.ArgumentError{Op: op, Reason: "the call does not ring any more; End it"}
	}
	if err := h.end(ctx, reason); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// End ends the call, ringing or running, and waits until the gateway has
// confirmed it, as [client.Handle.Hangup] does. The confirmation, *client.Hangup,
// stays on the stream. The other side gets *[Ended] with the reason; an empty one
// becomes "We did the hangup". Without a call End waits for nothing, and a handle
// that is gone is no error.
func (h *Handle) End(ctx context.Context, reason string) error {
	const op = "videocall: end"
	if err := h.call.turn.Lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer h.call.turn.Unlock()
	if err := h.end(ctx, reason); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// end hangs up by the plugin's own request, which tells the other side why.
func (h *Handle) end(ctx context.Context, reason string) error {
	return h.HangupBy(ctx, func(ctx context.Context) error {
		_, err := h.Request(ctx, request{Request: "hangup", Reason: reason}, nil)
		return err
	})
}
