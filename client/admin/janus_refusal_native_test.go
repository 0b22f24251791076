//go:build !js

package admin

import (
	"errors"
	"net"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/transport"
)

func TestJanusRefuses(t *testing.T) {
	srv := gateway.Get(t)
	const canary = "a-secret-nobody-may-see"
	for name, url := range map[string]string{"ws": srv.AdminWS(), "http": srv.AdminHTTP(), "unix": srv.AdminUnix()} {
		t.Run(name, func(t *testing.T) {
			ctx := bounded(t)
			for _, secret := range []string{"", canary} {
				c := dialURL(t, url, secret)
				_, err := c.Info(ctx)
				require.NoError(t, err)
				_, err = c.Ping(ctx)
				require.NoError(t, err)
				for _, call := range []func() error{
					func() error { _, err := c.Status(ctx); return err },
					func() error { return c.DestroySession(ctx, 1) },
					func() error { return c.SetLibniceDebug(ctx, true) },
					func() error { return c.Call(ctx, Request{Name: "nonsense"}, nil) },
				} {
					err := call()
					require.ErrorIs(t, err, client.Unauthorized)
					require.ErrorContains(t, err, "admin_secret")
					require.NotContains(t, err.Error(), canary)
				}
			}
			c := dialURL(t, url, srv.AdminSecret())
			require.ErrorIs(t, c.Call(ctx, Request{Name: "nonsense"}, nil), client.InvalidRequestPath)
			s, h := user(t, srv, c)
			require.ErrorIs(t, c.Call(ctx, Request{Name: "nonsense", Session: s.ID()}, nil), client.InvalidRequestPath)
			require.ErrorIs(t, c.Call(ctx, Request{Name: "nonsense", Session: s.ID(), Handle: h.ID()}, nil), client.InvalidRequestPath)
		})
	}
}

// TestJanusOtherAPI finds the client API where the admin API should be.
func TestJanusOtherAPI(t *testing.T) {
	srv := gateway.Get(t)
	ctx := bounded(t)
	_, err := Dial(ctx, srv.WS(), nil)
	var dial *transport.DialError
	require.ErrorAs(t, err, &dial)
	require.Contains(t, dial.Fix, "7188")
	s, _ := user(t, srv, dialURL(t, srv.AdminHTTP(), srv.AdminSecret()))
	for _, url := range []string{srv.HTTP(), srv.Unix()} {
		c := dialURL(t, url, srv.AdminSecret())
		for _, call := range []func() error{
			func() error { _, err := c.Status(ctx); return err },
			func() error { return c.SetLogLevel(ctx, 4) },
			func() error { return c.SetLibniceDebug(ctx, true) },
			func() error { return c.DestroySession(ctx, s.ID()) },
		} {
			err := call()
			require.ErrorContains(t, err, "client API", url)
			require.ErrorContains(t, err, "7088")
		}
	}
	// Nobody listens where a gateway without the admin API would.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	for scheme, fix := range map[string]string{"ws": "admin_ws = true", "http": "admin_http = true"} {
		_, err = Dial(ctx, scheme+"://"+l.Addr().String()+"/admin", nil)
		require.ErrorAs(t, err, &dial)
		require.Contains(t, dial.Fix, fix)
	}
	_, err = Dial(ctx, "unix://"+filepath.Join(t.TempDir(), "admin"), nil)
	require.ErrorAs(t, err, &dial)
	_, err = Dial(ctx, "gopher://127.0.0.1/", nil)
	require.ErrorIs(t, err, errors.ErrUnsupported)
}
