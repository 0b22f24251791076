package janustest_test

import (
	"testing"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func TestBrowserConformance(t *testing.T) {
	gateways := map[string]page.Gateway{}
	conformance(t, client.DefaultTransports()["ws"], func(t *testing.T, setup string) address {
		gw, ok := gateways[setup]
		if !ok {
			o := configurations[setup]
			gw = page.NewJanus(t, map[string]any{
				"APISecret":      o.APISecret,
				"TokenAuth":      o.Tokens != nil || o.TokenSecret != "",
				"TokenSecret":    o.TokenSecret,
				"SessionTimeout": o.SessionTimeout,
				"ReclaimTimeout": o.ReclaimTimeout,
				"FullTrickle":    o.FullTrickle,
			})
			gateways[setup] = gw
		}
		return address{gw.WS, gw.AdminWS, gw.AdminSecret}
	})
}
