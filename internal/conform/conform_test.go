//go:build !js

package conform_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/client/janustest/gateway"
	"github.com/bifrons-rtc/bifrons/internal/conform"
	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/rest"
	"github.com/bifrons-rtc/bifrons/transport/ws"
)

func TestMain(m *testing.M) { leak.Main(m) }

// address is where a gateway is.
type address struct{ ws, http, adminWS, adminSecret string }

// target is a over a transport.
func (a address) target(name, kind string) conform.Target {
	return conform.Target{Name: name, Dial: a.dial(kind), Root: a.http, DialAdmin: a.dialAdmin, Secret: a.adminSecret}
}

func (a address) dial(kind string) conform.DialFunc {
	return func(ctx context.Context) (transport.Conn, error) {
		if kind == conform.REST {
			alone := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			return (&rest.Dialer{HTTPClient: alone}).Dial(ctx, a.http, transport.Janus)
		}
		return (&ws.Dialer{}).Dial(ctx, a.ws, transport.Janus)
	}
}

func (a address) dialAdmin(ctx context.Context) (transport.Conn, error) {
	return (&ws.Dialer{}).Dial(ctx, a.adminWS, transport.Admin)
}

// startFunc starts a gateway with the configuration of a name. It ends with t.
type startFunc func(t *testing.T, setup string) server

// server is a gateway that was started.
type server interface {
	// address says where it is.
	address() address
	// crashes says how often it crashed so far.
	crashes() int
	// mend starts it again if it crashed.
	mend(t *testing.T)
}

// suite plays the cases over both transports. Those of a plugin have a gateway
// each, for what they leave goes in its own time.
func suite(t *testing.T, name string, start startFunc) {
	for _, kind := range []string{conform.WebSocket, conform.REST} {
		t.Run(kind, func(t *testing.T) {
			shared := map[string]server{}
			for _, c := range conform.Cases() {
				if !c.For(name, kind) {
					continue
				}
				if c.Plugin != "" {
					t.Run(c.File+"/"+c.Name, func(t *testing.T) { play(t, c, start(t, c.Setup), name, kind) })
					continue
				}
				if shared[c.Setup] == nil {
					shared[c.Setup] = start(t, c.Setup)
				}
				t.Run(c.File+"/"+c.Name, func(t *testing.T) {
					t.Parallel()
					play(t, c, shared[c.Setup], name, kind)
				})
			}
		})
	}
}

// play plays one case, and once more where the gateway crashed: that is no answer.
func play(t *testing.T, c *conform.Case, s server, name, kind string) {
	for tries := c.Tries; ; tries-- {
		before := s.crashes()
		failures := attempt(t, func(t testing.TB) { c.Play(t, s.address().target(name, kind)) })
		if len(failures) == 0 {
			return
		}
		if tries > 1 {
			continue
		}
		if s.mend(t); s.crashes() == before || s.crashes() > 2 {
			for _, f := range failures {
				t.Error(f)
			}
			return
		}
		t.Logf("the gateway crashed; before that: %q", failures)
	}
}

// double is a gateway of this process.
type double struct {
	janustest.Address
	*janustest.Server
}

func (d double) address() address { return address{d.WS, d.HTTP, d.WS, adminSecret} }
func (d double) crashes() int     { return 0 }
func (d double) mend(*testing.T)  {}

// adminSecret is that of the doubles.
const adminSecret = "supersecret"

// newDouble listens where start starts.
func newDouble(t *testing.T, setup string, start func(o *janustest.Options) *janustest.Server) double {
	o := *conform.Setups()[setup]
	// Real time needs the room that Janus leaves.
	o.Watchdog, o.AdminSecret = true, adminSecret
	s := start(&o)
	s.Handle("janus.plugin.lua", conform.Lua)
	a, err := s.Listen()
	require.NoError(t, err)
	return double{a, s}
}

func TestGateway(t *testing.T) {
	suite(t, conform.Gateway, func(t *testing.T, setup string) server {
		return newDouble(t, setup, func(o *janustest.Options) *janustest.Server {
			return gateway.New(t, &gateway.Options{Options: *o, ICETimeout: time.Minute}).Server
		})
	})
}

func TestDouble(t *testing.T) {
	suite(t, conform.Janustest, func(t *testing.T, setup string) server {
		return newDouble(t, setup, func(o *janustest.Options) *janustest.Server { return janustest.New(t, o) })
	})
}
