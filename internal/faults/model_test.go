//go:build !js

package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
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

// tell expects an event at the members of a room but one.
func (r *modelRoom) tell(but *modelSeat, event string, args ...any) {
	for _, s := range r.seats {
		if s != but {
			s.want = append(s.want, fmt.Sprintf(event, args...))
		}
	}
}

// part takes a seat out of its room.
func (s *modelSeat) part() {
	s.room.seats = slices.DeleteFunc(s.room.seats, func(x *modelSeat) bool { return x == s })
	s.room, s.spent = nil, true
}

// member returns what a request of a member is refused with, 0 for nothing.
func (s *modelSeat) member() int {
	switch {
	case s.room != nil:
		return 0
	case s.spent:
		return 426
	default:
		return 424
	}
}

func (m *model) create(s *modelSeat, id int) {
	if m.rooms[id] != nil {
		m.ask(s, 427, `{"request":"create","room":%d}`, id)
		return
	}
	r := &modelRoom{id: id, notify: m.r.IntN(2) == 0}
	if m.r.IntN(2) == 0 {
		r.pin = modelPin
	}
	m.rooms[id] = r
	pin := ""
	if r.pin != "" {
		pin = `"pin":"` + r.pin + `",`
	}
	m.ask(s, 0, `{"request":"create",%s"room":%d,"notify_joining":%t,"publishers":9}`, pin, id, r.notify)
}

func (m *model) destroy(s *modelSeat, id int) {
	r := m.rooms[id]
	if r == nil {
		m.ask(s, 426, `{"request":"destroy","room":%d}`, id)
		return
	}
	r.tell(nil, "destroyed")
	for len(r.seats) > 0 {
		r.seats[0].part()
	}
	delete(m.rooms, id)
	m.ask(s, 0, `{"request":"destroy","room":%d}`, id)
}

func (m *model) exists(s *modelSeat, id int) {
	require.Equal(m.t, m.rooms[id] != nil, m.ask(s, 0, `{"request":"exists","room":%d}`, id)["exists"], m.story())
}

func (m *model) list(s *modelSeat, id int) {
	r := m.rooms[id]
	if r == nil {
		m.ask(s, 426, `{"request":"listparticipants","room":%d}`, id)
		return
	}
	want := []string{}
	for _, x := range r.seats {
		want = append(want, fmt.Sprintf("%d %s", x.id, x.display))
	}
	got := []string{}
	list, _ := m.ask(s, 0, `{"request":"listparticipants","room":%d}`, id)["participants"].([]any)
	for _, p := range list {
		p, _ := p.(map[string]any)
		display, _ := p["display"].(string)
		got = append(got, fmt.Sprintf("%v %s", p["id"], display))
	}
	require.ElementsMatch(m.t, want, got, m.story())
}

func (m *model) join(s *modelSeat, id int) {
	r, pin, me, display := m.rooms[id], "", 1+m.r.IntN(modelIDs), ""
	if m.r.IntN(4) > 0 {
		pin = modelPin
	}
	if m.r.IntN(2) == 0 {
		display = "at first"
	}
	body := fmt.Sprintf(`{"request":"join","ptype":"publisher","room":%d,"id":%d,"pin":%q`, id, me, pin)
	if display != "" {
		body += `,"display":"` + display + `"`
	}
	want := 0
	switch {
	case s.room != nil || s.spent:
		want = 425
	case r == nil:
		want = 426
	case r.pin != "" && r.pin != pin:
		want = 433
	case slices.ContainsFunc(r.seats, func(x *modelSeat) bool { return x.id == me }):
		want = 436
	}
	data := m.ask(s, want, "%s}", body)
	if want != 0 {
		return
	}
	people, _ := data["attendees"].([]any)
	if r.notify {
		require.Len(m.t, people, len(r.seats), m.story())
		r.tell(s, "joining %d %s", me, display)
	}
	s.room, s.id, s.display = r, me, display
	r.seats = append(r.seats, s)
}

func (m *model) configure(s *modelSeat, n int) {
	name := fmt.Sprintf("name %d", n)
	want := s.member()
	if want == 0 {
		if s.display != "" {
			s.room.tell(s, "display %d %s", s.id, name)
		}
		s.display = name
	}
	m.ask(s, want, `{"request":"configure","display":%q}`, name)
}

func (m *model) unpublish(s *modelSeat, _ int) {
	want := s.member()
	if want == 0 {
		want = 435
	}
	m.ask(s, want, `{"request":"unpublish"}`)
}

func (m *model) leave(s *modelSeat, _ int) {
	want := s.member()
	if want == 0 {
		s.room.tell(s, "leaving %d", s.id)
		s.part()
	}
	m.ask(s, want, `{"request":"leave"}`)
}

func (m *model) kick(s *modelSeat, id int) {
	r, who := m.rooms[id], 1+m.r.IntN(modelIDs)
	if r == nil {
		m.ask(s, 426, `{"request":"kick","room":%d,"id":%d}`, id, who)
		return
	}
	i := slices.IndexFunc(r.seats, func(x *modelSeat) bool { return x.id == who })
	if i < 0 {
		m.ask(s, 428, `{"request":"kick","room":%d,"id":%d}`, id, who)
		return
	}
	kicked := r.seats[i]
	r.tell(kicked, "kicked %d", who)
	kicked.want = append(kicked.want, "leaving ok")
	kicked.part()
	m.ask(s, 0, `{"request":"kick","room":%d,"id":%d}`, id, who)
}

// gone expects what others hear of a handle that goes away.
func (s *modelSeat) gone() {
	if s.room == nil {
		return
	}
	r := s.room
	s.part()
	for range 2 {
		r.tell(s, "unpublished %d", s.id)
	}
	r.tell(s, "leaving %d", s.id)
}

func (m *model) detach(s *modelSeat, _ int) {
	m.past = append(m.past, fmt.Sprintf("%d detach", s.h.ID()))
	r, id := s.room, s.id
	s.gone()
	require.NoError(m.t, s.h.Detach(bounded(m.t, patience)), m.story())
	m.attach(s)
	m.left(s, r, id)
}

// left waits until a member is out of a room: Janus clears up behind its answer.
func (m *model) left(by *modelSeat, r *modelRoom, id int) {
	m.t.Helper()
	if r == nil {
		return
	}
	eventually(m.t, "a member leaves", func() bool {
		resp, err := by.h.Request(m.t.Context(), map[string]any{"request": "listparticipants", "room": r.id}, nil)
		require.NoError(m.t, err, m.story())
		return !strings.Contains(string(resp.Data), fmt.Sprintf(`"id":%d,`, id))
	})
}

// restart destroys a session and makes another, where not both of its handles are
// members: they go in either order.
func (m *model) restart(s *modelSeat, _ int) {
	u := s.user
	if u.seats[0].room != nil && u.seats[1].room != nil {
		return
	}
	m.past = append(m.past, fmt.Sprintf("session %d destroy", u.session.ID()))
	var room *modelRoom
	id := 0
	for _, x := range u.seats {
		if x.room != nil {
			room, id = x.room, x.id
		}
		x.gone()
	}
	require.NoError(m.t, u.session.Destroy(bounded(m.t, patience)), m.story())
	m.enter(u, u.session.Client())
	m.left(u.seats[0], room, id)
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
