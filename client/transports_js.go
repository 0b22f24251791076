package client

import "github.com/bifrons-rtc/bifrons/transport"

// A page's own WebSocket and fetch come with package transportjs; until then a
// program for js brings its transports in Options.Transports.
func defaultTransports() transport.Registry { return transport.Registry{} }
