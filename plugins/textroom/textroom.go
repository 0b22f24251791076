package textroom

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/attach"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/turn"
)

// Plugin is the plugin's package name on the gateway.
const Plugin = "janus.plugin.textroom"

// Label is the label the data channel must have: the gateway answers on a channel
// of this label, and opens one if it has another.
const Label = "JanusDataChannel"

// Handle is an attachment to the TextRoom plugin. [Rooms] are managed over it as
// it is; [Handle.Open] makes a [Conn], which takes part in them. The embedded
// handle offers the events, and everything the methods here do not.
type Handle struct {
	*client.Handle
	Rooms
	link   link
	joined joined
}

// Attach creates a handle on s. opts may be nil; a Decode in it gets the events
// of the Janus API that this package does not know, a Restore in it runs after
// the one of this package. The errors are those of [client.Session.Attach]. A
// gateway that was built without data channels has no TextRoom, and the error
// is a [*client.FeatureError] as well.
func Attach(ctx context.Context, s *client.Session, opts *client.AttachOptions) (*Handle, error) {
	// Nothing can be restored before there is a data channel again, which is what
	// Open does then.
	ch, err := attach.To(ctx, s, Plugin, opts, decode, nil)
	if err != nil {
		return nil, explain(s, err)
	}
	h := &Handle{Handle: ch}
	h.Rooms.ask = h.ask
	h.link.turn = turn.New()
	ch.Observe(h.link.observe) // for as long as the handle lives
	return h, nil
}

// explain says why a gateway has no TextRoom. What the gateway can do is known
// once it has refused a plugin.
func explain(s *client.Session, err error) error {
	if !errors.Is(err, client.PluginNotFound) {
		return err
	}
	if why := s.Client().Known().CheckData("textroom: attach"); why != nil {
		return fmt.Errorf("%w: %w", why, err)
	}
	return err
}

// ask makes a request over the Janus API.
//
// A handle hears of the room it destroys on its channel. If that comes before the
// channel is there, the gateway opens another of the same label, and says all
// that follows on that one. So where there is a connection the request goes over
// the channel, ahead of which it cannot be.
func (h *Handle) ask(ctx context.Context, verb string, body any) (json.RawMessage, error) {
	if verb == "destroy" {
		switch c, err := h.link.current(ctx); {
		case err != nil:
			return nil, err
		case c != nil:
			return c.Rooms.ask(ctx, verb, body)
		}
	}
	msg, err := compose("request", verb, "", body)
	if err != nil {
		return nil, err
	}
	var resp client.Response
	if harmless(verb) {
		resp, err = h.Query(ctx, msg)
	} else {
		resp, err = h.Request(ctx, msg, nil)
	}
	return resp.Data, err
}
