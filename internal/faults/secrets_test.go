//go:build !js

package faults

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/admin"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/client/slogtrace"
	"github.com/bifrons-rtc/bifrons/internal/faultproxy"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
	"github.com/bifrons-rtc/bifrons/transport"
)

const (
	canaryToken  = "canary-token-7f3a"
	canarySecret = "canary-secret-91bd"
	canaryUser   = "canary-user-55e0"
	canaryQuery  = "canary-query-c2c8"
	canaryOwn    = "canary-handle-0d4e" // of one handle
	canaryRoom   = "canary-room-b7f6"   // and what lets people into it
	canaryPin    = "canary-pin-21a9"
	canaryAdmin  = "canary-admin-e8c3"
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

// things notes what somebody prints by mistake, as a panic would. Nothing may use
// them any more.
func (w *told) things(list ...any) {
	for _, v := range list {
		_, _ = fmt.Fprintf(w, "%v\n%+v\n%#v\n", v, v, v)
	}
}

func (w *told) trace() *client.Trace {
	return slogtrace.New(slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug})))
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
	o.Trace = w.trace()
	return &o
}

// R19: every flow with secrets everywhere, and with faults that make errors of
// many kinds, some of them of messages that nobody can read: nothing that anybody
// is told holds one of them.
func TestSecrets(t *testing.T) {
	w := &told{}
	for _, f := range flows {
		for frame := range 12 {
			for _, kind := range []faultproxy.Kind{faultproxy.Pass, faultproxy.Reset, faultproxy.Silence} {
				play(t, setting{url: "memory://" + canaryUser + ":x@gateway/?token=" + canaryQuery, options: w.options,
					faults: []faultproxy.Fault{{Frame: frame, Kind: kind}}}, func(s *scene) {
					s.told = w
					f.run(s)
					w.err(s.client.Err())
					require.NoError(s.t, s.client.Close())
					synctest.Wait()
					w.things(s.client, s.client.State())
				})
			}
		}
	}
	w.check(t, "janus sent", "janus received", "janus state", "a=ice-pwd", `\"pin\":\"***\"`, `\"allowed\":[\"***\"]`)
}

// What a gateway says that is no JSON, and what it refuses, holds no secret either.
func TestSecretsInErrors(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := &told{}
		gw := janustest.New(t, nil)
		greeter(gw)
		c, err := client.Dial(t.Context(), "memory://"+canaryUser+"@x/?"+canaryQuery, w.options(client.Options{
			Transports: transport.Registry{"memory": gw.Dialer()}}))
		require.NoError(t, err)
		s, err := c.NewSession(t.Context())
		require.NoError(t, err)
		h, err := s.Attach(t.Context(), "janus.plugin.greeter", &client.AttachOptions{Token: canaryOwn})
		require.NoError(t, err)
		message := `{"janus":"event","session_id":1,"sender":2,"token":"` + canaryToken + `","plugindata":{"plugin":"p","data":{"pin":"` + canaryPin +
			`","allowed":["` + canaryRoom + `"],"secret":"` + canaryRoom + `"}},"jsep":{"type":"offer","sdp":"v=0\r\na=ice-pwd:canary-ice-pwd-4401\r\n"}}`
		for n := range message {
			gw.PushRaw([]byte(message[:n]))                     // cut off
			gw.PushRaw([]byte(message[n:]))                     // without its start
			gw.PushRaw([]byte(message[:n] + `"` + message[n:])) // with a quote too many
			synctest.Wait()
		}
		gw.PushRaw([]byte(message))
		_, err = s.Attach(t.Context(), "janus.plugin.none", &client.AttachOptions{Token: canaryOwn})
		require.Error(t, err)
		w.err(err)
		_, err = h.Request(t.Context(), object{"secret": canaryRoom, "x": make(chan int)}, nil)
		require.Error(t, err)
		w.err(err)
		require.NoError(t, c.Close())
		w.err(c.Err())
		w.things(c, s, h)
		w.check(t, "janus ignored", "not a JSON object", "***")
	})
}

// The admin API has a secret, and tells those of others.
func TestSecretsOfTheAdmin(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := &told{}
		near, far := transport.Pipe()
		defer far.Close()
		a := admin.New(near, &admin.Options{Secret: canaryAdmin, Trace: w.trace()})
		// It is the gateway's end, and ends with the connection.
		go func() {
			for n := 0; ; n++ {
				data, err := far.Read(context.Background())
				if err != nil {
					return
				}
				var m struct{ Transaction string }
				_ = json.Unmarshal(data, &m)
				_ = far.Write(context.Background(), transport.Message{Data: fmt.Appendf(nil, []string{
					`{"janus":"success","transaction":%q,"data":{"tokens":[{"token":%q,"allowed_plugins":[]}]}}`,
					`{"janus":"unheard of","transaction":%q,"token":%q}`,
					`{"janus":"error","transaction":%q,"error":{"code":403},"token":%q}`,
					`{"janus":"success","transaction":%q,"token":"%s`,
				}[n%4], m.Transaction, canaryToken)})
			}
		}()
		for range 20 {
			_, err := a.AddToken(t.Context(), canaryToken)
			w.err(err)
			_, err = a.HandleInfo(t.Context(), 1, 2, nil)
			w.err(err)
		}
		require.NoError(t, a.Close())
		w.err(a.Err())
		w.things(a)
		w.check(t, "janus sent", `admin_secret\":\"***`, "unexpected answer", "unauthorized")
	})
}

// The same against the real gateway, whose HTTP transport takes the token of a
// poll from the URL alone.
func TestJanusSecrets(t *testing.T) {
	w := &told{}
	gw := gateway(t, &janusproc.Options{TokenAuth: true, APISecret: canarySecret, AdminSecret: canaryAdmin})
	for _, url := range []string{gw.AdminWS(), gw.AdminHTTP()} {
		a, err := admin.Dial(bounded(t, patience), url, &admin.Options{Secret: canaryAdmin, Trace: w.trace()})
		require.NoError(t, err)
		_, err = a.AddToken(bounded(t, patience), canaryToken)
		require.NoError(t, err)
		w.err(a.RemoveToken(bounded(t, patience), "none"))
		_, err = a.ListTokens(bounded(t, patience))
		require.NoError(t, err)
		require.NoError(t, a.Close())
		w.things(a)
	}
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
	w.check(t, "janus sent", "ice-pwd", "connection refused", `admin_secret\":\"***`)
}
