package conform_test

import (
	"context"
	"testing"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/internal/conform"
	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/bifrons-rtc/bifrons/transport"
)

func TestMain(m *testing.M) { leak.Main(m) }

// TestBrowserJanus plays the suite from a page, whose WebSocket is another.
func TestBrowserJanus(t *testing.T) {
	dialer := client.DefaultTransports()["ws"]
	gateways := map[string]page.Gateway{}
	for _, c := range conform.Cases() {
		if c.Plugin != "" || c.Tries > 1 || !c.For(conform.Janus, conform.WebSocket) {
			continue
		}
		gw, ok := gateways[c.Setup]
		if !ok {
			o := conform.Setups()[c.Setup]
			gw = page.NewJanus(t, map[string]any{
				"APISecret":      o.APISecret,
				"TokenAuth":      o.Tokens != nil || o.TokenSecret != "",
				"TokenSecret":    o.TokenSecret,
				"SessionTimeout": o.SessionTimeout,
				"ReclaimTimeout": o.ReclaimTimeout,
				"FullTrickle":    o.FullTrickle,
			})
			gateways[c.Setup] = gw
			conform.AddTokens(t, admin(dialer, gw), gw.AdminSecret, o.Tokens)
		}
		t.Run(c.File+"/"+c.Name, func(t *testing.T) {
			t.Parallel()
			c.Play(t, conform.Target{Name: conform.Janus, Dial: func(ctx context.Context) (transport.Conn, error) {
				return dialer.Dial(ctx, gw.WS, transport.Janus)
			}, DialAdmin: admin(dialer, gw), Secret: gw.AdminSecret})
		})
	}
}

// admin dials the admin API.
func admin(d transport.Dialer, gw page.Gateway) conform.DialFunc {
	return func(ctx context.Context) (transport.Conn, error) { return d.Dial(ctx, gw.AdminWS, transport.Admin) }
}
