//go:build !js

package gateway

import (
	"context"
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
)

// mailbox is what a handle is told without having asked. While the handle waits
// for an answer, it waits too: an answer that is made comes ahead of what follows
// from it. It is used with the plugin's lock held.
type mailbox struct {
	at    *janustest.Attachment
	turn  uint64      // counts the answers
	busy  bool        // one is under way
	stop  func() bool // the waiting for its end
	later []func()    // what comes behind it
}

// answering begins an answer, which is sent when ctx ends or another begins: both
// are the way of janustest with the messages of a handle. mu is the plugin's lock.
func (m *mailbox) answering(ctx context.Context, mu *sync.Mutex) {
	m.flush()
	if m.stop != nil {
		m.stop() // or as many wait as there are messages in a row
	}
	m.turn++
	m.busy = true
	turn := m.turn
	m.stop = context.AfterFunc(ctx, func() {
		mu.Lock()
		defer mu.Unlock()
		if m.turn == turn {
			m.busy = false
			m.flush()
		}
	})
}

func (m *mailbox) flush() {
	for _, f := range m.later {
		f()
	}
	m.later = nil
}

// then calls f, behind the answer that is under way.
func (m *mailbox) then(f func()) {
	if m.busy {
		m.later = append(m.later, f)
		return
	}
	f()
}

// say sends an event.
func (m *mailbox) say(data object, jsep *client.JSEP) {
	m.then(func() { _ = m.at.Event(data, jsep) }) // the handle may be gone
}
