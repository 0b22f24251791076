//go:build !js

package videocall_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

// TestJanusCall has a call with sound and pictures both ways, and everything set
// that can be.
func TestJanusCall(t *testing.T) {
	t.Parallel()
	u := janus(t, "ann", "bob")
	ann, bob := u[0], u[1]
	list, err := ann.List(ann.ctx)
	require.NoError(t, err)
	require.Subset(t, list, []string{ann.name, bob.name})

	ann.calls(bob, ann.peer(clip.Audio, clip.Video), bob.peer(clip.Audio, clip.Video))
	heard, seen := map[media.Kind]*counter{}, map[media.Kind]*counter{}
	for range 2 {
		tr := await[*media.TrackAdded](bob).Track
		heard[tr.Kind] = newCounter(t, tr)
		tr = await[*media.TrackAdded](ann).Track
		seen[tr.Kind] = newCounter(t, tr)
	}
	for _, kind := range []media.Kind{media.Audio, media.Video} {
		heard[kind].grows(t)
		seen[kind].grows(t)
	}

	require.NoError(t, ann.Set(ann.ctx, videocall.Config{Audio: new(false), Bitrate: new(128000), Fallback: new(100000)}))
	heard[media.Audio].rests(t)
	heard[media.Video].grows(t)
	require.NoError(t, ann.Set(ann.ctx, videocall.Config{Audio: new(true), Video: new(false)}))
	heard[media.Video].rests(t)
	heard[media.Audio].grows(t)
	file := filepath.Join(t.TempDir(), "rec")
	require.NoError(t, ann.Set(ann.ctx, videocall.Config{Video: new(true), Record: new(true), Filename: &file}))
	require.Eventually(t, func() bool {
		info, err := os.Stat(file + "-video.mjr")
		return embedded(t) || err == nil && info.Size() > 1000 // a gateway that stands in records nothing
	}, 20*time.Second, 10*time.Millisecond)
	require.NoError(t, ann.Set(ann.ctx, videocall.Config{Record: new(false)}))
	require.ErrorIs(t, ann.Set(ann.ctx, videocall.Config{Substream: new(3)}), videocall.ErrInvalidElement)
	require.ErrorIs(t, ann.Set(ann.ctx, videocall.Config{Temporal: new(-1)}), videocall.ErrInvalidElement)

	require.NoError(t, ann.End(ann.ctx, "dinner"))
	bob.hungUp("dinner")
	require.Equal(t, "Close PC", await[*client.Hangup](ann).Reason)
}

// TestJanusAgainAndAgain calls right after each end, in turns.
func TestJanusAgainAndAgain(t *testing.T) {
	t.Parallel()
	u := janus(t, "ann", "bob")
	for i := range 6 {
		a, b := u[i%2], u[1-i%2]
		a.calls(b, a.peer(clip.Audio), b.peer(clip.Audio))
		b.track(media.Audio)
		a.track(media.Audio)
		if i%3 == 0 {
			a, b = b, a
		}
		require.NoError(t, a.End(a.ctx, ""))
		b.hungUp("We did the hangup")
		await[*client.Hangup](a)
	}
}

// TestJanusAcceptInHandler accepts within the handling of the event.
func TestJanusAcceptInHandler(t *testing.T) {
	t.Parallel()
	u := janus(t, "ann", "bob")
	ann, bob := u[0], u[1]
	ctx, cancel := context.WithCancel(bob.ctx)
	var accepted error
	var mux client.Mux
	client.On(&mux, func(ctx context.Context, in *videocall.Incoming) {
		accepted = bob.Accept(ctx, in, bob.peer(clip.Audio))
	})
	client.On(&mux, func(context.Context, *media.TrackAdded) { cancel() })
	done := make(chan error, 1)
	go func() { done <- mux.Run(ctx, bob) }() // ends with the first track; waited for below
	require.NoError(t, ann.Call(ann.ctx, bob.name, ann.peer(clip.Audio)))
	require.NoError(t, await[*videocall.Accepted](ann).Err)
	ann.track(media.Audio)
	require.ErrorIs(t, <-done, context.Canceled)
	require.NoError(t, accepted)
	require.NoError(t, bob.End(bob.ctx, ""))
	ann.hungUp("")
}

// TestJanusDecline declines, gives up, and calls somebody who is busy.
func TestJanusDecline(t *testing.T) {
	t.Parallel()
	u := janus(t, "ann", "bob", "eve")
	ann, bob, eve := u[0], u[1], u[2]
	require.NoError(t, ann.Call(ann.ctx, bob.name, ann.peer(clip.Audio)))
	await[*videocall.Incoming](bob)
	require.ErrorIs(t, eve.Call(eve.ctx, bob.name, eve.peer(clip.Audio)), videocall.ErrBusy, "it rings already")
	await[*client.Hangup](eve)
	require.NoError(t, bob.Decline(bob.ctx, "not now"))
	ann.hungUp("not now")
	await[*client.Hangup](bob)

	bob.canBeCalled()
	require.NoError(t, ann.Call(ann.ctx, bob.name, ann.peer(clip.Audio)), "and again")
	in := await[*videocall.Incoming](bob)
	require.NoError(t, ann.End(ann.ctx, ""))
	bob.hungUp("")
	require.ErrorIs(t, bob.Accept(bob.ctx, in, bob.peer()), videocall.ErrNoCall, "it was given up")

	ann.calls(bob, ann.peer(clip.Audio), bob.peer(clip.Audio))
	require.ErrorIs(t, eve.Call(eve.ctx, ann.name, eve.peer(clip.Audio)), videocall.ErrBusy)
	require.ErrorAs(t, bob.Decline(bob.ctx, ""), new(*client.ArgumentError), "it runs")
	require.ErrorAs(t, bob.Call(bob.ctx, eve.name, bob.peer(clip.Audio)), new(*client.ArgumentError))
	bob.track(media.Audio)
	require.NoError(t, bob.End(bob.ctx, ""))
}

func TestJanusErrors(t *testing.T) {
	t.Parallel()
	u := janus(t, "ann", "bob")
	ann, bob := u[0], u[1]
	refused(ann, bob)
	nobody, err := videocall.Attach(ann.ctx, ann.Session(), nil)
	require.NoError(t, err)
	n := &user{Handle: nobody, t: t, ctx: ann.ctx, name: "nobody"}
	require.ErrorIs(t, nobody.Call(ann.ctx, bob.name, n.peer(clip.Audio)), videocall.ErrRegisterFirst)
	require.ErrorIs(t, ann.Call(ann.ctx, "who?", ann.peer(clip.Audio)), videocall.ErrNoSuchUsername)
	require.ErrorIs(t, ann.Call(ann.ctx, ann.name, ann.peer(clip.Audio)), videocall.ErrUseEchoTest)
	ann.calls(bob, ann.peer(clip.Audio), bob.peer(clip.Audio))
	bob.track(media.Audio)
	require.NoError(t, ann.End(ann.ctx, ""), "and nothing of it is left")
}

// TestJanusBothCall has two people call each other at once: one of them is told
// so, or both.
func TestJanusBothCall(t *testing.T) {
	t.Parallel()
	u := janus(t, "ann", "bob")
	for range 5 {
		results := make(chan error, 2)
		for i := range u {
			p := u[i].peer(clip.Audio)
			go func() { results <- u[i].Call(u[i].ctx, u[1-i].name, p) }() // waited for below
		}
		a, b := <-results, <-results
		require.True(t, a != nil || b != nil, "not both get through")
		for _, x := range u {
			require.NoError(t, x.End(x.ctx, ""))
		}
	}
	// Nothing is left of it, but for events of calls that were given up.
	u[1].canBeCalled()
	require.NoError(t, u[0].Call(u[0].ctx, u[1].name, u[0].peer(clip.Audio)))
	for accepted := false; !accepted; {
		err := u[1].Accept(u[1].ctx, await[*videocall.Incoming](u[1]), u[1].peer(clip.Audio))
		accepted = err == nil
		require.True(t, accepted || errors.Is(err, videocall.ErrNoCall), "%v", err)
	}
	for await[*videocall.Accepted](u[0]).Err != nil {
	}
	u[1].track(media.Audio)
	require.NoError(t, u[0].End(u[0].ctx, ""))
}

// TestJanusLost has a connection end without a word.
func TestJanusLost(t *testing.T) {
	t.Parallel()
	u := janus(t, "ann", "bob")
	ann, bob := u[0], u[1]
	p := ann.peer(clip.Audio)
	ann.calls(bob, p, bob.peer(clip.Audio))
	bob.track(media.Audio)
	require.NoError(t, p.Close())
	bob.hungUp("Remote WebRTC hangup")
	require.Equal(t, "DTLS alert", await[*client.Hangup](ann).Reason)
	ann.calls(bob, ann.peer(clip.Audio), bob.peer(clip.Audio))
	bob.track(media.Audio)
	require.NoError(t, ann.End(ann.ctx, ""))
}

// TestJanusRebuild has its name back after the session was rebuilt.
func TestJanusRebuild(t *testing.T) {
	t.Parallel()
	u := janus(t, "ann", "bob")
	ann, bob := u[0], u[1]
	ann.calls(bob, ann.peer(clip.Audio), bob.peer(clip.Audio))
	require.NoError(t, ann.Session().Rebuild(ann.ctx))
	require.NoError(t, await[*client.Resumed](ann).Err)
	bob.hungUp("")
	list, err := bob.List(bob.ctx)
	require.NoError(t, err)
	require.Contains(t, list, ann.name)
	bob.calls(ann, bob.peer(clip.Audio), ann.peer(clip.Audio))
	bob.track(media.Audio)
	require.NoError(t, ann.End(ann.ctx, ""))
}
