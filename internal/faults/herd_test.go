//go:build !js

package faults

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/internal/faultproxy"
	"github.com/bifrons-rtc/bifrons/transport"
)

// clock is a dialer that notes when it is called.
type clock struct {
	transport.Dialer
	mu    sync.Mutex // guards times
	times []time.Time
}

// Dial implements transport.Dialer.
func (c *clock) Dial(ctx context.Context, url string, api transport.API) (transport.Conn, error) {
	c.mu.Lock()
	c.times = append(c.times, time.Now())
	c.mu.Unlock()
	return c.Dialer.Dial(ctx, url, api)
}

// peak returns the most calls within d.
func (c *clock) peak(d time.Duration) (most int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	slices.SortFunc(c.times, time.Time.Compare)
	first := 0
	for last, at := range c.times {
		for at.Sub(c.times[first]) >= d {
			first++
		}
		most = max(most, last-first+1)
	}
	return most
}

// R8: 1,000 clients lose one gateway, which comes back a second later. They do
// not all come at once, and all are back within 15 s. In any 100 ms there is a try
// of 15 in 100 clients at most where Reconnect.Min spreads the first one over two
// seconds. The default spreads it over a quarter of one, for those who are alone.
func TestHerd(t *testing.T) {
	for name, c := range map[string]struct {
		min           time.Duration
		clients, peak int // in 100 ms
	}{
		"default": {0, 1000, 750},
		"spread":  {2 * time.Second, long(400, 1000), long(60, 150)},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				gw := janustest.New(t, nil)
				f := faultproxy.New()
				dials := &clock{Dialer: f.Dialer(gw.Dialer())}
				var sessions []*client.Session
				for range c.clients {
					c, err := client.Dial(t.Context(), "memory://", &client.Options{
						Transports: transport.Registry{"memory": dials}, Reconnect: client.Reconnect{Min: c.min}})
					require.NoError(t, err)
					defer func() { require.NoError(t, c.Close()) }()
					s, err := c.NewSession(t.Context())
					require.NoError(t, err)
					sessions = append(sessions, s)
				}
				dials.times = nil
				f.Refuse(faultproxy.Reset)
				f.Cut(faultproxy.Reset)
				time.AfterFunc(time.Second, func() { f.Refuse(faultproxy.Pass) })
				began := time.Now()
				for _, s := range sessions {
					for resumed := false; !resumed; {
						ev, err := s.Next(t.Context())
						require.NoError(t, err)
						_, resumed = ev.(*client.Resumed)
					}
				}
				back, peak := time.Since(began), dials.peak(100*time.Millisecond)
				t.Logf("%d tries, %d within 100 ms at most; all back after %v", len(dials.times), peak, back)
				require.LessOrEqual(t, back, 15*time.Second)
				require.LessOrEqual(t, peak, c.peak)
			})
		})
	}
}
