//go:build !js

package unix_test

import (
	"context"
	"fmt"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/unix"
)

// A transport carries bytes; package client makes requests of them.
func ExampleDialer() {
	ctx := context.Background()
	d := &unix.Dialer{}
	reg := transport.Registry{"unix": d}
	conn, err := reg.Dial(ctx, "unix:///run/janus/api", transport.Janus)
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
