//go:build !js

package videocall_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/media"
)

// TestJanusGlare has both sides change the call at once, again and again.
func TestJanusGlare(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rounds int
		offer  func(*user) error
	}{
		"renegotiate": {50, func(u *user) error { return u.Renegotiate(u.ctx) }},
		"restart":     {10, func(u *user) error { return u.Restart(u.ctx) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := janus(t, "ann", "bob")
			ann, bob := u[0], u[1]
			p, q := ann.peer(clip.Audio), bob.peer(clip.Audio)
			ann.calls(bob, p, q)
			heard, said := newCounter(t, bob.track(media.Audio)), newCounter(t, ann.track(media.Audio))
			heard.grows(t)
			met := glares(ann, bob, test.rounds, test.offer)
			t.Logf("the offers met %d times of %d", met, test.rounds)
			require.Positive(t, met)
			heard.grows(t)
			said.grows(t)
			require.NoError(t, ann.End(ann.ctx, ""))
		})
	}
}

// TestJanusGlareAdds has both sides add pictures at once.
func TestJanusGlareAdds(t *testing.T) {
	t.Parallel()
	u := janus(t, "ann", "bob")
	ann, bob := u[0], u[1]
	p, q := ann.peer(clip.Audio), bob.peer(clip.Audio)
	ann.calls(bob, p, q)
	heard, said := newCounter(t, bob.track(media.Audio)), newCounter(t, ann.track(media.Audio))
	ann.add(p, clip.Video)
	bob.add(q, clip.Video)
	glares(ann, bob, 1, func(u *user) error { return u.Renegotiate(u.ctx) })
	newCounter(t, video(t, p)).grows(t)
	newCounter(t, video(t, q)).grows(t)
	heard.grows(t)
	said.grows(t)
	require.NoError(t, ann.End(ann.ctx, ""))
}

// video waits for pictures of the other side.
func video(t *testing.T, p *media.Peer) *media.Track {
	t.Helper()
	var found *media.Track
	require.Eventually(t, func() bool {
		for _, track := range p.Tracks() {
			if track.Kind == media.Video {
				found = track
			}
		}
		return found != nil
	}, 30*time.Second, 10*time.Millisecond, "no picture")
	return found
}
