package admin_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/admin"
	"github.com/bifrons-rtc/bifrons/transport"
)

// gatewayInMemory is what a program has a URL for. It knows one session with one
// handle, which is gone after two looks at it.
func gatewayInMemory() (*admin.Client, func()) {
	answers := map[string][]string{
		"list_sessions": {`"success","sessions":[4576112751290691]`},
		"list_handles":  {`"success","handles":[2714589377877530]`},
		"handle_info": {
			`"success","info":{"plugin":"janus.plugin.echotest","webrtc":{"ice":{"state":"connecting"}}}`,
			`"success","info":{"plugin":"janus.plugin.echotest","webrtc":{"ice":{"state":"ready"}}}`,
			`"error","error":{"code":459,"reason":"No such handle"}`,
		},
		"add_token": {`"error","error":{"code":490,"reason":"Stored-Token based authentication disabled"}`},
	}
	near, far := transport.Pipe()
	go func() { // ends with the connection
		for {
			data, err := far.Read(context.Background())
			if err != nil {
				return
			}
			var r struct{ Janus, Transaction string }
			if json.Unmarshal(data, &r) != nil || len(answers[r.Janus]) == 0 {
				continue
			}
			answer := fmt.Appendf(nil, `{"transaction":%q,"janus":%s}`, r.Transaction, answers[r.Janus][0])
			answers[r.Janus] = answers[r.Janus][1:]
			if far.Write(context.Background(), transport.Message{Data: answer}) != nil {
				return
			}
		}
	}()
	c := admin.New(near, nil)
	return c, func() { _ = c.Close(); _ = far.Close() }
}

// Sessions, their handles, and how a handle's connection is doing.
func Example() {
	ctx := context.Background()
	c, done := gatewayInMemory() // admin.Dial(ctx, "http://127.0.0.1:7088/admin", &admin.Options{Secret: secret})
	defer done()
	sessions, err := c.ListSessions(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, session := range sessions {
		handles, err := c.ListHandles(ctx, session)
		if err != nil {
			log.Fatal(err)
		}
		for _, handle := range handles {
			info, err := c.HandleInfo(ctx, session, handle, nil)
			if err != nil {
				log.Fatal(err)
			}
			fmt.Println(info.Plugin, info.WebRTC.ICE.State)
		}
	}
	_, err = c.AddToken(ctx, "a-token", "janus.plugin.echotest")
	fmt.Println(errors.Is(err, client.UnknownError))
	// Output:
	// janus.plugin.echotest connecting
	// true
}

// A loop looks at a handle until it is gone.
func ExampleClient_WatchHandle() {
	ctx := context.Background()
	c, done := gatewayInMemory()
	defer done()
	const session, handle = 4576112751290691, 2714589377877530
	for info, err := range c.WatchHandle(ctx, session, handle, &admin.WatchOptions{Interval: time.Millisecond}) {
		if errors.Is(err, client.HandleNotFound) {
			fmt.Println("gone")
			return
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(info.WebRTC.ICE.State)
	}
	// Output:
	// connecting
	// ready
	// gone
}
