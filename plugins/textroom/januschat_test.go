package textroom_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

// usernames returns who is in a list.
func usernames(list []textroom.Participant) (names []string) {
	for _, p := range list {
		names = append(names, p.Username)
	}
	return names
}

// chat has three people in two rooms.
func chat(ctx context.Context, t *testing.T, gw string) {
	t.Helper()
	annH, ann := connect(ctx, t, gw)
	bobH, bob := connect(ctx, t, gw)
	eveH, eve := connect(ctx, t, gw)
	room := newRoom(ctx, t, annH.Rooms, textroom.CreateRequest{Secret: "s", History: 2})
	other := newRoom(ctx, t, ann.Rooms, textroom.CreateRequest{})

	list, err := ann.Join(ctx, textroom.JoinRequest{Room: room, Username: "ann", Display: "Ann"})
	require.NoError(t, err)
	require.Empty(t, list)
	self := await[*textroom.Joined](ctx, t, annH)
	require.Equal(t, "ann", self.Username)
	require.Equal(t, "Ann", self.Display)
	require.Equal(t, "textroom.joined", self.Kind)
	require.Equal(t, annH.ID(), self.Handle)
	_, err = ann.Join(ctx, textroom.JoinRequest{Room: other, Username: "ann"})
	require.NoError(t, err, "many rooms on one handle")
	require.Equal(t, other, await[*textroom.Joined](ctx, t, annH).Room)

	list, err = bob.Join(ctx, textroom.JoinRequest{Room: room, Username: "bob"})
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.NotEmpty(t, list[0].Raw)
	list[0].Raw = nil
	require.Equal(t, []textroom.Participant{{Username: "ann", Display: "Ann"}}, list)
	require.Equal(t, "bob", await[*textroom.Joined](ctx, t, annH).Username)
	require.Equal(t, "bob", await[*textroom.Joined](ctx, t, bobH).Username)

	// To everybody, with and without an answer.
	for _, text := range []string{"one", "two", `{"three":"\n"}`} {
		sent, err := ann.Message(ctx, textroom.MessageRequest{Room: room, Text: text})
		require.NoError(t, err)
		require.Nil(t, sent.To)
		for _, h := range []*textroom.Handle{annH, bobH} {
			m := await[*textroom.Message](ctx, t, h)
			require.Equal(t, text, m.Text)
			require.Equal(t, "ann", m.From)
			require.Equal(t, room, m.Room)
			require.False(t, m.Whisper)
			require.WithinDuration(t, time.Now(), m.Date, 10*time.Second)
		}
	}
	_, err = bob.Message(ctx, textroom.MessageRequest{Room: room, Text: "no answer", Ack: new(false)})
	require.NoError(t, err)
	require.Equal(t, "no answer", await[*textroom.Message](ctx, t, annH).Text)
	_, err = bob.Message(ctx, textroom.MessageRequest{Room: other, Text: "not in it", Ack: new(false)})
	require.NoError(t, err)
	require.ErrorIs(t, await[*textroom.Error](ctx, t, bobH).Err, textroom.ErrNotInRoom)

	// A late joiner gets what the room has kept, and only then joins.
	_, err = eve.Join(ctx, textroom.JoinRequest{Room: room, Username: "eve"})
	require.NoError(t, err)
	for _, want := range []string{`{"three":"\n"}`, "no answer"} {
		ev, err := eveH.Next(ctx)
		for ; err == nil && !isChat(ev); ev, err = eveH.Next(ctx) {
			_, joined := ev.(*textroom.Joined)
			require.False(t, joined, "the history comes first")
		}
		require.NoError(t, err)
		require.Equal(t, want, ev.(*textroom.Message).Text)
		if want != "no answer" {
			require.Equal(t, "Ann", ev.(*textroom.Message).Display)
		}
	}
	require.Equal(t, "eve", await[*textroom.Joined](ctx, t, eveH).Username)

	// In private.
	sent, err := ann.Message(ctx, textroom.MessageRequest{Room: room, Text: "psst", To: "bob"})
	require.NoError(t, err)
	require.Equal(t, map[string]bool{"bob": true}, sent.To)
	m := await[*textroom.Message](ctx, t, bobH)
	for !m.Whisper {
		m = await[*textroom.Message](ctx, t, bobH) // bob's own that he had not read
	}
	require.Equal(t, "psst", m.Text)
	sent, err = ann.Message(ctx, textroom.MessageRequest{Room: room, Text: "both", Tos: []string{"bob", "eve", "zoe"}})
	require.NoError(t, err)
	require.Equal(t, map[string]bool{"bob": true, "eve": true, "zoe": false}, sent.To)
	require.Equal(t, "both", await[*textroom.Message](ctx, t, bobH).Text)
	require.Equal(t, "both", await[*textroom.Message](ctx, t, eveH).Text)

	// Who leaves, and how.
	people, err := annH.Participants(ctx, room)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"ann", "bob", "eve"}, usernames(people))
	require.NoError(t, bob.Leave(ctx, room))
	require.Equal(t, "bob", await[*textroom.Left](ctx, t, bobH).Username)
	require.Equal(t, "bob", await[*textroom.Left](ctx, t, annH).Username)
	require.NoError(t, annH.Kick(ctx, textroom.KickRequest{Room: room, Secret: "s", Username: "eve"}))
	require.Equal(t, "eve", await[*textroom.Kicked](ctx, t, eveH).Username)
	require.Equal(t, "eve", await[*textroom.Kicked](ctx, t, annH).Username)
	require.ErrorIs(t, ann.Kick(ctx, textroom.KickRequest{Room: room, Secret: "s", Username: "eve"}), textroom.ErrNoSuchUser)
	_, err = eve.Join(ctx, textroom.JoinRequest{Room: room, Username: "eve", History: new(false)})
	require.NoError(t, err, "who was kicked may come back")
	require.NoError(t, ann.Kick(ctx, textroom.KickRequest{Room: room, Secret: "s", Username: "eve"}))
	require.Equal(t, "eve", await[*textroom.Kicked](ctx, t, eveH).Username)
	require.ErrorIs(t, ann.Kick(ctx, textroom.KickRequest{Room: room, Secret: "x", Username: "eve"}), textroom.ErrUnauthorized)

	// Announcements, from either plane.
	require.ErrorIs(t, ann.Announce(ctx, textroom.AnnouncementRequest{Room: room, Secret: "x", Text: "no"}), textroom.ErrUnauthorized)
	require.NoError(t, annH.Announce(ctx, textroom.AnnouncementRequest{Room: room, Secret: "s", Text: "dinner"}))
	require.NoError(t, ann.Announce(ctx, textroom.AnnouncementRequest{Room: other, Text: "tea"}))
	said := await[*textroom.Announcement](ctx, t, annH)
	require.Equal(t, "dinner", said.Text)
	require.Equal(t, room, said.Room)
	require.WithinDuration(t, time.Now(), said.Date, 10*time.Second)
	require.Equal(t, "tea", await[*textroom.Announcement](ctx, t, annH).Text)

	// The end of a room, and of a connection.
	_, err = bobH.Rooms.Destroy(ctx, textroom.DestroyRequest{Room: other})
	require.NoError(t, err)
	require.Equal(t, other, await[*textroom.Destroyed](ctx, t, annH).Room)
	_, err = bob.Join(ctx, textroom.JoinRequest{Room: room, Username: "bob", History: new(false)})
	require.NoError(t, err)
	ev, err := bobH.Next(ctx)
	for ; err == nil && !isChat(ev); ev, err = bobH.Next(ctx) {
		_, joined := ev.(*textroom.Joined)
		if joined {
			break
		}
	}
	require.IsType(t, &textroom.Joined{}, ev, "no history was asked for")
	require.Equal(t, "bob", await[*textroom.Joined](ctx, t, annH).Username)
	require.NoError(t, bob.Stop(ctx))
	require.Equal(t, "Janus API", await[*client.Hangup](ctx, t, bobH).Reason)
	require.Equal(t, "bob", await[*textroom.Left](ctx, t, annH).Username)
	require.ErrorIs(t, bob.Leave(ctx, room), textroom.ErrEnded)
	<-bob.Done()
}

func isChat(ev client.Event) bool {
	_, ok := ev.(*textroom.Message)
	return ok
}

// joinErrors is refused in every way.
func joinErrors(ctx context.Context, t *testing.T, gw string) {
	t.Helper()
	h, c := connect(ctx, t, gw)
	_, other := connect(ctx, t, gw)
	join := func(c *textroom.Conn, req textroom.JoinRequest) error {
		_, err := c.Join(ctx, req)
		return err
	}
	plain := newRoom(ctx, t, h.Rooms, textroom.CreateRequest{})
	pin := newRoom(ctx, t, h.Rooms, textroom.CreateRequest{PIN: "1"})
	token := newRoom(ctx, t, h.Rooms, textroom.CreateRequest{Allowed: []string{"t"}})

	require.ErrorIs(t, join(c, textroom.JoinRequest{Room: client.NumID(1<<53 - 2), Username: "u"}), textroom.ErrNoSuchRoom)
	require.ErrorIs(t, join(c, textroom.JoinRequest{Room: pin, Username: "u"}), textroom.ErrMissingElement)
	require.ErrorIs(t, join(c, textroom.JoinRequest{Room: pin, Username: "u", PIN: "2"}), textroom.ErrUnauthorized)
	require.NoError(t, join(c, textroom.JoinRequest{Room: pin, Username: "u", PIN: "1"}))
	require.ErrorIs(t, join(c, textroom.JoinRequest{Room: token, Username: "u"}), textroom.ErrUnauthorized)
	require.ErrorIs(t, join(c, textroom.JoinRequest{Room: token, Username: "u", Token: "x"}), textroom.ErrUnauthorized)
	require.NoError(t, join(c, textroom.JoinRequest{Room: token, Username: "u", Token: "t"}))
	require.NoError(t, join(c, textroom.JoinRequest{Room: plain, Username: "u"}))
	require.ErrorIs(t, join(c, textroom.JoinRequest{Room: plain, Username: "v"}), textroom.ErrAlreadyInRoom)
	require.ErrorIs(t, join(other, textroom.JoinRequest{Room: plain, Username: "u"}), textroom.ErrUsernameInUse)

	require.ErrorIs(t, other.Leave(ctx, plain), textroom.ErrNotInRoom)
	_, err := other.Message(ctx, textroom.MessageRequest{Room: plain, Text: "x"})
	require.ErrorIs(t, err, textroom.ErrNotInRoom)
	_, err = other.Message(ctx, textroom.MessageRequest{Room: client.NumID(1<<53 - 2), Text: "x"})
	require.ErrorIs(t, err, textroom.ErrNoSuchRoom)

	// What is not for this plane, or unknown.
	_, err = h.Request(ctx, map[string]any{"request": "join", "room": plain, "username": "w"}, nil)
	require.ErrorIs(t, err, textroom.ErrInvalidRequest)
	_, err = h.Request(ctx, map[string]any{"request": "setup"}, nil)
	require.ErrorIs(t, err, textroom.ErrAlreadySetup)
}

// restart keeps the rooms through an ICE restart.
func restart(ctx context.Context, t *testing.T, gw string) {
	t.Helper()
	h, c := connect(ctx, t, gw)
	room := newRoom(ctx, t, c.Rooms, textroom.CreateRequest{})
	_, err := c.Join(ctx, textroom.JoinRequest{Room: room, Username: "u"})
	require.NoError(t, err)
	require.NoError(t, c.Restart(ctx))
	_, err = c.Message(ctx, textroom.MessageRequest{Room: room, Text: "still here"})
	require.NoError(t, err)
	await[*textroom.Message](ctx, t, h)
}

// rejoin hangs up, and has its rooms back with the next connection.
func rejoin(ctx context.Context, t *testing.T, gw string) {
	t.Helper()
	_, watcher := connect(ctx, t, gw)
	h := attach(ctx, t, gw)
	c, err := open(ctx, t, h)
	require.NoError(t, err)
	room := newRoom(ctx, t, watcher.Rooms, textroom.CreateRequest{PIN: "1", History: 1})
	gone := newRoom(ctx, t, watcher.Rooms, textroom.CreateRequest{})
	left := newRoom(ctx, t, watcher.Rooms, textroom.CreateRequest{})
	_, err = watcher.Join(ctx, textroom.JoinRequest{Room: room, Username: "watcher", PIN: "1"})
	require.NoError(t, err)
	for _, id := range []client.ID{room, gone, left} {
		_, err = c.Join(ctx, textroom.JoinRequest{Room: id, Username: "u", PIN: "1"})
		require.NoError(t, err)
	}
	require.NoError(t, c.Leave(ctx, left))

	require.NoError(t, h.Hangup(ctx))
	<-c.Done()
	require.ErrorIs(t, c.Err(), textroom.ErrEnded)
	_, err = c.Exists(ctx, room)
	require.ErrorIs(t, err, textroom.ErrEnded)
	_, err = watcher.Rooms.Destroy(ctx, textroom.DestroyRequest{Room: gone})
	require.NoError(t, err)
	_, err = watcher.Message(ctx, textroom.MessageRequest{Room: room, Text: "missed"})
	require.NoError(t, err)

	again, err := open(ctx, t, h)
	require.NoError(t, err)
	require.Equal(t, "missed", await[*textroom.Message](ctx, t, h).Text)
	ev := await[*textroom.Rejoined](ctx, t, h)
	require.Equal(t, room, ev.Room)
	require.NoError(t, ev.Err)
	require.Equal(t, []string{"watcher"}, usernames(ev.Participants))
	require.Equal(t, h.ID(), ev.Handle)
	ev = await[*textroom.Rejoined](ctx, t, h)
	require.Equal(t, gone, ev.Room)
	require.ErrorIs(t, ev.Err, textroom.ErrNoSuchRoom)
	people, err := again.Participants(ctx, room)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"watcher", "u"}, usernames(people))
	require.NoError(t, again.Stop(ctx))
}

// stringIDs chats in a room whose id is a string.
func stringIDs(ctx context.Context, t *testing.T, gw string) {
	t.Helper()
	h, c := connect(ctx, t, gw)
	lobby := client.StrID("lobby")
	require.Equal(t, lobby, newRoom(ctx, t, h.Rooms, textroom.CreateRequest{Room: lobby}))
	_, err := c.Join(ctx, textroom.JoinRequest{Room: lobby, Username: "ann"})
	require.NoError(t, err)
	require.Equal(t, lobby, await[*textroom.Joined](ctx, t, h).Room)
	_, err = c.Message(ctx, textroom.MessageRequest{Room: lobby, Text: "hello"})
	require.NoError(t, err)
	require.Equal(t, lobby, await[*textroom.Message](ctx, t, h).Room)
	require.NotNil(t, find(ctx, t, c.Rooms, lobby, ""))
	_, err = c.Exists(ctx, client.NumID(1))
	require.ErrorIs(t, err, textroom.ErrInvalidElement, "numbers are none there")
	require.True(t, newRoom(ctx, t, c.Rooms, textroom.CreateRequest{}) != lobby)
}

// againAndAgain opens right after each stop.
func againAndAgain(ctx context.Context, t *testing.T, gw string) {
	t.Helper()
	h := attach(ctx, t, gw)
	room := newRoom(ctx, t, h.Rooms, textroom.CreateRequest{})
	for range 10 {
		c, err := open(ctx, t, h)
		require.NoError(t, err)
		list, err := c.Join(ctx, textroom.JoinRequest{Room: room, Username: "u"})
		require.NoError(t, err)
		require.Empty(t, list)
		require.NoError(t, c.Stop(ctx))
		require.NoError(t, c.Stop(ctx))
		<-c.Done()
	}
}
