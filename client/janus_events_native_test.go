//go:build !js

package client_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/rawpeer"
	"github.com/bifrons-rtc/bifrons/transport"
)

// TestJanusCandidates hears the candidates of a gateway in full-trickle mode.
func TestJanusCandidates(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	gw := janustesting.New(t, &janusproc.Options{FullTrickle: true})
	c, err := client.Dial(ctx, gw.WS(), nil)
	require.NoError(t, err)
	defer c.Close()
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	h, err := s.Attach(ctx, "janus.plugin.echotest", nil)
	require.NoError(t, err)
	offer, err := rawpeer.New(t, rawpeer.Options{}).Offer(ctx, false)
	require.NoError(t, err)
	_, err = h.Request(ctx, map[string]any{"audio": true}, offer)
	require.NoError(t, err)
	for n := 0; ; {
		ev, err := h.Next(ctx)
		require.NoError(t, err)
		candidate, ok := ev.(*client.RemoteCandidate)
		switch {
		case !ok:
		case candidate.Candidate != nil:
			require.Contains(t, candidate.Candidate.Candidate, "typ host")
			n++
		default:
			require.NotZero(t, n, "some come before there are no more")
			return
		}
	}
}

// TestJanusRefusesNonsense sends a request that the gateway refuses without saying
// which it was: it has no transaction.
func TestJanusRefusesNonsense(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	gw := janustesting.New(t, nil)
	conn, err := client.DefaultTransports().Dial(ctx, gw.WS(), transport.Janus)
	require.NoError(t, err)
	c := client.New(conn, nil)
	defer c.Close()
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	require.NoError(t, conn.Write(ctx, transport.Message{Session: s.ID(), Data: fmt.Appendf(nil, `{"janus":"keepalive","session_id":%d}`, s.ID())}))
	ev, err := s.Next(ctx)
	require.NoError(t, err)
	require.IsType(t, &client.GatewayError{}, ev)
	require.ErrorIs(t, ev.(*client.GatewayError).Err, client.MissingElement)
	_, err = s.Attach(ctx, "janus.plugin.echotest", nil)
	require.NoError(t, err, "nothing is broken")
}

// TestJanusTimesOut has a session that sends nothing.
func TestJanusTimesOut(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	gw := janustesting.New(t, &janusproc.Options{SessionTimeout: time.Second})
	c, err := client.Dial(ctx, gw.WS(), &client.Options{KeepAlive: -1})
	require.NoError(t, err)
	defer c.Close()
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	ev, err := s.Next(ctx)
	require.NoError(t, err)
	require.IsType(t, &client.SessionTimeout{}, ev)
	_, err = s.Next(ctx)
	require.ErrorIs(t, err, client.ErrSessionTimeout)
}
