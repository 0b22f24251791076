package videocall_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

// picture shows a video track of the other side, and returns what it is shown in.
func (u *user) picture(p *media.Peer, width, height int) *page.Video {
	u.t.Helper()
	var found *media.Track
	page.Until(u.ctx, u.t, "a picture", func() bool {
		for _, track := range p.Tracks() {
			if track.Kind == media.Video {
				found = track
			}
		}
		return found != nil
	})
	video := page.NewVideo(u.t)
	sink, err := media.Element(video.Element)
	require.NoError(u.t, err)
	u.t.Cleanup(func() { require.NoError(u.t, sink.Close()) })
	require.NoError(u.t, found.Attach(sink))
	video.Moves(u.ctx, u.t, width, height)
	return video
}

var pictures = media.DeviceRequest{Audio: true, Video: true, Width: 320, Height: 240}

// TestBrowserGlare has two users in one page change their call at once, again and
// again.
func TestBrowserGlare(t *testing.T) {
	u := users(t, page.Janus(t).WS, []string{"ann", "bob"})
	ann, bob := u[0], u[1]
	p, q := ann.peer(pictures), bob.peer(pictures)
	ann.calls(bob, p, q)
	seen, shown := ann.picture(p, 320, 240), bob.picture(q, 320, 240)
	met := glares(ann, bob, 20, func(u *user) error { return u.Renegotiate(u.ctx) })
	t.Logf("the offers met %d times", met)
	require.Positive(t, met)
	met = glares(ann, bob, 3, func(u *user) error { return u.Restart(u.ctx) })
	t.Logf("the offers met %d times with new ICE credentials", met)
	seen.Moves(ann.ctx, t, 320, 240)
	shown.Moves(bob.ctx, t, 320, 240)
	require.NoError(t, ann.End(ann.ctx, ""))
}

// TestBrowserGlareAdds has both add pictures at once.
func TestBrowserGlareAdds(t *testing.T) {
	u := users(t, page.Janus(t).WS, []string{"ann", "bob"})
	ann, bob := u[0], u[1]
	voice := media.DeviceRequest{Audio: true}
	p, q := ann.peer(voice), bob.peer(voice)
	ann.calls(bob, p, q)
	bob.track(media.Audio)
	ann.track(media.Audio)
	ann.add(p, media.DeviceRequest{Video: true, Width: 320, Height: 240})
	bob.add(q, media.DeviceRequest{Video: true, Width: 320, Height: 240})
	glares(ann, bob, 1, func(u *user) error { return u.Renegotiate(u.ctx) })
	ann.picture(p, 320, 240)
	bob.picture(q, 320, 240)
	require.NoError(t, ann.End(ann.ctx, ""))
}

// TestBrowserMixedGlare has the page and somebody native change their call at
// once; the page calls, and is called.
func TestBrowserMixedGlare(t *testing.T) {
	gw := page.Janus(t).WS
	ann := users(t, gw, []string{"ann"})[0]
	bob := page.NewGuest(t, page.GuestOptions{Plugin: videocall.Plugin, URL: gw, Name: ann.name + "-guest"})
	const rounds = 20
	for _, calls := range []bool{true, false} {
		p := ann.peer(pictures)
		if calls {
			require.NoError(t, ann.Call(ann.ctx, ann.name+"-guest", p))
			require.NoError(t, await[*videocall.Accepted](ann).Err)
		} else {
			bob.Call(t, ann.name)
			require.NoError(t, ann.Accept(ann.ctx, await[*videocall.Incoming](ann), p))
		}
		video := ann.picture(p, 320, 240)
		done := make(chan struct{})
		go func() { // ends with the guest's offers; waited for below
			defer close(done)
			bob.Renegotiate(t, rounds)
		}()
		w := ann.watch()
		for range rounds {
			require.NoError(t, ann.Renegotiate(ann.ctx))
			w.answered(ann)
		}
		<-done
		w.stop()
		require.NoError(t, w.err)
		t.Logf("%d offers of the guest gave way", w.glare)
		video.Moves(ann.ctx, t, 320, 240)
		bob.Sees(t, "", 320, 240)
		require.NoError(t, ann.End(ann.ctx, ""))
		ann.hungUp("")
	}
}
