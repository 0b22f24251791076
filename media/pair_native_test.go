//go:build !js

package media_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/media"
)

// end is a peer and its link.
type end struct {
	*media.Peer
	link *link
}

// newPair returns two peers joined by links. They close with the test.
func newPair(t *testing.T, opts *media.Options) (a, b end) {
	t.Helper()
	la, lb := newLinks()
	pa, err := media.NewPeer(la, opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pa.Close()) })
	pb, err := media.NewPeer(lb, opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pb.Close()) })
	return end{pa, la}, end{pb, lb}
}

// negotiate runs an exchange that from begins.
func negotiate(ctx context.Context, t *testing.T, from, to end, restart bool) {
	t.Helper()
	offer, err := from.Offer(ctx, restart)
	require.NoError(t, err)
	answer, err := to.Answer(ctx, offer)
	require.NoError(t, err)
	require.NoError(t, from.Accept(ctx, answer))
}

// openClip returns the sources of the test clip, video first.
func openClip(ctx context.Context, t *testing.T, loop bool) []media.Source {
	t.Helper()
	sources, err := media.File(ctx, &media.FileOptions{Loop: loop, FS: clip.FS}, clip.Video, clip.Audio)
	require.NoError(t, err)
	require.Len(t, sources, 2)
	for _, s := range sources {
		t.Cleanup(func() { require.NoError(t, s.Close()) })
	}
	return sources
}

// addAll adds sources and returns their senders.
func addAll(t *testing.T, e end, sources []media.Source) []*media.Sender {
	t.Helper()
	var senders []*media.Sender
	for _, src := range sources {
		s, err := e.Add(src, nil)
		require.NoError(t, err)
		senders = append(senders, s)
	}
	return senders
}

// finish closes both peers when everything sent has arrived, or will not.
func finish(ctx context.Context, t *testing.T, a, b end) {
	t.Helper()
	for range 200 {
		sa, err := a.Stats(ctx)
		require.NoError(t, err)
		sb, err := b.Stats(ctx)
		require.NoError(t, err)
		if sa.BytesSent == sb.BytesReceived {
			break
		}
		timer := time.NewTimer(5 * time.Millisecond)
		<-timer.C
	}
	require.NoError(t, a.Close())
	require.NoError(t, b.Close())
}

// attachAll waits for n tracks and pours them into s.
func attachAll(t *testing.T, e end, s media.Sink, n int) []*media.Track {
	t.Helper()
	var tracks []*media.Track
	for range n {
		track := await[*media.TrackAdded](t, e.link).Track
		require.NoError(t, track.Attach(s))
		tracks = append(tracks, track)
	}
	return tracks
}

// trickled returns what the link was given to send.
func (l *link) trickled() (candidates []client.Candidate, ends int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.sent), l.ends
}

// replaceLine replaces the line of an SDP that begins with prefix.
func replaceLine(sdp, prefix, with string) string {
	lines := strings.Split(sdp, "\r\n")
	for i, l := range lines {
		if strings.HasPrefix(l, prefix) {
			lines[i] = with
		}
	}
	return strings.Join(lines, "\r\n")
}
