//go:build !js

package reference_test

import (
	"context"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/transport/rest"
	"github.com/bifrons-rtc/bifrons/transport/ws"
)

func settings(ctx context.Context, url string) {
	// README begins
	transports := client.DefaultTransports()
	transports["ws"] = &ws.Dialer{PingInterval: 20 * time.Second, PongTimeout: 5 * time.Second} // ping_interval, ping_timeout
	transports["http"] = &rest.Dialer{MaxConns: 16}                                             // max_connections
	c := must(client.Dial(ctx, url, &client.Options{
		RequestTimeout: 10 * time.Second, // timeout
		KeepAlive:      20 * time.Second, // keepalive_interval
		Reconnect: client.Reconnect{Delay: func(attempt int, cause error) (wait time.Duration, again bool) {
			return time.Second, attempt <= 3 // retry_delay, max_retries
		}},
		Transports: transports,
	}))
	defer c.Close()
	// README ends
	must(c.Ping(ctx))
}
