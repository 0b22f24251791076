//go:build !js

package faults

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"
)

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
