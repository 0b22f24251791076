package roster_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/examples/shared/roster"
)

// anyRoom returns the id of a room that there is not yet.
func anyRoom() uint64 { return 1 + rand.Uint64N(1<<52) }

// testRoster has two people meet in a room of a real gateway.
func testRoster(t *testing.T, url string, id client.ID) {
	c, err := client.Dial(t.Context(), url, nil)
	require.NoError(t, err)
	defer c.Close()
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	ann, err := roster.Attach(t.Context(), s)
	require.NoError(t, err)
	bob, err := roster.Attach(t.Context(), s)
	require.NoError(t, err)

	_, err = ann.Join(t.Context(), id, "Ann")
	require.ErrorIs(t, err, roster.ErrNoSuchRoom)
	require.NoError(t, ann.Create(t.Context(), id))
	require.NoError(t, bob.Create(t.Context(), id), "one that exists is no error")
	seen, err := ann.Join(t.Context(), id, "Ann")
	require.NoError(t, err)
	require.Equal(t, []roster.Person{{ID: seen.Self, Name: "Ann"}}, seen.People)
	require.Equal(t, id, seen.ID)

	other, err := bob.Join(t.Context(), id, "Bob")
	require.NoError(t, err)
	require.Equal(t, []roster.Person{{ID: other.Self, Name: "Bob"}, seen.People[0]}, other.People)
	ev := next[*roster.Joined](t, ann)
	require.Equal(t, "roster.joined", ev.Kind)
	require.True(t, seen.Update(ev))
	require.False(t, seen.Update(ev), "nobody is there twice")
	require.Equal(t, []roster.Person{other.People[1], other.People[0]}, seen.People)

	require.NoError(t, bob.Detach(t.Context()))
	left := next[*roster.Left](t, ann)
	require.Equal(t, "roster.left", left.Kind)
	people := slices.Clone(seen.People)
	require.True(t, seen.Update(left))
	require.False(t, seen.Update(left))
	require.Equal(t, people[:1], seen.People)
	require.NoError(t, s.Destroy(t.Context()))
}

// TestEvents has a gateway in memory say what a room may say.
func TestEvents(t *testing.T) {
	gw := janustest.New(t, nil)
	gw.Handle(roster.Plugin, janustest.PluginFunc(func(context.Context, *janustest.Message) (*janustest.Answer, error) {
		return &janustest.Answer{Data: json.RawMessage(`{"id":1,"publishers":[{"id":2,"display":"Bob"}],"attendees":[{"id":3}]}`)}, nil
	}))
	c, err := gw.Client(t.Context(), nil)
	require.NoError(t, err)
	defer c.Close()
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	h, err := roster.Attach(t.Context(), s)
	require.NoError(t, err)
	room, err := h.Join(t.Context(), client.NumID(7), "Ann")
	require.NoError(t, err)
	require.Equal(t, []roster.Person{{ID: client.NumID(1), Name: "Ann"}, {ID: client.NumID(2), Name: "Bob"}, {ID: client.NumID(3)}}, room.People)

	for _, tt := range []struct {
		data  string
		kind  string
		count int
	}{
		{`{"joining":{"id":9007199254740993,"display":"Cy"}}`, "roster.joined", 4},
		{`{"unpublished":2}`, "event", 4},
		{`{"leaving":true}`, "event", 4},
		{`{"joining":5}`, "event", 4},
		{`{"leaving":8}`, "roster.left", 4},
		{`{"leaving":9007199254740993}`, "roster.left", 3},
		{`{"leaving":2}`, "roster.left", 2},
	} {
		require.NoError(t, gw.Push(s.ID(), h.ID(), "event", json.RawMessage(tt.data), nil))
		ev, err := h.Next(t.Context())
		require.NoError(t, err)
		require.Equal(t, tt.kind, ev.Base().Kind, tt.data)
		require.Equal(t, h.ID(), ev.Base().Handle)
		before := len(room.People)
		require.Equal(t, tt.count != before, room.Update(ev), tt.data)
		require.Len(t, room.People, tt.count, tt.data)
	}
}

// next returns the next event of type E.
func next[E client.Event](t *testing.T, h *roster.Handle) E {
	t.Helper()
	for {
		ev, err := h.Next(t.Context())
		require.NoError(t, err)
		if e, ok := ev.(E); ok {
			return e
		}
		t.Logf("meanwhile: %s", ev.Base().Raw)
	}
}
