package textroom_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

// roomBodies are the tests of managing rooms, which is the same over the Janus API
// and over the data channel.
var roomBodies = map[string]func(context.Context, *testing.T, textroom.Rooms){
	"create":       createRoom,
	"edit":         editRoom,
	"allowed":      allowed,
	"no such room": noSuchRoom,
}

// manage runs one over both.
func manage(t *testing.T, url string, body func(context.Context, *testing.T, textroom.Rooms)) {
	t.Helper()
	t.Run("Janus API", func(t *testing.T) {
		ctx := bounded(t)
		body(ctx, t, attach(ctx, t, url).Rooms)
	})
	t.Run("data channel", func(t *testing.T) {
		ctx := bounded(t)
		_, c := connect(ctx, t, url)
		body(ctx, t, c.Rooms)
	})
}

// find returns the entry of a room.
func find(ctx context.Context, t *testing.T, r textroom.Rooms, id client.ID, adminKey string) *textroom.Room {
	t.Helper()
	list, err := r.List(ctx, adminKey)
	require.NoError(t, err)
	for _, room := range list {
		require.NotEmpty(t, room.Raw)
		if room.ID == id {
			return &room
		}
	}
	return nil
}

func createRoom(ctx context.Context, t *testing.T, r textroom.Rooms) {
	t.Helper()
	id := newRoom(ctx, t, r, textroom.CreateRequest{Description: "one", PIN: "1", History: 3})
	room := find(ctx, t, r, id, "")
	require.NotNil(t, room)
	room.Raw = nil
	require.Equal(t, &textroom.Room{ID: id, Description: "one", PINRequired: true, History: 3}, room)
	there, err := r.Exists(ctx, id)
	require.NoError(t, err)
	require.True(t, there)
	list, err := r.Participants(ctx, id)
	require.NoError(t, err)
	require.Empty(t, list)

	_, err = r.Create(ctx, textroom.CreateRequest{Room: id})
	require.ErrorIs(t, err, textroom.ErrRoomExists)
	_, err = r.Create(ctx, textroom.CreateRequest{Room: client.StrID("text")})
	require.ErrorIs(t, err, textroom.ErrInvalidElement)
	_, err = r.Create(ctx, textroom.CreateRequest{History: -1})
	require.ErrorIs(t, err, textroom.ErrInvalidElement)

	res, err := r.Destroy(ctx, textroom.DestroyRequest{Room: id})
	require.NoError(t, err)
	require.Equal(t, id, res.Room)
	require.False(t, res.Permanent)
	require.NotEmpty(t, res.Raw)
	there, err = r.Exists(ctx, id)
	require.NoError(t, err)
	require.False(t, there)
}

func editRoom(ctx context.Context, t *testing.T, r textroom.Rooms) {
	t.Helper()
	id := newRoom(ctx, t, r, textroom.CreateRequest{Description: "old", Secret: "s"})
	_, err := r.Edit(ctx, textroom.EditRequest{Room: id, NewDescription: "new"})
	require.ErrorIs(t, err, textroom.ErrMissingElement, "the secret")
	_, err = r.Edit(ctx, textroom.EditRequest{Room: id, Secret: "wrong", NewDescription: "new"})
	require.ErrorIs(t, err, textroom.ErrUnauthorized)
	require.Equal(t, "old", find(ctx, t, r, id, "").Description)
	res, err := r.Edit(ctx, textroom.EditRequest{
		Room: id, Secret: "s", NewDescription: "new", NewPIN: "1", NewSecret: "t", NewPost: "http://127.0.0.1:9/"})
	require.NoError(t, err)
	require.Equal(t, id, res.Room)
	room := find(ctx, t, r, id, "")
	require.Equal(t, "new", room.Description)
	require.True(t, room.PINRequired)
	_, err = r.Edit(ctx, textroom.EditRequest{Room: id, Secret: "t", NewPrivate: new(true)})
	require.NoError(t, err)
	require.Nil(t, find(ctx, t, r, id, ""), "private rooms are not listed")
	there, err := r.Exists(ctx, id)
	require.NoError(t, err)
	require.True(t, there, "but known")

	_, err = r.Destroy(ctx, textroom.DestroyRequest{Room: id, Secret: "s"})
	require.ErrorIs(t, err, textroom.ErrUnauthorized)
	_, err = r.Destroy(ctx, textroom.DestroyRequest{Room: id, Secret: "t"})
	require.NoError(t, err)
}

func allowed(ctx context.Context, t *testing.T, r textroom.Rooms) {
	t.Helper()
	id := newRoom(ctx, t, r, textroom.CreateRequest{Secret: "s", Allowed: []string{"a"}})
	list, err := r.Allowed(ctx, textroom.AllowedRequest{Room: id, Secret: "s", Action: textroom.Add, Allowed: []string{"b", "c"}})
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"a", "b", "c"}, list)
	list, err = r.Allowed(ctx, textroom.AllowedRequest{Room: id, Secret: "s", Action: textroom.Remove, Allowed: []string{"a"}})
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"b", "c"}, list)
	list, err = r.Allowed(ctx, textroom.AllowedRequest{Room: id, Secret: "s", Action: textroom.Disable})
	require.NoError(t, err)
	require.Empty(t, list)
	list, err = r.Allowed(ctx, textroom.AllowedRequest{Room: id, Secret: "s", Action: textroom.Enable})
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"b", "c"}, list)
	_, err = r.Allowed(ctx, textroom.AllowedRequest{Room: id, Secret: "x", Action: textroom.Enable})
	require.ErrorIs(t, err, textroom.ErrUnauthorized)
	_, err = r.Allowed(ctx, textroom.AllowedRequest{Room: id, Secret: "s", Action: "dance"})
	require.ErrorIs(t, err, textroom.ErrInvalidElement)
}

// noSuchRoom asks for a room that is not there.
func noSuchRoom(ctx context.Context, t *testing.T, r textroom.Rooms) {
	t.Helper()
	none := client.NumID(1<<53 - 1)
	_, err := r.Participants(ctx, none)
	require.ErrorIs(t, err, textroom.ErrNoSuchRoom)
	_, err = r.Edit(ctx, textroom.EditRequest{Room: none})
	require.ErrorIs(t, err, textroom.ErrNoSuchRoom)
	_, err = r.Destroy(ctx, textroom.DestroyRequest{Room: none})
	require.ErrorIs(t, err, textroom.ErrNoSuchRoom)
	_, err = r.Allowed(ctx, textroom.AllowedRequest{Room: none, Action: textroom.Enable})
	require.ErrorIs(t, err, textroom.ErrNoSuchRoom)
	require.ErrorIs(t, r.Kick(ctx, textroom.KickRequest{Room: none, Username: "ann"}), textroom.ErrNoSuchRoom)
	require.ErrorIs(t, r.Announce(ctx, textroom.AnnouncementRequest{Room: none, Text: "x"}), textroom.ErrNoSuchRoom)
	there, err := r.Exists(ctx, none)
	require.NoError(t, err)
	require.False(t, there)
	_, err = r.Exists(ctx, client.StrID("text"))
	require.ErrorIs(t, err, textroom.ErrInvalidElement)
}
