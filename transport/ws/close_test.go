//go:build !js

package ws

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
)

// Close returns when the goroutines of the connection are gone, not before.
func TestCloseWaitsForHelpers(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"janus-protocol"}})
		if err == nil {
			_, _, _ = c.Read(context.Background()) // answers the close frame
		}
	}))
	t.Cleanup(s.Close)
	opened, err := (&Dialer{}).Dial(t.Context(), "ws"+s.URL[len("http"):], transport.Janus)
	require.NoError(t, err)
	c, _ := opened.(*conn)
	require.True(t, c.readLate())
	c.helpers.Add(1) // one that takes its time
	closed := make(chan error, 1)
	go func() { closed <- c.Close() }() // waited for below
	<-c.late
	select {
	case err := <-closed:
		t.Fatalf("Close did not wait: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	c.helpers.Done()
	require.NoError(t, <-closed)
}
