//go:build !js

package rest_test

import (
	"testing"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/rest"
	"github.com/bifrons-rtc/bifrons/transport/transporttest"
)

func TestConformance(t *testing.T) {
	const limit = 2 << 20
	transporttest.Run(t, func(t *testing.T) (transport.Conn, transporttest.Peer) {
		f := newFake(t)
		d := &rest.Dialer{ReadLimit: limit}
		t.Cleanup(d.CloseIdle)
		return f.dial(t, d), f
	}, transporttest.Limits{Read: limit, Objects: true})
}
