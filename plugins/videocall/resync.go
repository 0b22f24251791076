package videocall

import (
	"context"
	"errors"

	"github.com/bifrons-rtc/bifrons/client"
)

// observe follows the call. It runs on the client's read loop.
func (h *Handle) observe(ev client.Event) bool {
	if r, ok := ev.(*client.Resumed); ok && !r.Rebuilt && h.call.syncs(true) {
		// Owns one round of questions; ends with them, after ten seconds at the
		// latest. Nobody has to wait for it.
		go h.resync()
	}
	return h.call.observe(ev)
}

// resync asks the gateway what is left after a claim: what happened meanwhile it
// does not repeat.
func (h *Handle) resync() {
	ctx, cancel := context.WithTimeout(context.Background(), answerTime)
	defer cancel()
	told(ctx, h.Session().Client())
	found := &Resynced{EventBase: client.EventBase{Kind: "videocall.resynced"}}
	var callErr, nameErr error
	found.Over, callErr = h.checkCall(ctx)
	found.Registered, nameErr = h.checkName(ctx)
	found.Err = errors.Join(callErr, nameErr)
	h.call.syncs(false)
	if !errors.Is(found.Err, client.ErrInterrupted) && !errors.Is(found.Err, client.ErrOutcomeUnknown) {
		h.Post(found) // else the next connection does it
	}
}

// told waits until the client is open again: the *client.Resumed that brought us
// here is on the stream by then.
func told(ctx context.Context, c *client.Client) {
	st, err := c.State(), error(nil)
	for err == nil && st.Phase == client.Reconnecting {
		st, err = c.NextState(ctx, st)
	}
}

// checkCall finds out whether the call there was has ended. To accept without a
// description is refused in any case, for want of a call or of the description.
func (h *Handle) checkCall(ctx context.Context) (over bool, err error) {
	if err := h.call.turn.Lock(ctx); err != nil {
		return false, err
	}
	defer h.call.turn.Unlock()
	if !h.call.exists() {
		return false, nil
	}
	_, err = h.Request(ctx, simple("accept"), nil)
	switch {
	case errors.Is(err, ErrMissingSDP):
		return false, nil
	case !errors.Is(err, ErrNoCall):
		return false, err
	}
	err = h.Handle.Hangup(ctx)
	peer := h.call.running()
	if h.over(h.Handle, "it ended while the connection to the gateway was lost") {
		if p, ok := peer.(closer); ok { // which no hangup of the gateway will end
			err = errors.Join(err, p.Close())
		}
	}
	return true, err
}

// closer is what a *media.Peer can do that is not to be used any more.
type closer interface{ Close() error }

// checkName finds out whether the gateway still has our name, by registering it:
// it refuses that to who has one.
func (h *Handle) checkName(ctx context.Context) (lost bool, err error) {
	name, _ := h.call.name()
	if name == "" {
		return false, nil
	}
	err = register(ctx, h.Handle, name)
	switch {
	case errors.Is(err, ErrAlreadyRegistered):
		return false, nil
	case errors.Is(err, ErrUsernameTaken):
		h.retryName(h.Handle) //nolint:contextcheck // it goes on when the questions are answered
	}
	return err == nil, err
}

// over ends the call there is, of which the gateway says nothing any more, with
// the events of an end. It reports whether there was one.
func (h *Handle) over(ch *client.Handle, reason string) bool {
	hangup := &client.Hangup{EventBase: client.EventBase{Kind: "hangup"}, Reason: reason}
	if !h.call.ends(hangup) {
		return false
	}
	ch.Post(&Ended{EventBase: client.EventBase{Kind: "videocall.ended"}, Reason: reason})
	ch.Post(hangup)
	return true
}

// ends forgets the call, if there is one, whose end is ev.
func (c *call) ends(ev client.Event) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.up {
		return false
	}
	c.came = ev
	c.end()
	return true
}

func (c *call) exists() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.up
}

// syncs begins or ends the questions. It reports whether they can begin.
func (c *call) syncs(on bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	can := c.syncing != on
	c.syncing = on
	return can
}
