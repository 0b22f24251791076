package conform

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"testing"

	"github.com/bifrons-rtc/bifrons/transport"
)

// wire is one connection and what arrived on it.
type wire struct {
	conn transport.Conn
	in   chan []byte
	back any // received, and to be received again

	last envelope // what was sent last
}

// envelope is what decides about polls.
type envelope struct {
	Janus     string `json:"janus"`
	Session   uint64 `json:"session_id"`
	Token     string `json:"token"`
	APISecret string `json:"apisecret"`
}

// open dials.
func open(t testing.TB, dial DialFunc) *wire {
	t.Helper()
	conn, err := dial(t.Context())
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	w := &wire{conn: conn, in: make(chan []byte, 256)}
	// The reader owns the receiving half. It ends when close closes the connection,
	// and close waits for it by draining in.
	go func() {
		defer close(w.in)
		for {
			b, err := conn.Read(context.Background())
			if err != nil {
				return
			}
			w.in <- bytes.Clone(b)
		}
	}()
	return w
}

// sent notes what is sent. A session that is being destroyed has no events any
// more, where the transport does not bring them by itself.
func (w *wire) sent(data string) {
	w.last = envelope{}
	_ = json.Unmarshal([]byte(data), &w.last) // what is no request decides nothing
	if poller, ok := w.conn.(transport.SessionPoller); ok && w.last.Janus == "destroy" {
		poller.Unpoll(w.last.Session)
	}
}

// poll asks for the events of the session that w owns since this answer.
func (w *wire) poll(answer any) {
	poller, ok := w.conn.(transport.SessionPoller)
	m, _ := answer.(map[string]any)
	if !ok || w.last.Janus != "create" && w.last.Janus != "claim" || m["janus"] != "success" {
		return
	}
	id := m["session_id"]
	if data, ok := m["data"].(map[string]any); ok {
		id = data["id"]
	}
	if n, err := strconv.ParseUint(fmt.Sprint(id), 10, 64); err == nil {
		poller.Poll(n, transport.Auth{Token: w.last.Token, APISecret: w.last.APISecret})
	}
}

func (w *wire) close() {
	_ = w.conn.Close() // the test is over
	for range w.in {
	}
}
