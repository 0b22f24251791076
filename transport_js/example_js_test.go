package transportjs_test

import (
	"context"

	"github.com/bifrons-rtc/bifrons/transport"
	transportjs "github.com/bifrons-rtc/bifrons/transport_js"
)

func Example() {
	w, f := transportjs.WebSocket{}, transportjs.Fetch{}
	reg := transport.Registry{"ws": w, "wss": w, "http": f, "https": f}
	conn, err := reg.Dial(context.Background(), "wss://gateway.example.org/", transport.Janus)
	if err != nil {
		return // a *transport.DialError says what to look at
	}
	defer func() { _ = conn.Close() }()
	_ = conn.Write(context.Background(), transport.Message{Data: []byte(`{"janus":"info","transaction":"1"}`)})
	_, _ = conn.Read(context.Background())
}

// This example shows how to notice that a page was away: connections may be
// gone by then and may not have said so.
func ExampleWatch() {
	w := transportjs.Watch()
	defer func() { _ = w.Close() }()
	for {
		change, err := w.Next(context.Background())
		if err != nil {
			return
		}
		switch change {
		case transportjs.Resumed, transportjs.Online:
			// look after the connection
		case transportjs.Leaving:
			// destroy the sessions
		}
	}
}
