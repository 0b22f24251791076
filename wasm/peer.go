//go:build js

package main

import (
	"context"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/bifrons-rtc/bifrons/media"
)

func peerCall(ctx context.Context, c *call) (any, error) {
	p, pub, err := c.peer()
	if err != nil {
		return nil, err
	}
	switch c.method {
	case "done":
		if pub != nil {
			return pub.ended(ctx, c)
		}
		return c.ended(ctx, p)
	case "add":
		var opts media.SendOptions
		if err := c.decode(&opts); err != nil {
			return nil, err
		}
		src, err := argument[media.Source](c, 0)
		if err != nil {
			return nil, err
		}
		if pub != nil {
			return pub.add(ctx, src, opts)
		}
		return p.Add(src, &opts)
	case "receive":
		kind := media.Video
		if c.value(0).String() == media.Audio.String() {
			kind = media.Audio
		}
		return nil, p.Receive(kind)
	case "data":
		var opts media.DataOptions
		if err := c.decode(&opts); err != nil {
			return nil, err
		}
		return p.OpenData(ctx, c.value(0).String(), &opts)
	case "stats":
		s, err := p.Stats(ctx)
		if err != nil {
			return nil, err
		}
		s.Raw = nil // no data; the page has it from the connection itself
		return s, nil
	case "adaptReceived":
		return c.adaptReceived(p) //nolint:contextcheck // it outlives the call
	case "adaptSent":
		if pub != nil {
			return c.adaptSent(ctx, pub)
		}
		return c.adaptSent(ctx, p)
	case "senders":
		if pub != nil {
			return pub.senders(), nil
		}
		return p.Senders(), nil
	case "tracks":
		return p.Tracks(), nil
	case "offer":
		return p.Offer(ctx, c.value(0).Bool())
	case "answer", "accept":
		var j client.JSEP
		if err := c.decode(&j); err != nil {
			return nil, err
		}
		if c.method == "accept" {
			return nil, p.Accept(ctx, &j)
		}
		return p.Answer(ctx, &j)
	case "native":
		return p.Underlying(), nil
	case "close":
		if pub != nil {
			return nil, pub.end(ctx)
		}
		return nil, p.Close()
	}
	return nil, errUnknown
}

// peer returns the peer of the call, and the publication if it is that of one.
func (c *call) peer() (*media.Peer, *publication, error) {
	if p, ok := c.objects.get(c.ref).(*publication); ok {
		return p.current(), p, nil
	}
	p, err := lookup[*media.Peer](c, c.ref)
	return p, nil, err
}

// newPeer makes the peer of a handle: the value is what makes transforms.
func newPeer(c *call, link media.Link) (any, error) {
	var opts media.Options
	if err := c.decode(&opts); err != nil {
		return nil, err
	}
	opts.Transform = transform(c.value(0))
	p, err := media.NewPeer(link, &opts)
	if err != nil {
		return nil, err
	}
	return c.objects.add(p), nil
}

// transform is a function of the page that makes transforms; nil for none.
func transform(f js.Value) func(media.TransformTarget) any {
	if !given(f) {
		return nil
	}
	return func(t media.TransformTarget) any {
		target := map[string]any{"kind": t.Kind.String(), "mid": t.MID, "sent": t.Sent}
		v, err := jsx.Try(func() js.Value { return f.Invoke(target) })
		if err != nil || !given(v) {
			return nil
		}
		return v
	}
}
