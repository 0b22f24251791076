package videoroom_test

import (
	"context"
	"slices"
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
)

// mender is a peer without media that can be mended.
type mender struct {
	peer
	handle *client.Handle

	state   sync.Mutex
	health  client.Health
	changed chan struct{}
	renewed [][]string // the m-lines that were lost each time
	offers  int
	restart int // how many of them with new credentials
	stuck   bool
}

var _ client.Mender = (*mender)(nil)

func newMender(h *client.Handle) *mender {
	m := &mender{handle: h, changed: make(chan struct{})}
	go func() { <-h.Done(); m.feel(client.HealthEnded) }() // ends with the handle
	h.Observe(func(ev client.Event) bool {
		switch ev := ev.(type) {
		case *client.Hangup:
			switch health, _ := m.Health(); {
			case health == client.HealthNew: // it is about the connection before
			case ev.Fault():
				m.feel(client.HealthLost)
			default:
				m.feel(client.HealthEnded)
			}
		case *client.Resumed:
			if ev.Rebuilt {
				m.feel(client.HealthLost)
			}
		}
		return false
	})
	return m
}

// feel changes the health.
func (m *mender) feel(h client.Health) {
	m.state.Lock()
	defer m.state.Unlock()
	if m.health != h && m.health != client.HealthEnded {
		m.health = h
		close(m.changed)
		m.changed = make(chan struct{})
	}
}

// up is what negotiations lead to.
func (m *mender) up() {
	m.state.Lock()
	stuck := m.stuck
	m.state.Unlock()
	if !stuck {
		m.feel(client.HealthGood)
	}
}

// Keep implements client.Mender.
func (m *mender) Keep() (release func(), ok bool) {
	return func() {
		if health, _ := m.Health(); health != client.HealthGood {
			m.feel(client.HealthEnded)
		}
	}, true
}

// Health implements client.Mender.
func (m *mender) Health() (client.Health, <-chan struct{}) {
	m.state.Lock()
	defer m.state.Unlock()
	return m.health, m.changed
}

// Renew implements client.Mender.
func (m *mender) Renew(_ context.Context, lost ...string) error {
	m.state.Lock()
	m.renewed = append(m.renewed, lost)
	m.stuck = false
	m.state.Unlock()
	m.feel(client.HealthNew)
	return nil
}

// Offer implements client.Negotiator.
func (m *mender) Offer(ctx context.Context, restart bool) (*client.JSEP, error) {
	m.state.Lock()
	m.offers++
	if restart {
		m.restart++
	}
	m.state.Unlock()
	return m.peer.Offer(ctx, restart)
}

// Answer implements client.Negotiator.
func (m *mender) Answer(ctx context.Context, offer *client.JSEP) (*client.JSEP, error) {
	j, err := m.peer.Answer(ctx, offer)
	if err == nil {
		m.up()
	}
	return j, err
}

// Accept implements client.Negotiator.
func (m *mender) Accept(context.Context, *client.JSEP) error {
	m.up()
	return nil
}

// trouble makes the connection bad, and restarts of no use.
func (m *mender) trouble(h client.Health) {
	m.state.Lock()
	m.stuck = true
	m.state.Unlock()
	m.feel(h)
}

func (m *mender) renewals() [][]string {
	m.state.Lock()
	defer m.state.Unlock()
	return slices.Clone(m.renewed)
}

func (m *mender) restarts() int {
	m.state.Lock()
	defer m.state.Unlock()
	return m.restart
}

// menders makes menders and remembers them.
type menders struct {
	mu   sync.Mutex
	list []*mender
}

func (m *menders) peer(h *client.Handle) (client.Negotiator, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := newMender(h)
	m.list = append(m.list, p)
	return p, nil
}

// all returns the menders there are, in the order they were made.
func (m *menders) all() []*mender {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.list)
}
