//go:build !js

package faults

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/admin"
	"github.com/bifrons-rtc/bifrons/internal/faultproxy"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

func isCode(err error, code client.Code) bool { return errors.Is(err, code) }

const echo = "janus.plugin.echotest"

// operator returns an admin client.
func operator(t *testing.T, gw *janusproc.Server) *admin.Client {
	t.Helper()
	a, err := admin.Dial(bounded(t, patience), gw.AdminWS(), &admin.Options{Secret: gw.AdminSecret()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	return a
}

// R7: the token is taken away. The next request says so; the client asks for
// credentials once, gets the same and ends, with two more requests at most, and
// it does not come back.
func TestJanusTokenRemoved(t *testing.T) {
	gw := gateway(t, &janusproc.Options{TokenAuth: true})
	a := operator(t, gw)
	_, err := a.AddToken(bounded(t, patience), "ours")
	require.NoError(t, err)
	f := faultproxy.New()
	proxy, err := faultproxy.Listen(f, gw.WS())
	require.NoError(t, err)
	defer proxy.Close()
	asked := make(chan struct{}, 100)
	c := dial(t, proxy.URL(), &client.Options{KeepAlive: time.Second, Credentials: func(context.Context) (client.Credentials, error) {
		asked <- struct{}{}
		return client.Credentials{Token: "ours"}, nil
	}})
	s, err := c.NewSession(bounded(t, patience))
	require.NoError(t, err)
	h, err := s.Attach(bounded(t, patience), echo, nil)
	require.NoError(t, err)
	require.NoError(t, a.RemoveToken(bounded(t, patience), "ours"))
	before := f.Frames(0, faultproxy.ToServer)
	_, err = h.Request(bounded(t, patience), map[string]any{"audio": true}, nil)
	require.ErrorIs(t, err, client.Unauthorized)
	eventually(t, "the client ends", func() bool { return c.Err() != nil })
	require.ErrorIs(t, c.Err(), client.Unauthorized)
	for _, ended := range []client.Nexter{h, s} {
		var err error
		for err == nil {
			_, err = ended.Next(bounded(t, patience))
		}
		require.ErrorIs(t, err, client.Unauthorized)
	}
	after(t, 3*time.Second) // some keepalives, if there were any
	require.LessOrEqual(t, f.Frames(0, faultproxy.ToServer)-before, 3, "the request, and at most two after its 403: %v", f.Log())
	require.Equal(t, 1, f.Conns(), "it does not dial again")
	require.LessOrEqual(t, len(asked), 2)
}

// The same while the connection is away, with many sessions: one claim finds it
// out for all of them.
func TestJanusTokenRemovedMeanwhile(t *testing.T) {
	gw := gateway(t, &janusproc.Options{TokenAuth: true, ReclaimTimeout: time.Minute})
	a := operator(t, gw)
	_, err := a.AddToken(bounded(t, patience), "ours")
	require.NoError(t, err)
	f := faultproxy.New()
	proxy, err := faultproxy.Listen(f, gw.WS())
	require.NoError(t, err)
	defer proxy.Close()
	asked := make(chan struct{}, 100)
	c := dial(t, proxy.URL(), &client.Options{KeepAlive: -1, Credentials: func(context.Context) (client.Credentials, error) {
		asked <- struct{}{}
		return client.Credentials{Token: "ours"}, nil
	}})
	var sessions []*client.Session
	for range 20 {
		s, err := c.NewSession(bounded(t, patience))
		require.NoError(t, err)
		sessions = append(sessions, s)
	}
	require.NoError(t, a.RemoveToken(bounded(t, patience), "ours"))
	f.Cut(faultproxy.Reset)
	<-c.Done() // and its sessions have
	for _, s := range sessions {
		require.ErrorIs(t, s.Err(), client.Unauthorized)
	}
	require.LessOrEqual(t, f.Frames(1, faultproxy.ToServer), 2, "a claim, and the close: %v", f.Log())
	require.Equal(t, 2, f.Conns(), "it does not dial again")
	require.Len(t, asked, 2)
}

// A token that is removed and replaced is not noticed by anybody.
func TestJanusTokenReplaced(t *testing.T) {
	gw := gateway(t, &janusproc.Options{TokenAuth: true})
	a := operator(t, gw)
	token := make(chan string, 1)
	token <- "first"
	_, err := a.AddToken(bounded(t, patience), "first")
	require.NoError(t, err)
	s := newSession(t, gw.WS(), &client.Options{Credentials: func(context.Context) (client.Credentials, error) {
		return client.Credentials{Token: <-token}, nil
	}})
	h, err := s.Attach(bounded(t, patience), echo, nil)
	require.NoError(t, err)
	_, err = a.AddToken(bounded(t, patience), "second")
	require.NoError(t, err)
	require.NoError(t, a.RemoveToken(bounded(t, patience), "first"))
	token <- "second"
	_, err = h.Request(bounded(t, patience), map[string]any{"audio": true}, nil)
	require.NoError(t, err)
	require.Empty(t, token)
}

// R7: what a token does not allow, and a wrong secret.
func TestJanusRefused(t *testing.T) {
	t.Run("plugin", func(t *testing.T) {
		t.Parallel()
		gw := gateway(t, &janusproc.Options{TokenAuth: true})
		_, err := operator(t, gw).AddToken(bounded(t, patience), "ours", echo)
		require.NoError(t, err)
		s := newSession(t, gw.WS(), &client.Options{Credentials: client.Static("ours", "")})
		_, err = s.Attach(bounded(t, patience), "janus.plugin.videoroom", nil)
		require.ErrorIs(t, err, client.UnauthorizedPlugin)
		_, err = s.Attach(bounded(t, patience), echo, nil)
		require.NoError(t, err, "the session goes on")
	})
	t.Run("secret", func(t *testing.T) {
		t.Parallel()
		gw := gateway(t, &janusproc.Options{APISecret: "right"})
		f := faultproxy.New()
		proxy, err := faultproxy.Listen(f, gw.WS())
		require.NoError(t, err)
		defer proxy.Close()
		c := dial(t, proxy.URL(), &client.Options{Credentials: client.Static("", "wrong")})
		for range 3 {
			_, err := c.NewSession(bounded(t, patience))
			require.ErrorIs(t, err, client.Unauthorized)
		}
		require.LessOrEqual(t, f.Frames(0, faultproxy.ToServer), 3, "one request a call: %v", f.Log())
		require.Equal(t, 1, f.Conns())
	})
}

// R7: an operator ends what is ours.
func TestJanusOperator(t *testing.T) {
	gw := gateway(t, nil)
	a := operator(t, gw)
	soon := func(t *testing.T, began time.Time) {
		t.Helper()
		t.Logf("after %v", time.Since(began))
		require.Less(t, time.Since(began), long(20*time.Second, time.Second))
	}
	t.Run("destroy_session", func(t *testing.T) { // of which Janus says nothing: the next keepalive finds out
		s := newSession(t, gw.WS(), &client.Options{KeepAlive: time.Second / 2})
		h, err := s.Attach(bounded(t, patience), echo, nil)
		require.NoError(t, err)
		began := time.Now()
		require.NoError(t, a.DestroySession(bounded(t, patience), s.ID()))
		for _, n := range []client.Nexter{h, s} {
			for err = nil; err == nil; {
				_, err = n.Next(bounded(t, patience))
			}
			require.True(t, errors.Is(err, client.ErrDestroyed) || errors.Is(err, client.ErrDetached), "%v", err)
		}
		require.ErrorIs(t, s.Err(), client.ErrDestroyed)
		require.NoError(t, s.Client().Err(), "the client goes on")
		soon(t, began)
	})
	t.Run("detach_handle", func(t *testing.T) {
		s := newSession(t, gw.WS(), nil)
		h, err := s.Attach(bounded(t, patience), echo, nil)
		require.NoError(t, err)
		other, err := s.Attach(bounded(t, patience), echo, nil)
		require.NoError(t, err)
		began := time.Now()
		require.NoError(t, a.DetachHandle(bounded(t, patience), s.ID(), h.ID()))
		for err == nil {
			_, err = h.Next(bounded(t, patience))
		}
		require.ErrorIs(t, err, client.ErrDetached)
		soon(t, began)
		require.NoError(t, s.Err())
		_, err = other.Request(bounded(t, patience), map[string]any{"audio": true}, nil)
		require.NoError(t, err)
	})
	t.Run("hangup_webrtc", func(t *testing.T) {
		s := newSession(t, gw.WS(), nil)
		h, err := echotest.Attach(bounded(t, patience), s, nil)
		require.NoError(t, err)
		peer, err := media.NewPeer(h, &media.Options{NoMending: true})
		require.NoError(t, err)
		defer func() { require.NoError(t, peer.Close()) }()
		_, err = peer.OpenData(bounded(t, patience), "x", nil)
		require.NoError(t, err)
		require.NoError(t, h.Start(bounded(t, patience), echotest.Config{}, peer))
		for up := false; !up; {
			ev, err := h.Next(bounded(t, patience))
			require.NoError(t, err)
			_, up = ev.(*client.WebRTCUp)
		}
		began := time.Now()
		require.NoError(t, a.HangupWebRTC(bounded(t, patience), s.ID(), h.ID()))
		for down := false; !down; {
			ev, err := h.Next(bounded(t, patience))
			require.NoError(t, err)
			_, down = ev.(*client.Hangup)
		}
		soon(t, began)
		require.NoError(t, h.Err(), "the handle goes on")
	})
}
