package janustest_test

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/internal/conform"
	"github.com/bifrons-rtc/bifrons/transport"
)

// Beginnings of scripts: a session $S, a handle $H of the echo test on it, and a
// description on that.
const (
	withSession = "with session\n"
	withHandle  = "with handle\n"
	withOffer   = "with offer\n"
)

// play returns a player that has run script on gw.
func play(t *testing.T, gw *janustest.Server, script string) *conform.Player {
	t.Helper()
	p := conform.NewPlayer(t, func(ctx context.Context) (transport.Conn, error) {
		return gw.Dialer().Dial(ctx, janustest.URL, transport.Janus)
	})
	p.Run(script)
	return p
}

// TestConformance holds the gateway in memory, and in virtual time, to the suite
// that package internal/conform holds the real Janus to.
func TestConformance(t *testing.T) {
	setups := conform.Setups()
	for _, c := range conform.Cases() {
		if !c.For(conform.Janustest, conform.Memory) {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				setup := *setups[c.Setup]
				setup.AdminSecret = "supersecret"
				gw := janustest.New(t, &setup)
				gw.Handle("janus.plugin.lua", conform.Lua)
				c.Play(t, conform.Target{Name: conform.Janustest, Dial: func(ctx context.Context) (transport.Conn, error) {
					return gw.Dialer().Dial(ctx, janustest.URL, transport.Janus)
				}, DialAdmin: func(ctx context.Context) (transport.Conn, error) {
					return gw.Dialer().Dial(ctx, janustest.URL, transport.Admin)
				}, Secret: setup.AdminSecret})
			})
		})
	}
}
