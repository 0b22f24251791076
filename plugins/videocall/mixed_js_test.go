package videocall_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

// sees waits until the other side of a call moves and makes a sound.
func (u *user) sees(p *media.Peer, width, height int) {
	u.t.Helper()
	video := page.NewVideo(u.t)
	sink, err := media.Element(video.Element)
	require.NoError(u.t, err)
	u.t.Cleanup(func() { require.NoError(u.t, sink.Close()) })
	var voice string
	for range 2 {
		track := await[*media.TrackAdded](u).Track
		require.NoError(u.t, track.Attach(sink))
		if track.Kind == media.Audio {
			voice = track.MID
		}
	}
	video.Moves(u.ctx, u.t, width, height)
	page.Until(u.ctx, u.t, "sound", func() bool {
		stats, err := p.Stats(u.ctx)
		require.NoError(u.t, err)
		in := stats.Stream(voice, false)
		return in != nil && in.AudioLevel > 0.01
	})
}

// TestBrowserMixedCall has calls between the page and somebody native, in both
// directions: each sees and hears the other.
func TestBrowserMixedCall(t *testing.T) {
	gw := page.Janus(t).WS
	ann := users(t, gw, []string{"ann"})[0]
	bob := page.NewGuest(t, page.GuestOptions{Plugin: videocall.Plugin, URL: gw, Name: ann.name + "-guest"})
	both := media.DeviceRequest{Audio: true, Video: true, Width: 320, Height: 240}

	p := ann.peer(both)
	require.NoError(t, ann.Call(ann.ctx, ann.name+"-guest", p))
	require.NoError(t, await[*videocall.Accepted](ann).Err)
	ann.sees(p, 320, 240)
	bob.Sees(t, "", 320, 240)
	require.NoError(t, ann.End(ann.ctx, ""))
	ann.hungUp("")

	bob.Call(t, ann.name)
	q := ann.peer(both)
	require.NoError(t, ann.Accept(ann.ctx, await[*videocall.Incoming](ann), q))
	ann.sees(q, 320, 240)
	bob.Sees(t, "", 320, 240)
	bob.HangUp(t, "dinner")
	ann.hungUp("dinner")
}
