// This example shows how to:
//
//  1. write a transport.Dialer of your own, here one that counts what goes
//     through another
//  2. keep the optional capabilities of the connections it wraps
//  3. give it a scheme of its own
//
// Run it with the URL of a gateway, or without, and it starts one of its own:
//
//	go run ./examples/custom-transport ws://127.0.0.1:8188/
package main

import (
	"context"
	"log"
	"os"
	"strings"
	"sync/atomic"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/examples/internal/place"
	"github.com/bifrons-rtc/bifrons/transport"
)

// prefix is what the URLs of a Dialer begin with, before a scheme of Next.
const prefix = "count+"

// Dialer counts the bytes of all its connections.
type Dialer struct {
	Next           transport.Dialer
	Sent, Received atomic.Int64
}

// Register gives d the schemes of reg, with the prefix before each.
func (d *Dialer) Register(reg transport.Registry) transport.Registry {
	all := transport.Registry{}
	for scheme, dialer := range reg {
		all[scheme], all[prefix+scheme] = dialer, d
	}
	return all
}

// Dial implements transport.Dialer.
func (d *Dialer) Dial(ctx context.Context, rawURL string, api transport.API) (transport.Conn, error) {
	next, err := d.Next.Dial(ctx, strings.TrimPrefix(rawURL, prefix), api)
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: next, dialer: d}
	// An HTTP connection has to be told for which sessions to poll. A wrapper
	// that hides that capability would get answers and no events.
	if poller, ok := next.(transport.SessionPoller); ok {
		return &pollingConn{c, poller}, nil
	}
	return c, nil
}

// conn counts; everything else is the wrapped connection's.
type conn struct {
	transport.Conn
	dialer *Dialer
}

func (c *conn) Read(ctx context.Context) ([]byte, error) {
	b, err := c.Conn.Read(ctx)
	c.dialer.Received.Add(int64(len(b)))
	return b, err
}

func (c *conn) Write(ctx context.Context, m transport.Message) error {
	err := c.Conn.Write(ctx, m)
	if err == nil {
		c.dialer.Sent.Add(int64(len(m.Data)))
	}
	return err
}

type pollingConn struct {
	*conn
	transport.SessionPoller
}

func main() {
	gw, err := place.Find(os.Args[1:])
	if err != nil {
		log.Fatal(err)
	}
	defer gw.Close()
	schemes := client.DefaultTransports()
	counter := &Dialer{Next: schemes} // a Registry is a Dialer, too
	c, err := client.Dial(context.Background(), prefix+gw.URL, &client.Options{Transports: counter.Register(schemes)})
	if err != nil {
		log.Fatal(err)
	}
	rtt, err := c.Ping(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	_ = c.Close() // always nil
	log.Printf("ping: %v, %d bytes sent, %d received", rtt, counter.Sent.Load(), counter.Received.Load())
}
