//go:build !js

package client

import (
	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/ws"
)

func defaultTransports() transport.Registry {
	w := &ws.Dialer{}
	return transport.Registry{"ws": w, "wss": w}
}
