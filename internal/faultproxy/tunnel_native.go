//go:build !js

package faultproxy

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// tunnel is one WebSocket: two sockets and a pump in each direction.
type tunnel struct {
	client, server net.Conn
	stop           context.CancelFunc

	mu  sync.Mutex // guards how
	how Kind       // how it was cut; Pass: not
}

// tunnel serves the handshake of a WebSocket and what follows.
func (p *Proxy) tunnel(w http.ResponseWriter, r *http.Request) { //nolint:contextcheck // a hijacked socket is the proxy's
	client, err := hijack(w)
	if err != nil {
		return
	}
	defer p.drop(client)
	server, err := (&net.Dialer{}).DialContext(p.ctx, "tcp", p.target.Host) //nolint:contextcheck // likewise
	if err != nil {
		reset(client) // nobody listens
		return
	}
	defer p.drop(server)
	if !p.keep(client) || !p.keep(server) || r.Write(server) != nil {
		return
	}
	answers := bufio.NewReaderSize(server, 64<<10)
	if head(client, answers) != nil {
		return
	}
	ctx, stop := context.WithCancel(p.ctx)
	defer stop()
	t := &tunnel{client: client, server: server, stop: stop}
	n := p.faults.open(t.cut)
	defer p.faults.closed(n)
	var wg sync.WaitGroup
	// Two readers and two pumps; they end with the sockets, which one that ends
	// closes, and the handler waits for all.
	for _, way := range []struct {
		dir      Direction
		from     *bufio.Reader
		source   net.Conn
		to, back net.Conn
	}{
		{ToServer, bufio.NewReaderSize(client, 64<<10), client, server, client},
		{ToClient, answers, server, client, server},
	} {
		in := make(chan frame)
		wg.Go(func() {
			for {
				f, err := readFrame(way.from)
				if err != nil {
					close(in)
					_ = way.source.Close()
					return
				}
				select {
				case in <- f:
				case <-ctx.Done(): // nobody hears it
				}
			}
		})
		pump := &pump{faults: p.faults, lane: lane{n, way.dir}, cut: t.cut, write: func(list ...frame) error {
			_, err := way.to.Write(join(list))
			return err
		}}
		wg.Go(func() {
			err := pump.run(ctx, in)
			if !errors.Is(err, errCut) && !t.silent() {
				stop()
				_ = way.to.Close()
			}
		})
	}
	wg.Wait()
}

// cut ends the connection as a fault says, the first time.
func (t *tunnel) cut(k Kind) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.how != Pass {
		return
	}
	t.how = k
	t.stop()
	switch k {
	case Reset:
		reset(t.client)
		reset(t.server)
	case Silence:
		// What is being written would go on as soon as somebody reads.
		_ = t.client.SetWriteDeadline(time.Now())
		_ = t.server.SetWriteDeadline(time.Now())
	default:
		_ = t.client.Close()
		_ = t.server.Close()
	}
}

func (t *tunnel) silent() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.how == Silence
}
