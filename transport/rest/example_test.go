//go:build !js

package rest_test

import (
	"context"
	"fmt"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/rest"
)

// A transport carries bytes; package client makes requests of them.
func ExampleDialer() {
	ctx := context.Background()
	d := &rest.Dialer{MaxEvents: 20}
	reg := transport.Registry{"http": d, "https": d}
	conn, err := reg.Dial(ctx, "http://127.0.0.1:8088/janus", transport.Janus)
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
