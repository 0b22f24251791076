package textroom_test

import (
	"context"
	"errors"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/line"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

// lobby is a room that is there again when the gateway is.
var lobby = client.NumID(77)

// lobbyFile is where it is configured.
const lobbyFile = "janus.plugin.textroom.jcfg"

const lobbyConfig = `room-77: { description = "lobby", secret = "s", history = 5 }`

// visitor is somebody in the lobby.
type visitor struct {
	*textroom.Handle
	conn *textroom.Conn
	peer *media.Peer
	line *line.Line
	name string
}

// visit enters the lobby.
func visit(ctx context.Context, t *testing.T, url, name string) *visitor {
	t.Helper()
	l, opts := line.New("ws")
	v := &visitor{name: name, line: l}
	c, err := client.Dial(ctx, url, opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	v.Handle, err = textroom.Attach(ctx, s, nil)
	require.NoError(t, err)
	v.peer, err = media.NewPeer(v, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, v.peer.Close()) })
	ch, err := v.peer.OpenData(ctx, textroom.Label, nil)
	require.NoError(t, err)
	v.conn, err = v.Open(ctx, v.peer, ch)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, v.conn.Stop(context.WithoutCancel(ctx))) })
	t.Cleanup(func() {
		if t.Failed() {
			health, _ := v.peer.Health()
			t.Logf("%s: peer %s, health %d; %v", name, v.peer.State(), health, v.conn.Err())
		}
	})
	v.enters(ctx, t, lobby, name)
	return v
}

// said makes texts that were not said before.
var said atomic.Int64

// hears has w say something, until v hears it: Janus loses what it has to send
// when ICE finds a better path, for some time after a connection is up.
func (v *visitor) hears(ctx context.Context, t *testing.T, w *visitor) {
	t.Helper()
	text := "number " + strconv.FormatInt(said.Add(1), 10)
	for !v.hearsNow(ctx, w, text) {
		require.NoError(t, ctx.Err(), "%s does not hear %s", v.name, w.name)
		require.NoError(t, w.conn.Err())
	}
}

// hearsNow has w say something once.
func (v *visitor) hearsNow(ctx context.Context, w *visitor, text string) bool {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	if _, err := w.conn.Message(ctx, textroom.MessageRequest{Room: lobby, Text: text}); err != nil {
		return false
	}
	for {
		ev, err := v.Next(ctx)
		if err != nil {
			return false
		}
		if m, ok := ev.(*textroom.Message); ok && m.Text == text && m.From == w.name {
			return true
		}
	}
}

// enters joins a room, whose answer may be lost as well.
func (v *visitor) enters(ctx context.Context, t *testing.T, room client.ID, name string) {
	t.Helper()
	for {
		attempt, cancel := context.WithTimeout(ctx, 3*time.Second)
		_, err := v.conn.Join(attempt, textroom.JoinRequest{Room: room, Username: name, Secret: "s"})
		cancel()
		if err == nil {
			return
		}
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NoError(t, ctx.Err())
		_ = v.conn.Leave(ctx, room)
	}
}

// says says something that may be lost, with the connection or without.
func (v *visitor) says(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	_, err := v.conn.Message(ctx, textroom.MessageRequest{Room: lobby, Text: "to whom it may concern"})
	if errors.Is(err, client.ErrOutcomeUnknown) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

// patient returns a context that bounds a test which waits for what heals.
func patient(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// killed has a chat of two go on after the gateway was killed.
func killed(ctx context.Context, t *testing.T, gw string, kill, restart func()) {
	t.Helper()
	ann, bob := visit(ctx, t, gw, "ann"), visit(ctx, t, gw, "bob")
	bob.hears(ctx, t, ann)
	gone := newRoom(ctx, t, ann.Rooms, textroom.CreateRequest{})
	ann.enters(ctx, t, gone, "ann")

	for _, round := range []string{"one", "two"} {
		kill()
		lost := async(func() (any, error) { return nil, ann.says(ctx) })
		restart()
		begin := time.Now()
		for _, v := range []*visitor{ann, bob} {
			ev := await[*textroom.Rejoined](ctx, t, v)
			require.NoError(t, ev.Err)
			require.Equal(t, lobby, ev.Room)
			require.NoError(t, v.conn.Err())
		}
		t.Logf("%s: joined again after %v", round, time.Since(begin))
		require.NoError(t, (<-lost).err)
		if round == "one" {
			require.ErrorIs(t, await[*textroom.Rejoined](ctx, t, ann).Err, textroom.ErrNoSuchRoom)
			require.Equal(t, gone, await[*textroom.Destroyed](ctx, t, ann).Room)
		}
		bob.hears(ctx, t, ann)
		ann.hears(ctx, t, bob)
		people, err := ann.Participants(ctx, lobby)
		require.NoError(t, err)
		require.ElementsMatch(t, []string{"ann", "bob"}, usernames(people))
	}
}

// rebuilt has the session replaced, whose old one the gateway may be late to forget.
func rebuilt(ctx context.Context, t *testing.T, gw string) {
	t.Helper()
	ann, bob := visit(ctx, t, gw, "ann"), visit(ctx, t, gw, "bob")
	for range 3 {
		require.NoError(t, ann.Session().Rebuild(ctx))
		require.NoError(t, ann.says(ctx))
		ev := await[*textroom.Rejoined](ctx, t, ann)
		require.NoError(t, ev.Err)
		require.Equal(t, []string{"bob"}, usernames(ev.Participants))
		bob.hears(ctx, t, ann)
	}
}

// claimed has the signalling lost under a channel that lives on.
func claimed(ctx context.Context, t *testing.T, gw string) {
	t.Helper()
	ann, bob := visit(ctx, t, gw, "ann"), visit(ctx, t, gw, "bob")
	before, pc := ann.ID(), ann.peer.Underlying()
	for range 3 {
		require.NoError(t, ann.line.Cut())
		await[*client.Interrupted](ctx, t, ann)
		bob.hears(ctx, t, ann)
		require.False(t, await[*client.Resumed](ctx, t, ann).Rebuilt)
		ev := await[*textroom.Resynced](ctx, t, ann)
		require.NoError(t, ev.Err)
		require.Equal(t, []int{1, 0, 0}, []int{ev.Rooms, ev.Joined, ev.Left}, "the channel has told everything")
		ann.hears(ctx, t, bob)
	}
	require.Equal(t, before, ann.ID())
	require.Equal(t, pc, ann.peer.Underlying())
	require.NoError(t, ann.conn.Err())
}
