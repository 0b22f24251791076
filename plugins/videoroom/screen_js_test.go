package videoroom_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/media"
)

// video is an element of the page with a sink for it.
type video struct {
	*page.Video
	sink *media.ElementSink
	mid  string // of the sound
}

func newVideo(t *testing.T) *video {
	t.Helper()
	v := page.NewVideo(t)
	sink, err := media.Element(v.Element)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, sink.Close()) })
	return &video{Video: v, sink: sink}
}

// screen plays what a room receives, an element for each feed.
type screen struct {
	peer   *media.Peer // the last of the room
	videos map[client.ID]*video
}

func newScreen(t *testing.T) *screen {
	t.Helper()
	return &screen{videos: map[client.ID]*video{}}
}

// receiving makes the peers of the room.
func (s *screen) receiving(h *client.Handle) (client.Negotiator, error) {
	p, err := media.NewPeer(h, nil)
	s.peer = p
	return p, err
}

// attach plays a track of a feed.
func (s *screen) attach(t *testing.T, feed client.ID, track *media.Track) {
	t.Helper()
	if s.videos[feed] == nil {
		s.videos[feed] = newVideo(t)
	}
	require.NoError(t, track.Attach(s.videos[feed].sink))
	if track.Kind == media.Audio {
		s.videos[feed].mid = track.MID
	}
}

// check waits until a feed has its size, moves, and makes a sound.
func (s *screen) check(ctx context.Context, t *testing.T, feed client.ID) {
	t.Helper()
	v := s.videos[feed]
	require.NotNil(t, v)
	v.Moves(ctx, t, 320, 240)
	page.Until(ctx, t, "sound", func() bool {
		stats, err := s.peer.Stats(ctx)
		require.NoError(t, err)
		in := stats.Stream(v.mid, false)
		return in != nil && in.AudioLevel > 0.01
	})
}
