//go:build !js

package janustest_test

import (
	"context"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
)

// Over HTTP a token runs out under requests and polls at the same time. Whichever is
// refused first, there is another token, and the client goes on.
func TestTokenRunsOutUnderPolls(t *testing.T) {
	gw, a := listen(t, &janustest.Options{Tokens: map[string][]string{"0": nil}})
	var now atomic.Int64
	opts := &client.Options{Credentials: func(context.Context) (client.Credentials, error) {
		<-time.After(time.Millisecond) // as long as it takes to hear of more refusals
		return client.Credentials{Token: strconv.FormatInt(now.Load(), 10)}, nil
	}}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	c, err := client.Dial(ctx, a.HTTP, opts)
	require.NoError(t, err)
	defer c.Close()
	var handles []*client.Handle
	for range 3 {
		s, err := c.NewSession(ctx)
		require.NoError(t, err)
		h, err := s.Attach(ctx, "janus.plugin.echotest", nil)
		require.NoError(t, err)
		handles = append(handles, h)
	}
	for c.Known() == nil { // from then on refused polls are dealt with at once
		require.NoError(t, ctx.Err())
		<-time.After(10 * time.Millisecond)
	}
	for n := range int64(20) {
		old, next := strconv.FormatInt(n, 10), strconv.FormatInt(n+1, 10)
		gw.AddToken(next)
		now.Store(n + 1)
		gw.RemoveToken(old)
		ended := make(chan error, len(handles))
		for _, h := range handles {
			// The event ends its poll.
			require.NoError(t, gw.Push(h.Session().ID(), h.ID(), "webrtcup", nil, nil))
			// It owns one request, which the loop below waits for.
			go func() {
				_, err := h.Request(ctx, map[string]bool{"audio": true}, nil)
				ended <- err
			}()
		}
		for _, h := range handles {
			require.NoError(t, <-ended)
			ev, err := h.Next(ctx)
			require.NoError(t, err)
			require.IsType(t, (*client.WebRTCUp)(nil), ev)
		}
	}
	require.NoError(t, c.Err())
}
