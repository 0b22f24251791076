//go:build js

package main

import (
	"context"
	"syscall/js"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

func clientCall(ctx context.Context, c *call) (any, error) {
	if c.method == "dial" {
		return dial(ctx, c, new(client.Options))
	}
	cl, err := lookup[*client.Client](c, c.ref)
	if err != nil {
		return nil, err
	}
	switch c.method {
	case "done":
		return c.ended(ctx, cl, kindClosed)
	case "info":
		info, err := cl.Info(ctx)
		if err != nil {
			return nil, err
		}
		return info.Raw, nil
	case "ping":
		return cl.Ping(ctx)
	case "session":
		return c.session(cl.NewSession(ctx))
	case "claim":
		var body struct{ ID uint64 }
		if err := c.decode(&body); err != nil {
			return nil, err
		}
		return c.session(cl.ClaimSession(ctx, body.ID))
	case "state":
		var body struct{ After uint64 }
		if err := c.decode(&body); err != nil {
			return nil, err
		}
		return cl.NextState(ctx, client.State{Seq: body.After})
	case "move":
		return nil, cl.Move(ctx, c.value(0).String())
	case "close":
		return nil, cl.Close()
	}
	return nil, errUnknown
}

// dial connects: values are the URL, what asks for credentials, and what traces.
// The settings that cross join opts.
func dial(ctx context.Context, c *call, opts *client.Options) (any, error) {
	if err := c.decode(opts); err != nil {
		return nil, err
	}
	r := &opts.Reconnect
	for _, d := range []*time.Duration{&opts.RequestTimeout, &opts.KeepAlive, &r.Min, &r.Max, &r.Budget} {
		*d *= time.Millisecond // as they cross
	}
	if ask := c.value(1); given(ask) {
		opts.Credentials = credentials(ask)
	}
	if show := c.value(2); given(show) {
		opts.Trace = trace(show)
	}
	cl, err := client.Dial(ctx, c.value(0).String(), opts)
	if err != nil {
		return nil, err
	}
	return c.objects.add(cl), nil
}

// credentials asks a function of the page, which may return a promise.
func credentials(ask js.Value) client.CredentialsFunc {
	return func(ctx context.Context) (cred client.Credentials, err error) {
		v, err := jsx.Try(func() js.Value { return ask.Invoke() })
		if err == nil {
			v, err = jsx.Await(ctx, v)
		}
		if err != nil || v.Type() != js.TypeObject {
			return cred, err
		}
		if token := v.Get("token"); token.Type() == js.TypeString {
			cred.Token = token.String()
		}
		if secret := v.Get("apiSecret"); secret.Type() == js.TypeString {
			cred.APISecret = secret.String()
		}
		return cred, nil
	}
}

// trace shows the wire to a function of the page. What it throws is its own.
func trace(show js.Value) *client.Trace {
	tell := func(direction string, data []byte, more ...any) {
		args := append([]any{direction, string(data)}, more...)
		_, _ = jsx.Try(func() js.Value { return show.Invoke(args...) })
	}
	return &client.Trace{
		Sent:     func(data []byte) { tell("sent", data) },
		Received: func(data []byte) { tell("received", data) },
		Ignored:  func(data []byte, reason string) { tell("ignored", data, reason) },
	}
}
