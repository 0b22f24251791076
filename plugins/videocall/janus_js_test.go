package videocall_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

// peer returns a peer that sends from the devices of the page.
func (u *user) peer(req media.DeviceRequest) *media.Peer {
	u.t.Helper()
	p, err := media.NewPeer(u, nil)
	require.NoError(u.t, err)
	u.t.Cleanup(func() { require.NoError(u.t, p.Close()) })
	u.add(p, req)
	return p
}

func (u *user) add(p *media.Peer, req media.DeviceRequest) {
	u.t.Helper()
	sources, err := media.Device(u.ctx, req)
	require.NoError(u.t, err)
	for _, src := range sources {
		u.t.Cleanup(func() { require.NoError(u.t, src.Close()) })
		_, err := p.Add(src, nil)
		require.NoError(u.t, err)
	}
}

// TestBrowserCall has a call between two users in one page, changes it from
// either side, and ends it.
func TestBrowserCall(t *testing.T) {
	u := users(t, page.Janus(t).WS, []string{"ann", "bob"})
	ann, bob := u[0], u[1]
	voice := media.DeviceRequest{Audio: true}
	p, q := ann.peer(voice), bob.peer(voice)
	ann.calls(bob, p, q)
	bob.track(media.Audio)
	ann.track(media.Audio)
	ann.add(p, media.DeviceRequest{Video: true})
	ann.updates(bob, ann.Renegotiate(ann.ctx))
	bob.track(media.Video)
	bob.add(q, media.DeviceRequest{Video: true})
	bob.updates(ann, bob.Renegotiate(bob.ctx))
	ann.track(media.Video)
	ann.updates(bob, ann.Restart(ann.ctx))
	bob.updates(ann, bob.Restart(bob.ctx))
	require.NoError(t, ann.Set(ann.ctx, videocall.Config{Audio: new(false), Bitrate: new(128000)}))
	require.ErrorIs(t, ann.Set(ann.ctx, videocall.Config{Substream: new(3)}), videocall.ErrInvalidElement)
	require.NoError(t, ann.End(ann.ctx, "dinner"))
	bob.hungUp("dinner")
	refused(ann, bob)
}

// TestBrowserAcceptInHandler accepts within the handling of the event.
func TestBrowserAcceptInHandler(t *testing.T) {
	u := users(t, page.Janus(t).WS, []string{"ann", "bob"})
	ann, bob := u[0], u[1]
	ctx, cancel := context.WithCancel(bob.ctx)
	var accepted error
	var mux client.Mux
	client.On(&mux, func(ctx context.Context, in *videocall.Incoming) {
		accepted = bob.Accept(ctx, in, bob.peer(media.DeviceRequest{Audio: true}))
	})
	client.On(&mux, func(context.Context, *media.TrackAdded) { cancel() })
	done := make(chan error, 1)
	go func() { done <- mux.Run(ctx, bob) }() // ends with the first track; waited for below
	require.NoError(t, ann.Call(ann.ctx, bob.name, ann.peer(media.DeviceRequest{Audio: true})))
	require.NoError(t, await[*videocall.Accepted](ann).Err)
	require.ErrorIs(t, <-done, context.Canceled)
	require.NoError(t, accepted)
	require.NoError(t, bob.End(bob.ctx, ""))
	ann.hungUp("")
}
