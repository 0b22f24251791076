//go:build !js

package rest_test

import (
	"bytes"
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/rest"
	"github.com/stretchr/testify/require"
)

// fake is a gateway that hands out requests, answers them with nothing, and
// gives events to whoever polls.
type fake struct {
	*httptest.Server
	requests chan *http.Request
	queue    chan []byte // bodies of requests
	events   chan []byte
	dropped  atomic.Bool
	accepted atomic.Int32 // sockets
}

func newFake(t testing.TB) *fake {
	f := &fake{queue: make(chan []byte, 64), events: make(chan []byte, 64), requests: make(chan *http.Request, 1000)}
	f.Server = httptest.NewUnstartedServer(http.HandlerFunc(f.serve))
	f.Config.ErrorLog = log.New(io.Discard, "", 0) //nolint:forbidigo // http.Server wants one
	f.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			f.accepted.Add(1)
		}
	}
	f.Start()
	t.Cleanup(f.Server.Close)
	return f
}

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	if f.dropped.Load() {
		if nc, _, err := w.(http.Hijacker).Hijack(); err == nil {
			_ = nc.Close()
		}
		return
	}
	select {
	case f.requests <- r:
	default:
	}
	switch {
	case r.URL.Path == "/janus/info":
		_, _ = io.WriteString(w, `{"janus":"server_info"}`)
	case r.Method == "POST":
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return // the client gave it up
		}
		select {
		case f.queue <- b:
		case <-r.Context().Done():
		}
	default:
		f.poll(w, r)
	}
}

func (f *fake) poll(w http.ResponseWriter, r *http.Request) {
	var batch [][]byte
	select {
	case b := <-f.events:
		batch = append(batch, b)
	case <-r.Context().Done():
		return
	}
	most, _ := strconv.Atoi(r.URL.Query().Get("maxev"))
	for more := true; more && len(batch) < most; {
		select {
		case b := <-f.events:
			batch = append(batch, b)
		default:
			more = false
		}
	}
	if len(batch) == 1 {
		_, _ = w.Write(batch[0])
		return
	}
	_, _ = w.Write([]byte("[\n  " + string(bytes.Join(batch, []byte(",\n  "))) + "\n]"))
}

func (f *fake) Receive(ctx context.Context) ([]byte, error) {
	select {
	case b := <-f.queue:
		return b, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (f *fake) Send(ctx context.Context, data []byte) error {
	select {
	case f.events <- bytes.Clone(data):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *fake) Drop() {
	f.dropped.Store(true)
	f.CloseClientConnections()
}

func (f *fake) dial(t testing.TB, d *rest.Dialer) transport.Conn {
	conn, err := d.Dial(t.Context(), f.URL+"/janus", transport.Janus)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}
