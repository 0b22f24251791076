package transport_test

import (
	"context"
	"fmt"

	"github.com/bifrons-rtc/bifrons/transport"
)

// loop is a transport of one's own: its gateway says pong to everything.
type loop struct{}

func (loop) Dial(context.Context, string, transport.API) (transport.Conn, error) {
	client, server := transport.Pipe()
	// It owns the gateway's end, ends when the client closes its own, and
	// nobody needs to wait for it.
	go func() {
		defer func() { _ = server.Close() }()
		for {
			if _, err := server.Read(context.Background()); err != nil {
				return
			}
			_ = server.Write(context.Background(), transport.Message{Data: []byte(`{"janus":"pong"}`)})
		}
	}()
	return client, nil
}

// A Registry is a map: put a Dialer under a scheme and dial it.
func ExampleRegistry() {
	ctx := context.Background()
	reg := transport.Registry{"loop": loop{}}
	conn, err := reg.Dial(ctx, "loop://", transport.Janus)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = conn.Close() }()
	_ = conn.Write(ctx, transport.Message{Data: []byte(`{"janus":"ping","transaction":"1"}`)})
	answer, err := conn.Read(ctx)
	fmt.Println(string(answer), err)

	_, err = reg.Dial(ctx, "gopher://gateway/", transport.Janus)
	fmt.Println(err)
	// Output:
	// {"janus":"pong"} <nil>
	// transport: no transport for scheme "gopher"; use one of loop
}
