//go:build !js

package faults

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/slogtrace"
	"github.com/bifrons-rtc/bifrons/internal/faultproxy"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

const (
	canaryToken  = "canary-token-7f3a"
	canarySecret = "canary-secret-91bd"
	canaryUser   = "canary-user-55e0"
	canaryQuery  = "canary-query-c2c8"
	icePassword  = "0123456789012345678901" // in description
)

// told is everything that anybody was told, at the debug level.
type told struct {
	mu  sync.Mutex // guards buf
	buf bytes.Buffer
}

// Write implements io.Writer.
func (w *told) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.Write(b)
}

// err notes an error, as people print them.
func (w *told) err(err error) {
	_, _ = fmt.Fprintf(w, "%v\n%+v\n%#v\n", err, err, err)
	for ; err != nil; err = errors.Unwrap(err) {
		_, _ = fmt.Fprintf(w, "%#v\n", err)
	}
}

// check fails if a secret was told, or nothing.
func (w *told) check(t *testing.T, words ...string) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	text := w.buf.String()
	for _, secret := range []string{"canary-", icePassword} {
		if i := strings.Index(text, secret); i >= 0 {
			t.Errorf("%s was told: %s", secret, text[max(0, i-200):min(len(text), i+100)])
		}
	}
	for _, word := range words {
		require.Contains(t, text, word)
	}
}

func (w *told) options(o client.Options) *client.Options {
	o.Credentials = client.Static(canaryToken, canarySecret)
	o.Trace = slogtrace.New(slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug})))
	return &o
}

// R19: every flow with secrets everywhere, and with faults that make errors of
// many kinds: nothing that anybody is told holds one of them.
func TestSecrets(t *testing.T) {
	w := &told{}
	for _, f := range flows {
		for frame := range 12 {
			for _, kind := range []faultproxy.Kind{faultproxy.Pass, faultproxy.Reset, faultproxy.Silence} {
				play(t, setting{url: "memory://" + canaryUser + ":x@gateway/?token=" + canaryQuery, options: w.options,
					faults: []faultproxy.Fault{{Frame: frame, Kind: kind}}}, func(s *scene) {
					f.run(s)
					w.err(s.client.Err())
					_, _ = fmt.Fprintf(w, "%v %+v %#v\n", s.client.State(), s.client.State(), s.client.State())
				})
			}
		}
	}
	w.check(t, "janus sent", "janus received", "janus state", "a=ice-pwd")
}

// The same against the real gateway, whose HTTP transport takes the token of a
// poll from the URL alone.
func TestJanusSecrets(t *testing.T) {
	w := &told{}
	gw := gateway(t, &janusproc.Options{TokenAuth: true, APISecret: canarySecret})
	_, err := operator(t, gw).AddToken(bounded(t, patience), canaryToken)
	require.NoError(t, err)
	var clients []*client.Client
	for _, url := range []string{gw.WS(), gw.HTTP(), gw.Unix()} {
		c := dial(t, url, w.options(client.Options{RequestTimeout: 5 * time.Second,
			Reconnect: client.Reconnect{Budget: 2 * time.Second}}))
		s, err := c.NewSession(bounded(t, patience))
		require.NoError(t, err)
		h, err := echotest.Attach(bounded(t, patience), s, nil)
		require.NoError(t, err)
		peer, err := media.NewPeer(h, nil)
		require.NoError(t, err)
		t.Cleanup(func() { _ = peer.Close() })
		_, err = peer.OpenData(bounded(t, patience), "x", nil)
		require.NoError(t, err)
		require.NoError(t, h.Start(bounded(t, patience), echotest.Config{}, peer))
		clients = append(clients, c)
	}
	gw.Kill()
	for _, c := range clients {
		_, err := c.NewSession(bounded(t, patience))
		require.Error(t, err)
		w.err(err)
		eventually(t, "it gives up", func() bool { return c.Err() != nil })
		w.err(c.Err())
		_, _ = fmt.Fprintf(w, "%v %+v %#v\n", c.State(), c.State(), c.State())
	}
	for _, url := range []string{gw.WS(), gw.HTTP()} {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		_, err := client.Dial(ctx, strings.Replace(url, "://", "://"+canaryUser+":x@", 1)+"?token="+canaryQuery, w.options(client.Options{}))
		cancel()
		if err != nil { // http has nothing to dial
			w.err(err)
		}
	}
	w.check(t, "janus sent", "ice-pwd", "connection refused")
}
