package videocall

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/mend"
)

// How long a name of ours that somebody has is tried again, while the session waits
// and then beside it: the gateway keeps a session that it hears nothing of for a
// minute, where its configuration does not say otherwise, and looks every two
// seconds.
const (
	nameWait     = 1500 * time.Millisecond
	nameBudget   = 90 * time.Second
	namePauseMin = 250 * time.Millisecond // before the first try, and doubled each time
	namePauseMax = 8 * time.Second
)

// restore registers the name again, and sends the settings of a call that has not
// begun. One that has is over: its peer connection went with the session.
func (h *Handle) restore(ctx context.Context, ch *client.Handle) error {
	h.over(ch, "the session was rebuilt, and the gateway knows nothing of the call")
	h.call.news() // of this registration there will be none but from here
	name, _ := h.call.name()
	err := h.takeName(ctx, ch, name)
	if errors.Is(err, ErrUsernameTaken) {
		h.retryName(ch) //nolint:contextcheck // it goes on after the rebuild
	}
	if err != nil {
		return err
	}
	return h.resend(ctx, ch)
}

// resend sends the settings of a call that has not begun.
func (h *Handle) resend(ctx context.Context, ch *client.Handle) error {
	cfg := h.call.settings()
	if cfg == (Config{}) {
		return nil
	}
	return configure(ctx, ch, &cfg)
}

// takeName takes a name that a handle of ours had which is gone.
func (h *Handle) takeName(ctx context.Context, ch *client.Handle, name string) error {
	if name == "" {
		return nil
	}
	err := mend.Ghost(ctx, ch.Done(), nameWait, ErrUsernameTaken, func() error { return register(ctx, ch, name) })
	if errors.Is(err, ErrAlreadyRegistered) {
		return nil
	}
	return err
}

// retryName goes on with that until the name is free. It does not block.
func (h *Handle) retryName(ch *client.Handle) {
	h.call.news()
	name, n := h.call.name()
	// Owns the tries for one name; ends with them, with the handle, or when there
	// is other news of the name. Nobody has to wait for it.
	go func() {
		ctx := context.Background()
		begin, wait := time.Now(), namePauseMin
		for mend.Pause(ctx, ch.Done(), wait/2+rand.N(wait/2)) {
			if _, now := h.call.name(); now != n {
				return // somebody else does it, or it is done
			}
			err := register(ctx, ch, name)
			switch {
			case err == nil, errors.Is(err, ErrAlreadyRegistered):
				err = h.resend(ctx, ch)
			case ch.Err() != nil:
				return
			case final(err):
			case time.Since(begin) < nameBudget:
				wait = min(2*wait, namePauseMax)
				continue
			}
			if err != nil {
				err = fmt.Errorf("videocall: register %q again: %w", name, err)
			}
			if _, now := h.call.name(); now == n {
				ch.Post(&Registered{client.EventBase{Kind: "videocall.registered"}, name, err})
			}
			return
		}
	}()
}

// final reports whether the plugin refused for good.
func final(err error) bool {
	var refused *client.PluginError
	return errors.As(err, &refused) && !errors.Is(err, ErrUsernameTaken)
}

// name returns the username, with a number that is another one when there is
// news of it.
func (c *call) name() (string, int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.username, c.names
}

// news takes note that there is news of the username.
func (c *call) news() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.names++
}

// settings returns those of a call that has not begun.
func (c *call) settings() Config {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cfg
}
