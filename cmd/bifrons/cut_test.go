//go:build !js

package main

import (
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
)

// wire is a way to a gateway that can be cut.
type wire struct {
	url   string
	mu    sync.Mutex // protects conns
	conns []net.Conn
}

func newWire(t *testing.T, gw *janusproc.Server) *wire {
	t.Helper()
	address := strings.Trim(strings.TrimPrefix(gw.WS(), "ws:"), "/")
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w := &wire{url: "ws://" + l.Addr().String() + "/"}
	var running sync.WaitGroup
	// It owns the listener; all of it ends with the test, which waits for it.
	running.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
			if err != nil {
				_ = near.Close()
				continue
			}
			w.mu.Lock()
			w.conns = append(w.conns, near, far)
			w.mu.Unlock()
			running.Go(func() { _, _ = io.Copy(far, near); _ = far.Close() })
			running.Go(func() { _, _ = io.Copy(near, far); _ = near.Close() })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		w.cut()
		running.Wait()
	})
	return w
}

func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.conns {
		_ = c.Close()
	}
	w.conns = nil
}

// The connection breaks and the gateway keeps the session: media and the recording
// go on as if nothing had been.
func TestJanusConnectionCut(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, &janusproc.Options{ReclaimTimeout: 30 * time.Second, Append: demoRooms})
	w := newWire(t, gw)
	dir := t.TempDir()
	ann := start(t, "room", "publish", "--as", "ann", w.url)
	ann.until(t, "connected, ICE")
	rec := start(t, "--json", "room", "record", "--out", filepath.Join(dir, "out.webm"), w.url)
	rec.until(t, `"recording"`)
	w.cut()
	for _, g := range []*going{ann, rec} {
		g.until(t, "the connection is lost, trying again for 30s")
		g.until(t, "connected again")
	}
	rec.until(t, `"stats"`)
	ann.stop(t, exitOK)
	rec.until(t, `"recorded"`)
	rec.stop(t, exitOK)
	require.Len(t, rec.events(t, "recorded"), 1)
	streams, _ := probe(t, rec.last(t, "recorded")["file"].(string))
	require.Len(t, streams, 2)
}

// The gateway is killed and started again: who sends comes back to the room, and the
// file of who records goes on.
func TestJanusRestartRecorded(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, &janusproc.Options{Append: demoRooms})
	ann := start(t, "room", "publish", "--as", "ann", gw.WS())
	ann.until(t, "connected, ICE")
	rec := start(t, "--json", "room", "record", "--out", filepath.Join(t.TempDir(), "out.webm"), gw.WS())
	rec.until(t, `"stats"`)
	gw.Kill()
	require.NoError(t, gw.Restart(t.Context()))
	for _, g := range []*going{ann, rec} {
		g.until(t, "connected again")
	}
	grown := func(from float64) bool { return rec.last(t, "stats")["recorded_bytes"].(float64) > from }
	before := rec.last(t, "stats")["recorded_bytes"].(float64)
	for limit := time.After(patience); !grown(before + 100_000); {
		select {
		case <-rec.news.came:
		case <-limit:
			require.Fail(t, "nothing more is recorded", rec.said())
		}
	}
	rec.stop(t, exitOK)
	require.Len(t, rec.events(t, "recorded"), 1, "one file")
	streams, _ := probe(t, rec.last(t, "recorded")["file"].(string))
	require.Len(t, streams, 2)
	ann.stop(t, exitOK)
}

// So does a chat: nobody sees it leave, and what is typed after the cut arrives.
func TestJanusChatCut(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, &janusproc.Options{ReclaimTimeout: 30 * time.Second, Append: demoRooms})
	w := newWire(t, gw)
	eve := start(t, "text", "join", "--as", "eve", gw.WS())
	eve.until(t, "* here:")
	bob := start(t, "text", "join", "--as", "bob", w.url)
	eve.until(t, "* bob is here\n")
	w.cut()
	bob.until(t, "connected again")
	bob.types(t, "still here")
	eve.until(t, "bob: still here\n")
	bob.types(t, "/quit")
	bob.wait(t, exitOK)
	eve.until(t, "* bob left\n")
	eve.stop(t, exitOK)
	require.Equal(t, 1, strings.Count(eve.said(), "* bob left"), eve.said())
}
