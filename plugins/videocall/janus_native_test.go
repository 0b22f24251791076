//go:build !js

package videocall_test

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client/janustest/gateway"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

// janus returns users of the gateway the tests share; within TestEmbedded of one
// that stands in for it.
func janus(t *testing.T, names ...string) []*user {
	t.Helper()
	if embedded(t) {
		a, err := gateway.New(t, nil).Listen()
		require.NoError(t, err)
		return users(t, a.WS, names)
	}
	gw := videocall.Gateway(t)
	list := users(t, gw.WS(), names)
	for _, u := range list {
		u.freed = func(u *user) {
			u.t.Helper()
			id := "[" + strconv.FormatUint(u.ID(), 10) + "] "
			require.Eventually(u.t, func() bool {
				log := gw.Log()
				return strings.LastIndex(log, id+"WebRTC resources freed") >= strings.LastIndex(log, id+"Creating ICE agent")
			}, 30*time.Second, time.Millisecond)
		}
	}
	return list
}

// peer returns a peer that sends the files, for ever.
func (u *user) peer(files ...string) *media.Peer {
	u.t.Helper()
	p, err := media.NewPeer(u, nil)
	require.NoError(u.t, err)
	u.t.Cleanup(func() { require.NoError(u.t, p.Close()) })
	u.add(p, files...)
	return p
}

// add has p send files.
func (u *user) add(p *media.Peer, files ...string) {
	u.t.Helper()
	if len(files) == 0 {
		return
	}
	sources, err := media.File(u.ctx, &media.FileOptions{Loop: true, FS: clip.FS}, files...)
	require.NoError(u.t, err)
	for _, src := range sources {
		u.t.Cleanup(func() { require.NoError(u.t, src.Close()) })
		_, err := p.Add(src, nil)
		require.NoError(u.t, err)
	}
}

// counter counts the frames of a track.
type counter struct{ n atomic.Int64 }

func newCounter(t *testing.T, track *media.Track) *counter {
	t.Helper()
	sink, err := media.NewSampleSink()
	require.NoError(t, err)
	require.NoError(t, track.Attach(sink))
	c := &counter{}
	done := make(chan struct{})
	go func() { // counts; ends when the sink closes, which the cleanup waits for
		defer close(done)
		for {
			if _, err := sink.Read(context.Background()); err != nil {
				return
			}
			c.n.Add(1)
		}
	}()
	t.Cleanup(func() {
		require.NoError(t, sink.Close())
		<-done
	})
	return c
}

// grows waits for frames.
func (c *counter) grows(t *testing.T) {
	t.Helper()
	before := c.n.Load()
	require.Eventually(t, func() bool { return c.n.Load() >= before+10 }, 30*time.Second, time.Millisecond)
}

// rests waits for half a second without frames.
func (c *counter) rests(t *testing.T) {
	t.Helper()
	last, since := c.n.Load(), time.Now()
	require.Eventually(t, func() bool {
		if n := c.n.Load(); n != last {
			last, since = n, time.Now()
		}
		return time.Since(since) > 500*time.Millisecond
	}, 30*time.Second, time.Millisecond)
}
