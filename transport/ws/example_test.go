//go:build !js

package ws_test

import (
	"context"
	"fmt"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/ws"
)

// A transport carries bytes; package client makes requests of them.
func ExampleDialer() {
	ctx := context.Background()
	d := &ws.Dialer{PingInterval: 15 * time.Second}
	reg := transport.Registry{"ws": d, "wss": d}
	conn, err := reg.Dial(ctx, "ws://127.0.0.1:8188/", transport.Janus)
	if err != nil {
		fmt.Println(err) // names the cause and the fix
		return
	}
	defer func() { _ = conn.Close() }()
	if err := conn.Write(ctx, transport.Message{Data: []byte(`{"janus":"info","transaction":"1"}`)}); err != nil {
		fmt.Println(err)
		return
	}
	answer, err := conn.Read(ctx)
	fmt.Println(string(answer), err)
}
