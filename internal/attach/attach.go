// Package attach attaches handles for the plugin packages, whose own decoding and
// restoring comes ahead of their callers'.
package attach

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
)

// To creates a handle to a plugin on s, with opts, which may be nil and stay as they
// are. Events that decode gives no type are for the Decode there, and the Restore
// there runs after restore, which may be nil; unless that fails. A session with the
// handle is rebuilt when the gateway gives it up. The errors are those of
// [client.Session.Attach].
func To(ctx context.Context, s *client.Session, plugin string, opts *client.AttachOptions, decode client.Decoder, restore client.Restorer) (*client.Handle, error) {
	var o client.AttachOptions
	if opts != nil {
		o = *opts
	}
	other, more := o.Decode, o.Restore
	o.Decode = func(ev *client.PluginEvent) client.Event {
		if typed := decode(ev); typed != nil || other == nil {
			return typed
		}
		return other(ev)
	}
	o.Restore = func(ctx context.Context, h *client.Handle) error {
		for _, f := range []client.Restorer{restore, more} {
			if f == nil {
				continue
			}
			if err := f(ctx, h); err != nil {
				return err
			}
		}
		return nil
	}
	return s.Attach(ctx, plugin, &o)
}
