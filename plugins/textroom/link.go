package textroom

import (
	"context"
	"errors"
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/turn"
)

// link is what a Handle knows of its peer connection.
type link struct {
	turn turn.Turn // of an exchange with the gateway

	mu   sync.Mutex // guards the rest
	conn *Conn      // the last one opened; nil before
	up   bool       // there is one, or will be
}

// observe follows the peer connection. It runs on the client's read loop.
func (l *link) observe(ev client.Event) bool {
	var cause error
	final, ours := false, false
	switch ev := ev.(type) {
	case *client.Hangup:
		cause = fmt.Errorf("the gateway hung up: %s", ev.Reason)
		final, ours = !ev.Fault(), true
	case *client.Detached:
		cause, final = client.ErrDetached, true
	case *client.SessionTimeout:
		cause = client.ErrSessionTimeout
	case *client.Resumed:
		if !ev.Rebuilt { // claimed: the gateway kept the handle and its peer connection
			if c := l.open(); c != nil {
				c.resync()
			}
			return false
		}
		cause = errors.New("the session was rebuilt, and knows nothing of this connection")
	default:
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.conn == nil:
		l.up = false
	case ours && final && l.conn.gate() != nil: // it makes room for another connection
	case final:
		l.conn.fail(fmt.Errorf("%w: %w", ErrEnded, cause))
		l.up = false
	case !l.conn.lose(cause):
		l.up = false
	}
	return false
}

// open returns the connection there is; nil for none.
func (l *link) open() *Conn {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.up {
		return nil
	}
	return l.conn
}

// begin marks that there will be a connection, unless there is.
func (l *link) begin() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.up {
		return false
	}
	l.up = true
	return true
}

// opened takes the connection that was made; false when it has ended meanwhile.
func (l *link) opened(c *Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.up {
		return false
	}
	l.conn = c
	return true
}

// runs reports whether c is the connection there is.
func (l *link) runs(c *Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.conn == c && l.up
}

// last reports whether c is the connection that was opened last.
func (l *link) last(c *Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.conn == c
}

// current returns the connection there is, nil for none. It waits for one that is
// being made.
func (l *link) current(ctx context.Context) (*Conn, error) {
	if err := l.turn.Lock(ctx); err != nil {
		return nil, err
	}
	defer l.turn.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.up || l.conn.Err() != nil {
		return nil, nil
	}
	return l.conn, nil
}

// reset notes that there is none.
func (l *link) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.up = false
}
