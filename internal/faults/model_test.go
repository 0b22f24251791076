//go:build !js

package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	embedded "github.com/bifrons-rtc/bifrons/client/janustest/gateway"
)

// modelRoom is a room of the model.
type modelRoom struct {
	id     int
	pin    string
	notify bool // of who joins
	seats  []*modelSeat
}

// modelSeat is a handle of the video room, and where it is.
type modelSeat struct {
	user    *modelUser
	h       *client.Handle
	room    *modelRoom // nil: nowhere
	spent   bool       // it was somewhere and cannot join again
	id      int
	display string
	want    []string // events to come
}

// modelUser is one client.
type modelUser struct {
	session *client.Session
	seats   []*modelSeat
}

// model is what a video room does, as far as members without media go, and the
// gateway that is compared with it.
type model struct {
	t     *testing.T
	r     *rand.Rand
	users []*modelUser
	rooms map[int]*modelRoom
	past  []string // the last steps
}

const (
	modelRooms = 3
	modelIDs   = 6
	modelPin   = "p"
)

// newModel connects three clients with two handles each.
func newModel(t *testing.T, seed uint64, dial func() *client.Client) *model {
	m := &model{t: t, r: rand.New(rand.NewPCG(seed, 17)), rooms: map[int]*modelRoom{}}
	for range 3 {
		c := dial()
		u := &modelUser{}
		m.users = append(m.users, u)
		m.enter(u, c)
	}
	return m
}

// enter gives a user a session and fresh handles.
func (m *model) enter(u *modelUser, c *client.Client) {
	m.t.Helper()
	s, err := c.NewSession(bounded(m.t, patience))
	require.NoError(m.t, err)
	u.session, u.seats = s, nil
	for range 2 {
		u.seats = append(u.seats, m.attach(&modelSeat{user: u}))
	}
}

// attach gives a seat a fresh handle.
func (m *model) attach(s *modelSeat) *modelSeat {
	m.t.Helper()
	h, err := s.user.session.Attach(bounded(m.t, patience), "janus.plugin.videoroom", nil)
	require.NoError(m.t, err)
	*s = modelSeat{user: s.user, h: h}
	return s
}

// step does one thing at random and compares what comes of it.
func (m *model) step() {
	m.t.Helper()
	user := m.users[m.r.IntN(len(m.users))]
	seat := user.seats[m.r.IntN(len(user.seats))]
	id := 1 + m.r.IntN(modelRooms)
	steps := []func(*modelSeat, int){m.create, m.join, m.join, m.join, m.configure, m.configure, m.leave, m.list, m.list,
		m.exists, m.kick, m.destroy, m.detach, m.unpublish, m.restart}
	steps[m.r.IntN(len(steps))](seat, id)
	for _, u := range m.users {
		for _, s := range u.seats {
			m.hear(s)
		}
	}
}

// ask makes a request and checks the error code, 0 for none.
func (m *model) ask(s *modelSeat, want int, format string, args ...any) map[string]any {
	m.t.Helper()
	body := fmt.Sprintf(format, args...)
	m.past = append(m.past, fmt.Sprintf("%d %s", s.h.ID(), body))
	resp, err := s.h.Request(bounded(m.t, patience), json.RawMessage(body), nil)
	code := 0
	var refused *client.PluginError
	if errors.As(err, &refused) {
		code = refused.Code
	} else {
		require.NoError(m.t, err, m.story())
	}
	require.Equal(m.t, want, code, "%s %v", m.story(), err)
	var data map[string]any
	if code == 0 {
		require.NoError(m.t, json.Unmarshal(resp.Data, &data))
	}
	return data
}

// story tells what happened last.
func (m *model) story() string {
	return "after\n" + strings.Join(m.past[max(0, len(m.past)-40):], "\n")
}

// hear compares the events of a seat with those that must come.
func (m *model) hear(s *modelSeat) {
	m.t.Helper()
	for ; len(s.want) > 0; s.want = s.want[1:] {
		ev, err := s.h.Next(bounded(m.t, patience))
		require.NoError(m.t, err, "%d waits for %q %s", s.h.ID(), s.want, m.story())
		require.Equal(m.t, s.want[0], modelEvent(ev), "%d %s", s.h.ID(), m.story())
	}
}

// modelEvent says what an event says.
func modelEvent(ev client.Event) string {
	p, ok := ev.(*client.PluginEvent)
	if !ok {
		return fmt.Sprintf("%T", ev)
	}
	var d map[string]any
	if err := json.Unmarshal(p.Data, &d); err != nil {
		return err.Error()
	}
	if who, ok := d["joining"].(map[string]any); ok {
		display, _ := who["display"].(string)
		return fmt.Sprintf("joining %v %s", who["id"], display)
	}
	for _, key := range []string{"leaving", "unpublished", "kicked"} {
		if who, ok := d[key]; ok {
			return fmt.Sprintf("%s %v", key, who)
		}
	}
	if name, ok := d["display"]; ok {
		return fmt.Sprintf("display %v %s", d["id"], name)
	}
	return fmt.Sprint(d["videoroom"])
}

// run takes steps, and then sees that nothing more was said.
func (m *model) run(steps int) {
	m.t.Helper()
	for range steps {
		m.step()
	}
	over, cancel := context.WithCancel(m.t.Context())
	cancel()
	for _, u := range m.users {
		for _, s := range u.seats {
			m.exists(s, 1)
			ev, err := s.h.Next(over)
			require.Error(m.t, err, "%d heard %v %s", s.h.ID(), ev, m.story())
		}
	}
}

// models runs the model with several seeds.
func models(t *testing.T, seeds, steps int, url func(t *testing.T) string) {
	first := rand.Uint64()
	for n := range uint64(seeds) {
		seed := first + n
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			at := url(t)
			newModel(t, seed, func() *client.Client { return dial(t, at, nil) }).run(steps)
		})
	}
}

// TestModel takes random steps with three clients at the embedded gateway, and
// predicts each answer and each event (R17).
func TestModel(t *testing.T) {
	models(t, long(5, 50), long(300, 2000), func(t *testing.T) string {
		a, err := embedded.New(t, nil).Listen()
		require.NoError(t, err)
		return a.WS
	})
}

// TestJanusModel is the same model at the real Janus.
func TestJanusModel(t *testing.T) {
	models(t, long(3, 50), long(300, 2000), func(t *testing.T) string { return gateway(t, nil).WS() })
}
