//go:build !js

package ws

import (
	"errors"
	"fmt"
	"os"
	"time"
)

// send takes one turn at the socket for a writer, who must not be kept there.
// The caller holds mu, which send releases, and has set busy.
func (l *link) send() {
	var n int
	var err error
	if l.socket {
		buf := l.take()
		l.mu.Unlock()
		if now := time.Now(); l.armed.Sub(now) < minQuick {
			l.armed = now.Add(maxQuick)
			_ = l.SetWriteDeadline(l.armed)
		}
		n, err = l.Conn.Write(buf)
		l.mu.Lock()
	}
	l.sent(n)
	switch {
	case err != nil && !errors.Is(err, os.ErrDeadlineExceeded):
		l.mu.Unlock()
		l.fail(err)
		return
	case l.err == nil && l.pending() > 0:
		// It owns the socket, ends when nothing is pending or the link is dead,
		// and wait waits for it.
		l.drains.Add(1)
		go l.drainFn()
	default:
		l.busy = false
	}
	l.mu.Unlock()
}

// drain is the sender that may wait for the peer.
func (l *link) drain() {
	defer l.drains.Done()
	if l.socket {
		_ = l.SetWriteDeadline(time.Time{})
		l.armed = time.Time{}
	}
	stall := time.AfterFunc(l.timeout, func() {
		l.fail(fmt.Errorf("the peer took no data for %v: %w", l.timeout, os.ErrDeadlineExceeded))
	})
	defer stall.Stop()
	l.mu.Lock()
	for l.err == nil && l.pending() > 0 {
		buf := l.take()
		l.mu.Unlock()
		stall.Reset(l.timeout)
		n, err := l.Conn.Write(buf[:min(len(buf), maxChunk)])
		if err != nil {
			l.fail(err)
		}
		l.mu.Lock()
		l.sent(n)
	}
	l.busy = false
	l.mu.Unlock()
}

// pending returns how many accepted bytes are not sent. The caller holds mu.
func (l *link) pending() int { return len(l.out) + len(l.rest) }

// take returns the bytes to send next. The caller holds mu and is the sender.
func (l *link) take() []byte {
	if len(l.rest) == 0 {
		l.taken, l.out, l.spare = l.out, l.spare[:0], nil
		l.rest = l.taken
		if l.frames > 1 {
			l.company = companyTurns
		}
		l.frames, l.control = 0, 0
	}
	return l.rest
}

// sent notes that n bytes of rest are gone. The caller holds mu.
func (l *link) sent(n int) {
	l.rest = l.rest[n:]
	if len(l.rest) == 0 && l.taken != nil {
		if cap(l.taken) <= keepBuffer {
			l.spare = l.taken
		}
		l.taken, l.rest = nil, nil
	}
	if l.room != nil && l.pending() <= maxPending/2 {
		close(l.room)
		l.room = nil
	}
}
