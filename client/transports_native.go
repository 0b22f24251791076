//go:build !js

package client

import (
	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/rest"
	"github.com/bifrons-rtc/bifrons/transport/unix"
	"github.com/bifrons-rtc/bifrons/transport/ws"
)

func defaultTransports() transport.Registry {
	w, h := &ws.Dialer{}, &rest.Dialer{}
	return transport.Registry{"ws": w, "wss": w, "http": h, "https": h, "unix": &unix.Dialer{}}
}

// attend has nothing to look after: only a page has a life of its own.
func (c *Client) attend() {}
