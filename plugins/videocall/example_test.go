package videocall_test

import (
	"context"
	"fmt"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

// A call that is accepted as soon as it comes. A real program dials a URL and
// makes its peer with media.NewPeer; here both are played, as the gateway is.
func Example() {
	ctx := context.Background()
	gw := janustest.NewServer(nil)
	defer gw.Close()
	gw.Handle(videocall.Plugin, &plugin{replies: map[string]string{
		"register": `{"event":"registered","username":"bob"}`, "accept": `{"event":"accepted"}`,
	}})
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
	bob, err := videocall.Attach(ctx, s, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := bob.Register(ctx, "bob"); err != nil {
		fmt.Println(err)
		return
	}
	say := func(event string, jsep *client.JSEP) {
		data := map[string]any{"videocall": "event", "result": map[string]string{"event": event, "username": "ann", "reason": "dinner"}}
		if err := gw.Push(s.ID(), bob.ID(), "event", data, jsep); err != nil {
			fmt.Println(err)
		}
	}
	say("incomingcall", &client.JSEP{Type: "offer", SDP: description("ann")})
	for ev, err := range bob.Events(ctx) {
		switch ev := ev.(type) {
		case *videocall.Incoming:
			fmt.Println(ev.Username, "calls")
			if err := bob.Accept(ctx, ev, &peer{}); err != nil {
				fmt.Println(err)
			}
			say("hangup", nil)
		case *videocall.Ended:
			fmt.Println(ev.Username, "hung up:", ev.Reason)
			return
		default:
			fmt.Println(ev, err)
			return
		}
	}
	// Output:
	// ann calls
	// ann hung up: dinner
}
