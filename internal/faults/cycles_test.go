//go:build !js

package faults

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// remains is what a program has when all its garbage is gone.
type remains struct{ goroutines, heap int }

func left() remains {
	runtime.GC()
	runtime.GC() // what the first one has finalized
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return remains{runtime.NumGoroutine(), int(m.HeapAlloc)} //nolint:gosec // it is no exabyte
}

// most says whether r is no more than was there before, but for some memory.
func (r remains) most(before remains) bool {
	return r.goroutines <= before.goroutines && r.heap <= before.heap+1<<20
}

// R13: who connects, publishes and closes a thousand times has no more goroutines
// than before, and no more than 1 MiB more memory; and the gateway has no session.
// The page's part is web/test/leaks.test.mjs.
func TestJanusCycles(t *testing.T) {
	gw := gateway(t, withRoom(janusproc.Options{}))
	a := operator(t, gw)
	sources, err := media.File(bounded(t, patience), &media.FileOptions{Loop: true, FS: clip.FS}, clip.Audio, clip.Video)
	require.NoError(t, err)
	for _, s := range sources {
		defer func() { require.NoError(t, s.Close()) }()
	}
	for range 10 { // what is made once, is made now
		cycle(t, gw.WS(), sources)
	}
	before, began, count := left(), time.Now(), long(30, 1000)
	for range count {
		cycle(t, gw.WS(), sources)
	}
	took, now := time.Since(began), left()
	for end := time.Now().Add(patience); !now.most(before) && time.Now().Before(end); now = left() {
		after(t, 50*time.Millisecond) // the last cycles end in their own time
	}
	t.Logf("%d cycles in %v; before %+v, after %+v", count, took, before, now)
	require.True(t, now.most(before), "before %+v, after %+v", before, now)
	eventually(t, "the gateway has no sessions", func() bool {
		ids, err := a.ListSessions(t.Context())
		return err == nil && len(ids) == 0
	})
}

// cycle is one round. It leaves nothing to the end of the test.
func cycle(t *testing.T, url string, sources []media.Source) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c, err := client.Dial(ctx, url, nil)
	require.NoError(t, err)
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	room, err := videoroom.Join(ctx, s, videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: client.NumID(theRoom), Display: "again"}})
	require.NoError(t, err)
	_, err = room.Publish(ctx, videoroom.PublishRequest{}, func(h *client.Handle) (client.Negotiator, error) {
		peer, err := media.NewPeer(h, nil)
		for _, s := range sources {
			if err == nil {
				_, err = peer.Add(s, nil)
			}
		}
		return peer, err
	})
	require.NoError(t, err)
	for up := false; !up; {
		ev, err := room.Next(ctx)
		require.NoError(t, err)
		_, up = ev.(*client.WebRTCUp)
	}
	require.NoError(t, room.Leave(ctx))
	require.NoError(t, c.Close())
}
