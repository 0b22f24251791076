package client

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

// rejoin is what a plugin would do; note gets the handle's id.
func rejoin(note *uint64) Restorer {
	return func(ctx context.Context, h *Handle) error {
		*note = h.ID()
		_, err := h.Request(ctx, map[string]any{"request": "join"}, nil)
		return err
	}
}

// rebuilt answers a rebuild that gives session 11 with handles 12 and 13, the
// second one with state of its own.
func (f *fake) rebuilt() {
	f.t.Helper()
	f.success(f.expect("create"), 11)
	m := f.expect("attach")
	require.Equal(f.t, uint64(11), m.Session)
	require.Equal(f.t, "p", m.Plugin)
	f.success(m, 12)
	m = f.expect("attach")
	require.Equal(f.t, "q", m.Plugin)
	require.Equal(f.t, "me", m.OpaqueID)
	require.Equal(f.t, "t", m.Token)
	f.success(m, 13)
}

// two makes session 1 with handle 2, and handle 3 that can be restored.
func (f *fake) two(c *Client, restore Restorer) (h, stateful *Handle) {
	f.t.Helper()
	h = f.handle(c, nil)
	got := async(func() (*Handle, error) {
		return h.Session().Attach(f.t.Context(), "q", &AttachOptions{OpaqueID: "me", Token: "t", Restore: restore})
	})
	f.success(f.expect("attach"), 3)
	r := <-got
	require.NoError(f.t, r.err)
	return h, r.value
}

// after returns the next event, which must be an E.
func after[E Event](t *testing.T, n Nexter) E {
	t.Helper()
	ev, err := n.Next(t.Context())
	require.NoError(t, err)
	require.IsType(t, *new(E), ev)
	return ev.(E)
}

func TestSessionTimeoutRebuilds(t *testing.T) {
	c, f := newFake(t, quiet())
	var restored uint64
	h, stateful := f.two(c, rejoin(&restored))
	f.send(`{"janus":"timeout","session_id":1}`)
	f.send(`{"janus":"detached","session_id":1,"sender":2}`)
	f.rebuilt()
	m := f.expect("message")
	require.Equal(t, uint64(13), m.Handle)
	require.Equal(t, uint64(11), m.Session)
	f.event(m, `{"joined":true}`)
	for _, n := range []Nexter{h, stateful, h.Session()} {
		after[*SessionTimeout](t, n)
		require.NoError(t, after[*Resumed](t, n).Err)
	}
	require.Equal(t, uint64(13), restored)
	require.Equal(t, []uint64{11, 12, 13}, []uint64{h.Session().ID(), h.ID(), stateful.ID()})
	require.NoError(t, h.Session().Err())

	f.send(`{"janus":"webrtcup","session_id":11,"sender":12}`)
	after[*WebRTCUp](t, h)
}

func TestRebuildBesideTheOld(t *testing.T) {
	c, f := newFake(t, quiet())
	var restored uint64
	h, stateful := f.two(c, rejoin(&restored))
	done := asyncErr(func() error { return h.Session().Rebuild(t.Context()) })
	create := f.expect("create")
	waits := async(func() (Response, error) { return h.Request(t.Context(), map[string]any{"late": true}, nil) })
	f.send(`{"janus":"webrtcup","session_id":1,"sender":2}`)
	f.success(create, 11)
	f.success(f.expect("attach"), 12)
	f.refuse(f.expect("attach"), 460)
	m := f.expect("destroy")
	require.Equal(t, uint64(1), m.Session)
	f.send(`{"janus":"success","session_id":1,"transaction":%q}`, m.Transaction)
	m = f.expect("message")
	require.Equal(t, uint64(12), m.Handle, "what waited goes to the new handle")
	f.event(m, `{}`)
	require.NoError(t, (<-waits).err)

	err := <-done
	require.ErrorIs(t, err, PluginNotFound)
	after[*WebRTCUp](t, h)
	require.NoError(t, after[*Resumed](t, h).Err)
	require.ErrorIs(t, after[*Resumed](t, stateful).Err, PluginNotFound)
	require.ErrorIs(t, stateful.Err(), ErrDetached)
	require.ErrorIs(t, stateful.Err(), PluginNotFound)
	require.Zero(t, restored)
	f.send(`{"janus":"webrtcup","session_id":1,"sender":2}`)
	f.send(`{"janus":"webrtcup","session_id":11,"sender":12}`)
	require.Equal(t, uint64(11), after[*WebRTCUp](t, h).Session, "the old one is nobody's")
}

func TestRebuildFails(t *testing.T) {
	c, f := newFake(t, quiet())
	h, stateful := f.two(c, func(context.Context, *Handle) error { return errors.New("the room is full") })
	s := h.Session()
	done := asyncErr(func() error { return s.Rebuild(t.Context()) })
	f.refuse(f.expect("create"), 403)
	require.ErrorIs(t, <-done, Unauthorized)
	require.NoError(t, s.Err())
	require.Equal(t, []uint64{1, 2, 3}, []uint64{s.ID(), h.ID(), stateful.ID()}, "as it was")

	f.send(`{"janus":"timeout","session_id":1}`)
	f.rebuilt()
	after[*SessionTimeout](t, stateful)
	require.ErrorContains(t, after[*Resumed](t, stateful).Err, "rebuild: restore q: the room is full")
	require.NoError(t, stateful.Err())

	f.send(`{"janus":"timeout","session_id":11}`)
	f.refuse(f.expect("create"), 403)
	<-s.Done()
	require.ErrorIs(t, s.Err(), ErrSessionTimeout)
	require.ErrorIs(t, s.Err(), ErrDestroyed)
	require.ErrorIs(t, s.Err(), Unauthorized)
	<-stateful.Done()
	require.ErrorIs(t, stateful.Err(), ErrSessionTimeout)
	require.ErrorIs(t, s.Rebuild(t.Context()), ErrDestroyed)
}

func TestRebuildEndsWithTheClient(t *testing.T) {
	c, f := newFake(t, quiet())
	h, _ := f.two(c, rejoin(new(uint64)))
	f.send(`{"janus":"timeout","session_id":1}`)
	f.expect("create")
	require.NoError(t, c.Close())
	<-h.Done()
	require.ErrorIs(t, h.Err(), ErrClosed)
}

// Janus may tell of the handles before it tells of the session.
func TestDetachedWithTheSession(t *testing.T) {
	c, f := newFake(t, quiet())
	h, stateful := f.two(c, rejoin(new(uint64)))
	f.send(`{"janus":"detached","session_id":1,"sender":3}`)
	f.refuse(f.expect("keepalive"), 458)
	f.rebuilt()
	f.event(f.expect("message"), `{}`)
	f.send(`{"janus":"timeout","session_id":1}`)
	for _, n := range []Nexter{h, stateful} {
		after[*SessionTimeout](t, n)
		require.NoError(t, after[*Resumed](t, n).Err)
	}
}

func TestDetachedAlone(t *testing.T) {
	c, f := newFake(t, quiet())
	_, stateful := f.two(c, rejoin(new(uint64)))
	f.send(`{"janus":"detached","session_id":1,"sender":3}`)
	f.ack(f.expect("keepalive"))
	after[*Detached](t, stateful)
	<-stateful.Done()
	require.ErrorIs(t, stateful.Err(), ErrDetached)
}
