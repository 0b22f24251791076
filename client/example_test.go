package client_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
)

// gatewayInMemory is what a program has a URL for.
func gatewayInMemory(opts *client.Options) (*client.Client, func()) {
	gw := janustest.NewServer(nil)
	c, err := gw.Client(context.Background(), opts)
	if err != nil {
		panic(err)
	}
	return c, func() { _ = c.Close(); gw.Close() }
}

// A request and its answer, an error and its code.
func Example() {
	ctx := context.Background()
	c, done := gatewayInMemory(nil) // client.Dial(ctx, "ws://127.0.0.1:8188/", nil)
	defer done()
	session, err := c.NewSession(ctx)
	if err != nil {
		log.Fatal(err)
	}
	echo, err := session.Attach(ctx, "janus.plugin.echotest", nil)
	if err != nil {
		log.Fatal(err)
	}
	answer, err := echo.Request(ctx, map[string]any{"audio": false}, nil)
	fmt.Println(string(answer.Data), err)

	_, err = echo.Request(ctx, map[string]any{"substream": 7}, nil)
	fmt.Println(errors.Is(err, client.PluginCode{Plugin: "janus.plugin.echotest", Code: 413}))
	_, err = session.Attach(ctx, "janus.plugin.nothing", nil)
	fmt.Println(errors.Is(err, client.PluginNotFound))
	// Output:
	// {"echotest":"event","result":"ok"} <nil>
	// true
	// true
}

// One loop reads a handle's events in the order the gateway sent them.
func ExampleHandle_Events() {
	ctx := context.Background()
	c, done := gatewayInMemory(nil)
	defer done()
	session, err := c.NewSession(ctx)
	if err != nil {
		log.Fatal(err)
	}
	echo, err := session.Attach(ctx, "janus.plugin.echotest", nil)
	if err != nil {
		log.Fatal(err)
	}
	if err := echo.Hangup(ctx); err != nil {
		log.Fatal(err)
	}
	for ev, err := range echo.Events(ctx) {
		if err != nil {
			fmt.Println(err)
			return
		}
		switch ev := ev.(type) {
		case *client.PluginEvent:
			fmt.Println(string(ev.Data))
			_ = echo.Detach(ctx) // a handler may call anything
		default: // gateways add events
		}
	}
	// Output:
	// {"echotest":"event","result":"done"}
	// janus: handle detached
}

// Handlers instead of a loop: they run on the goroutine of Run, in order.
func ExampleMux() {
	ctx, cancel := context.WithCancel(context.Background())
	c, done := gatewayInMemory(nil)
	defer done()
	session, err := c.NewSession(ctx)
	if err != nil {
		log.Fatal(err)
	}
	echo, err := session.Attach(ctx, "janus.plugin.echotest", nil)
	if err != nil {
		log.Fatal(err)
	}
	var mux client.Mux
	client.On(&mux, func(ctx context.Context, ev *client.PluginEvent) {
		_, err := c.Ping(ctx)
		fmt.Println(string(ev.Data), err)
		cancel()
	})
	if err := echo.Hangup(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(mux.Run(ctx, echo))
	// Output:
	// {"echotest":"event","result":"done"} <nil>
	// context canceled
}
