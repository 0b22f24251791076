//go:build !js

package janustest_test

import (
	"testing"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/bifrons-rtc/bifrons/transport/ws"
)

// gateways are the real Janus for each of the configurations.
var gateways = func() map[string]*janustesting.Shared {
	m := make(map[string]*janustesting.Shared)
	for name, o := range configurations {
		m[name] = &janustesting.Shared{Options: &janusproc.Options{
			APISecret:      o.APISecret,
			TokenAuth:      o.Tokens != nil || o.TokenSecret != "",
			TokenSecret:    o.TokenSecret,
			SessionTimeout: o.SessionTimeout,
			ReclaimTimeout: o.ReclaimTimeout,
			FullTrickle:    o.FullTrickle,
		}}
	}
	return m
}()

func TestMain(m *testing.M) {
	var list []*janustesting.Shared
	for _, g := range gateways {
		list = append(list, g)
	}
	leak.Main(janustesting.Main(m, list...))
}

func TestJanusConformance(t *testing.T) {
	conformance(t, &ws.Dialer{}, func(t *testing.T, setup string) address {
		gw := gateways[setup].Get(t)
		return address{gw.WS(), gw.AdminWS(), gw.AdminSecret()}
	})
}
