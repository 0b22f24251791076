//go:build !js

package faults

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// R14: many sessions for a long time, a message a second on each, and some of
// them with a peer connection. Nothing times out. In the long form 99 of 100
// requests take 50 ms at most, and the program does not grow.
func TestJanusScale(t *testing.T) {
	const perClient = 25
	sessions, calls, duration := long(100, 1000), long(3, 50), long(15*time.Second, 10*time.Minute)
	gw := gateway(t, nil)
	var handles []*client.Handle
	for range sessions / perClient {
		c := dial(t, gw.WS(), nil)
		for range perClient {
			s, err := c.NewSession(bounded(t, patience))
			require.NoError(t, err)
			h, err := s.Attach(bounded(t, patience), echo, nil)
			require.NoError(t, err)
			handles = append(handles, h)
		}
	}
	for range calls {
		call(t, gw.WS())
	}
	ctx, cancel := context.WithTimeout(t.Context(), duration)
	defer cancel()
	var wg sync.WaitGroup
	var mu sync.Mutex // guards what follows
	var failed []error
	took := slices.Repeat([]time.Duration{1}, sessions*int(duration/time.Second+1))[:0] // what it takes is taken now
	for _, h := range handles {
		wg.Go(func() {
			after(t, rand.N(time.Second))
			tick := time.NewTicker(time.Second)
			defer tick.Stop()
			for ctx.Err() == nil {
				began := time.Now()
				err := asks(t.Context(), h)
				mu.Lock()
				took = append(took, time.Since(began))
				if err != nil {
					failed = append(failed, err)
				}
				mu.Unlock()
				select {
				case <-tick.C:
				case <-ctx.Done():
				}
			}
		})
	}
	after(t, duration/5)
	early := resident(t)
	wg.Wait()
	late := resident(t)
	t.Logf("%d sessions, %d calls, %v: %d requests, median %v, 99 of 100 within %v; %d MiB and then %d MiB", sessions, calls, duration,
		len(took), percentile(took, 50), percentile(took, 99), early>>20, late>>20)
	require.Empty(t, failed)
	require.GreaterOrEqual(t, len(took), sessions*int(duration/time.Second)/4)
	for _, h := range handles {
		require.NoError(t, h.Err())
	}
	if soak {
		require.LessOrEqual(t, percentile(took, 99), 50*time.Millisecond)
		require.LessOrEqual(t, float64(late), float64(early)*1.08, "1 % a minute, for eight minutes")
	}
}

// asks makes a request that changes nothing.
func asks(ctx context.Context, h *client.Handle) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err := h.Request(ctx, object{"audio": true}, nil)
	return err
}

// call has a connection with data up until the test ends.
func call(t *testing.T, url string) {
	t.Helper()
	h, err := echotest.Attach(bounded(t, patience), newSession(t, url, nil), nil)
	require.NoError(t, err)
	peer, err := media.NewPeer(h, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, peer.Close()) })
	_, err = peer.OpenData(bounded(t, patience), "x", nil)
	require.NoError(t, err)
	require.NoError(t, h.Start(bounded(t, patience), echotest.Config{}, peer))
	for up := false; !up; {
		ev, err := h.Next(bounded(t, patience))
		require.NoError(t, err)
		_, up = ev.(*client.WebRTCUp)
	}
}

// resident returns how many bytes of memory the program has; 0 where there is
// no /proc.
func resident(t *testing.T) int {
	t.Helper()
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, err := strconv.Atoi(strings.Fields(string(b))[1])
	require.NoError(t, err)
	return pages * os.Getpagesize()
}
