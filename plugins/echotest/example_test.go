package echotest_test

import (
	"context"
	"fmt"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// An echo without media, against a gateway in memory. A real program dials a
// URL and makes its peer with media.NewPeer.
func Example() {
	ctx := context.Background()
	gw := janustest.NewServer(nil)
	defer gw.Close()
	c, err := gw.Client(ctx, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	s, err := c.NewSession(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	echo, err := echotest.Attach(ctx, s, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := echo.Start(ctx, echotest.Config{Bitrate: new(256000)}, &peer{}); err != nil {
		fmt.Println(err)
		return
	}
	if err := echo.Stop(ctx); err != nil {
		fmt.Println(err)
		return
	}
	for ev, err := range echo.Events(ctx) {
		switch ev := ev.(type) {
		case *echotest.Done:
			fmt.Println("the plugin is done")
		case *client.Hangup:
			fmt.Println("hung up:", ev.Reason)
			return
		default:
			fmt.Println(ev, err)
			return
		}
	}
	// Output:
	// the plugin is done
	// hung up: Janus API
}
