package videocall_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/line"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

// user is somebody who is registered at a real Janus.
type user struct {
	*videocall.Handle
	t    *testing.T
	ctx  context.Context // bounds the test
	name string

	// freed waits until the gateway has forgotten the connection before. Janus
	// 1.1.2 says that it hung up a moment before that, and loses a call to who is
	// still in it. Nil: nothing is known of the gateway.
	freed func(*user)

	line *line.Line
}

// canBeCalled waits until nothing is left of a call before.
func (u *user) canBeCalled() {
	if u.freed != nil {
		u.freed(u)
	}
}

// registered makes the names of users unique: Janus keeps one for a moment after
// its handle is gone.
var registered atomic.Int64

// users returns users of the gateway at url.
func users(t *testing.T, url string, names []string) (users []*user) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	for _, name := range names {
		l, opts := line.New("ws")
		c, err := client.Dial(ctx, url, opts)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, c.Close()) })
		s, err := c.NewSession(ctx)
		require.NoError(t, err)
		h, err := videocall.Attach(ctx, s, nil)
		require.NoError(t, err)
		u := &user{Handle: h, t: t, ctx: ctx, line: l, name: fmt.Sprintf("%s-%d", name, registered.Add(1))}
		require.NoError(t, h.Register(ctx, u.name))
		users = append(users, u)
	}
	return users
}

// calls has u call v, who accepts.
func (u *user) calls(v *user, p, q *media.Peer) {
	u.t.Helper()
	v.canBeCalled()
	require.NoError(u.t, u.Call(u.ctx, v.name, p))
	in := await[*videocall.Incoming](v)
	require.Equal(u.t, u.name, in.Username)
	require.NoError(u.t, v.Accept(v.ctx, in, q))
	accepted := await[*videocall.Accepted](u)
	require.NoError(u.t, accepted.Err)
	require.Equal(u.t, v.name, accepted.Username)
}

// await skips events until one of type E.
func await[E client.Event](u *user) E {
	u.t.Helper()
	for {
		ev, err := u.Next(u.ctx)
		require.NoError(u.t, err)
		if e, ok := ev.(E); ok {
			return e
		}
		if unknown, ok := ev.(*client.PluginEvent); ok {
			require.Fail(u.t, "an event nobody knows", string(unknown.Raw))
		}
	}
}

// track waits for a track of the other side.
func (u *user) track(kind media.Kind) *media.Track {
	u.t.Helper()
	for {
		if tr := await[*media.TrackAdded](u).Track; tr.Kind == kind {
			return tr
		}
	}
}

// hungUp waits for the core's end of a call and for the plugin's, which may come
// twice, until one has the reason; any will do if that is empty.
func (u *user) hungUp(reason string) {
	u.t.Helper()
	for hangup, ended := false, false; !hangup || !ended; {
		ev, err := u.Next(u.ctx)
		require.NoError(u.t, err)
		switch ev := ev.(type) {
		case *videocall.Ended:
			ended = ended || reason == "" || ev.Reason == reason
		case *client.Hangup:
			hangup = true
		}
	}
}

// updates has u offer, which v answers.
func (u *user) updates(v *user, offer error) {
	u.t.Helper()
	require.NoError(u.t, offer)
	require.NoError(u.t, await[*videocall.Updated](v).Err)
	require.NoError(u.t, await[*videocall.Updated](u).Err)
}

// refused asks for what the plugin refuses, of two who are not in a call.
func refused(u, v *user) {
	u.t.Helper()
	list, err := u.List(u.ctx)
	require.NoError(u.t, err)
	require.Subset(u.t, list, []string{u.name, v.name})
	require.ErrorIs(u.t, u.Register(u.ctx, "another"), videocall.ErrAlreadyRegistered)
	nobody, err := videocall.Attach(u.ctx, u.Session(), nil)
	require.NoError(u.t, err)
	require.ErrorIs(u.t, nobody.Register(u.ctx, v.name), videocall.ErrUsernameTaken)
	_, err = u.Request(u.ctx, map[string]any{"request": "accept"}, nil)
	require.ErrorIs(u.t, err, videocall.ErrNoCall)
	_, err = u.Request(u.ctx, map[string]any{"request": "dance"}, nil)
	require.ErrorIs(u.t, err, videocall.ErrInvalidRequest)
	_, err = u.Request(u.ctx, nil, nil)
	require.ErrorIs(u.t, err, videocall.ErrMissingElement)
	require.NoError(u.t, u.Send(u.ctx, map[string]any{"request": "dance"}, nil), "nobody waits for the answer")
	require.ErrorIs(u.t, await[*videocall.Error](u).Err, videocall.ErrInvalidRequest)
	require.NoError(u.t, u.End(u.ctx, ""), "there is nothing to end")
}
