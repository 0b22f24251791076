package textroom_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

// Chat in a room. A real program dials a URL, makes its peer with media.NewPeer
// and its channel with peer.OpenData; here both are played, as the gateway is.
func Example() {
	ctx := context.Background()
	gw := janustest.NewServer(nil)
	defer gw.Close()
	gw.Handle(textroom.Plugin, &plugin{setUp: map[uint64]bool{}})
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
	text, err := textroom.Attach(ctx, s, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	conn, err := text.Open(ctx, &peer{}, echoing())
	if err != nil {
		fmt.Println(err)
		return
	}
	room := client.NumID(1234)
	others, err := conn.Join(ctx, textroom.JoinRequest{Room: room, Username: "ann"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(others), "other is here:", others[0].Username)
	if _, err := conn.Message(ctx, textroom.MessageRequest{Room: room, Text: "hello"}); err != nil {
		fmt.Println(err)
		return
	}
	for ev, err := range text.Events(ctx) {
		switch ev := ev.(type) {
		case *textroom.Joined:
			fmt.Println(ev.Username, "joined")
		case *textroom.Message:
			fmt.Println(ev.From, "says", ev.Text)
			if err := conn.Stop(ctx); err != nil {
				fmt.Println(err)
			}
		case *client.Hangup:
			fmt.Println("hung up")
			return
		default:
			fmt.Println(ev, err)
			return
		}
	}
	// Output:
	// 1 other is here: bob
	// ann joined
	// ann says hello
	// hung up
}

// echoing is a channel to a room in which bob sits.
func echoing() *channel {
	ch := newChannel()
	go func() { // plays the plugin; ends with the channel
		for {
			select {
			case msg := <-ch.sent:
				var r struct{ TextRoom, Transaction, Username, Text string }
				_ = json.Unmarshal([]byte(msg), &r)
				switch r.TextRoom {
				case "join":
					ch.incoming <- `{"textroom":"join","room":1234,"username":"` + r.Username + `"}`
					ch.incoming <- `{"textroom":"success","participants":[{"username":"bob"}],"transaction":"` + r.Transaction + `"}`
				case "message":
					ch.incoming <- `{"textroom":"message","room":1234,"from":"ann","date":"2026-11-21T11:46:44+0000","text":"` + r.Text + `"}`
					ch.incoming <- `{"textroom":"success","transaction":"` + r.Transaction + `"}`
				}
			case <-ch.closed:
				return
			}
		}
	}()
	return ch
}
