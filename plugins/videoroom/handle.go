package videoroom

import (
	"context"
	"sync/atomic"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/attach"
	"github.com/bifrons-rtc/bifrons/internal/turn"
)

// Plugin is the plugin's package name on the gateway.
const Plugin = "janus.plugin.videoroom"

// Handle is an attachment to the VideoRoom plugin. Its own methods manage rooms,
// which needs no joining. [Handle.Join] makes it a [Publisher] and
// [Handle.Subscribe] a [Subscriber]: one of the two, and for good. The plugin
// refuses a second try with [ErrAlreadyJoined], so attach a new handle then.
type Handle struct {
	*client.Handle
	conn    turn.Turn
	buffer  int                     // events kept for the consumer of a role
	restore atomic.Pointer[restore] // nil: the handle has no role
}

// restore brings a role back after the session was rebuilt.
type restore func(ctx context.Context) error

// Attach creates a handle on s. opts may be nil; a Decode in it gets the events
// that this package does not know, and a Restore runs after the one of the
// handle's role. The errors are those of [client.Session.Attach].
func Attach(ctx context.Context, s *client.Session, opts *client.AttachOptions) (*Handle, error) {
	h := &Handle{conn: turn.New(), buffer: defaultBuffer}
	if opts != nil && opts.EventBuffer > 0 {
		h.buffer = opts.EventBuffer
	}
	ch, err := attach.To(ctx, s, Plugin, opts, decode, h.restoreRole)
	if err != nil {
		return nil, err
	}
	h.Handle = ch
	return h, nil
}

func (h *Handle) restoreRole(ctx context.Context, _ *client.Handle) error {
	if f := h.restore.Load(); f != nil {
		return (*f)(ctx)
	}
	return nil
}
