//go:build !js

package faults

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/faultproxy"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
)

// after returns when d is over: a gateway's clock is being watched.
func after(t *testing.T, d time.Duration) {
	t.Helper()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.Context().Done():
	}
}

// watchdog is how late Janus may be: it looks at its sessions every two seconds,
// and a busy machine later.
const watchdog = 5 * time.Second

// R6: how long Janus keeps a session whose connection was lost: for its reclaim
// timeout, counted from the session's last request.
func TestJanusReclaim(t *testing.T) {
	t.Parallel()
	for _, reclaim := range long([]time.Duration{0, 8 * time.Second}, []time.Duration{0, 15 * time.Second, 30 * time.Second}) {
		t.Run(reclaim.String(), func(t *testing.T) {
			t.Parallel()
			gw := gateway(t, &janusproc.Options{ReclaimTimeout: reclaim})
			idles := long([]time.Duration{0, 3 * time.Second}, []time.Duration{0, 10 * time.Second, 40 * time.Second})
			if reclaim == 0 {
				idles = idles[:1] // it does not matter
			}
			gaps := long([]time.Duration{time.Second, 14 * time.Second}, []time.Duration{0, 5 * time.Second, 15 * time.Second, 25 * time.Second, 40 * time.Second})
			for _, idle := range idles {
				for _, gap := range gaps {
					t.Run(fmt.Sprintf("idle %v gap %v", idle, gap), func(t *testing.T) {
						t.Parallel()
						reclaimed(t, gw, reclaim, idle, gap)
					})
				}
			}
		})
	}
}

// reclaimed loses a connection and claims its session later.
func reclaimed(t *testing.T, gw *janusproc.Server, reclaim, idle, gap time.Duration) {
	t.Helper()
	opts := &client.Options{KeepAlive: -1, Reconnect: client.Reconnect{Off: true}}
	f := faultproxy.New()
	proxy, err := faultproxy.Listen(f, gw.WS())
	require.NoError(t, err)
	defer proxy.Close()
	s := newSession(t, proxy.URL(), opts)
	began := time.Now()
	after(t, idle)
	f.Cut(faultproxy.Reset)
	lost := time.Now()
	<-s.Done()
	after(t, gap)
	c := dial(t, gw.WS(), opts)
	silent, away := time.Since(began), time.Since(lost)
	_, err = c.ClaimSession(bounded(t, patience), s.ID())
	t.Logf("silent for %v, lost for %v: %v", silent, away, err)
	switch {
	case reclaim == 0 && away > time.Second/2:
		require.ErrorIs(t, err, client.SessionNotFound)
	case silent+2*time.Second < reclaim:
		require.NoError(t, err)
	case silent > reclaim+watchdog && away > watchdog:
		require.ErrorIs(t, err, client.SessionNotFound)
	default: // it depends on when the gateway looks
		require.True(t, err == nil || isCode(err, client.SessionNotFound), "%v", err)
	}
}

// With our keepalive a session outlives a third of its reclaim timeout without a
// network, and half of a long one: 50 of 50.
func TestJanusReclaimKeptAlive(t *testing.T) {
	t.Parallel()
	reclaim, gap := long(15*time.Second, 30*time.Second), long(5*time.Second, 15*time.Second)
	gw := gateway(t, &janusproc.Options{ReclaimTimeout: reclaim})
	f := faultproxy.New()
	proxy, err := faultproxy.Listen(f, gw.WS())
	require.NoError(t, err)
	defer proxy.Close()
	var sessions []*client.Session
	opts := &client.Options{Reconnect: client.Reconnect{Max: time.Second}}
	for range 50 {
		sessions = append(sessions, newSession(t, proxy.URL(), opts))
	}
	after(t, reclaim/2) // a keepalive, which is due after a third
	f.Refuse(faultproxy.Reset)
	f.Cut(faultproxy.Reset)
	after(t, gap)
	f.Refuse(faultproxy.Pass)
	ctx := bounded(t, patience)
	for _, s := range sessions {
		for {
			ev, err := s.Next(ctx)
			require.NoError(t, err)
			if r, ok := ev.(*client.Resumed); ok {
				require.False(t, r.Rebuilt)
				break
			}
		}
	}
}
