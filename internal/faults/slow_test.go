//go:build !js

package faults

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
)

// R15: of 100 handles one never reads its events. The others do not notice, the
// keepalive is on time, and what is kept for the slow one is bounded: the latest
// 1,024 events or 4 MiB, with word of those that are gone.
func TestSlowConsumer(t *testing.T) {
	for name, c := range map[string]struct {
		size, events, least, most int // bytes of an event; events sent, kept
	}{
		"many": {10, 5000, 1024, 1024},
		"big":  {100 << 10, 100, 20, 41},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) { slow(t, c.size, c.events, c.least, c.most) })
		})
	}
}

func slow(t *testing.T, size, events, least, most int) {
	gw := janustest.New(t, nil)
	greeter(gw)
	c, err := gw.Client(t.Context(), nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Close()) }()
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	handles := make([]*client.Handle, 100)
	for i := range handles {
		handles[i], err = s.Attach(t.Context(), "janus.plugin.greeter", nil)
		require.NoError(t, err)
	}
	var wg sync.WaitGroup
	for _, h := range handles[1:] {
		wg.Go(func() {
			for n := range 20 {
				ev, err := h.Next(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				if p, ok := ev.(*client.PluginEvent); !ok || !strings.HasPrefix(string(p.Data), fmt.Sprintf(`{"n":%d,`, n)) {
					t.Errorf("event %d is %v", n, ev)
				}
			}
		})
	}
	push := func(h *client.Handle, n int, padding string) {
		require.NoError(t, gw.Push(s.ID(), h.ID(), "event", map[string]any{"n": n, "x": padding}, nil))
	}
	padding := strings.Repeat("x", size)
	for n := range events {
		push(handles[0], n, padding)
		for _, h := range handles[1:] {
			if n < 20 {
				push(h, n, "")
			}
		}
		if n%50 == 0 {
			synctest.Wait()
			began := time.Now()
			_, err := handles[1+n%99].Request(t.Context(), object{"echo": "x"}, nil)
			require.NoError(t, err)
			require.Zero(t, time.Since(began), "nobody waits for the slow one")
		}
	}
	wg.Wait()
	before := len(gw.Requests())
	time.Sleep(10 * time.Minute) //nolint:forbidigo // virtual time
	require.InDelta(t, 30, len(gw.Requests())-before, 2, "a keepalive every 20 s")
	require.NoError(t, s.Err())

	ev, err := handles[0].Next(t.Context())
	require.NoError(t, err)
	dropped, ok := ev.(*client.Dropped)
	require.True(t, ok, "%T", ev)
	kept := events - dropped.Count
	require.GreaterOrEqual(t, kept, least)
	require.LessOrEqual(t, kept, most)
	for n := events - kept; n < events; n++ {
		ev, err := handles[0].Next(t.Context())
		require.NoError(t, err)
		p, ok := ev.(*client.PluginEvent)
		require.True(t, ok)
		require.True(t, strings.HasPrefix(string(p.Data), fmt.Sprintf(`{"n":%d,`, n)), "%.40s", p.Data)
	}
}
