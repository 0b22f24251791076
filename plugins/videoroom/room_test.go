package videoroom_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// made makes peers without media, and remembers the handles.
type made struct {
	mu   sync.Mutex
	list []*client.Handle
	err  error
}

func (m *made) peer(h *client.Handle) (client.Negotiator, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.list = append(m.list, h)
	return &peer{}, m.err
}

func (m *made) handles() []*client.Handle {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.list)
}

// inRoom is somebody in a fake room who wants everything.
func inRoom(t *testing.T, feeds ...uint64) (*janustest.Server, *fakeRoom, *made, *videoroom.Room) {
	t.Helper()
	f := &fakeRoom{feeds: feeds, refused: map[uint64]bool{}}
	gw, s := fakeSession(t, f, nil)
	m := &made{}
	r, err := videoroom.Join(t.Context(), s, videoroom.RoomOptions{
		Join: videoroom.JoinRequest{Room: client.NumID(1)}, NewPeer: m.peer, Wanted: videoroom.Wanted{All: true}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.Leave(context.Background())) })
	return gw, f, m, r
}

func received(r *videoroom.Room) (feeds []string) {
	for _, s := range r.Streams() {
		feeds = append(feeds, s.FeedID.String())
	}
	slices.Sort(feeds)
	return feeds
}

func TestRoomRefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, _, r := inRoom(t, 7)
		require.NoError(t, r.Sync(t.Context()))
		f.set(func() { f.refused[8] = true })
		pub := gw.Handles(gw.Sessions()[0])[0]
		news := map[string]any{"videoroom": "event", "room": 1, "publishers": published(9, 8)}
		require.NoError(t, gw.Push(gw.Sessions()[0], pub, "event", news, nil))
		synctest.Wait()
		require.ErrorIs(t, r.Sync(t.Context()), videoroom.ErrMixedE2EE)
		require.Equal(t, []string{"7", "9"}, received(r), "whom it is not about")
		for {
			ev, err := r.Next(t.Context())
			require.NoError(t, err)
			if failed, ok := ev.(*videoroom.SubscriptionFailed); ok {
				require.Equal(t, client.NumID(8), failed.Feed)
				require.ErrorIs(t, failed.Err, videoroom.ErrMixedE2EE)
				break
			}
		}
		n := len(f.seen())
		<-time.After(time.Minute)
		require.Len(t, f.seen(), n, "it does not try again by itself")

		f.set(func() { f.refused[8] = false })
		news["publishers"] = published(8)
		require.NoError(t, gw.Push(gw.Sessions()[0], pub, "event", news, nil))
		synctest.Wait()
		require.NoError(t, r.Sync(t.Context()))
		require.Equal(t, []string{"7", "8", "9"}, received(r))
	})
}

func TestRoomFirstRefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeRoom{feeds: []uint64{8, 7}, refused: map[uint64]bool{7: true}}
		_, s := fakeSession(t, f, nil)
		m := &made{}
		r, err := videoroom.Join(t.Context(), s, videoroom.RoomOptions{
			Join: videoroom.JoinRequest{Room: client.NumID(1)}, NewPeer: m.peer, Wanted: videoroom.Wanted{All: true}})
		require.NoError(t, err)
		require.ErrorIs(t, r.Sync(t.Context()), videoroom.ErrMixedE2EE)
		require.Equal(t, []string{"8"}, received(r))
		require.NoError(t, r.Leave(t.Context()))
		require.NoError(t, r.Leave(t.Context()), "again")
		require.ErrorIs(t, r.Err(), videoroom.ErrLeft)
		for _, h := range m.handles() {
			require.ErrorIs(t, h.Err(), client.ErrDetached, "nothing is left behind")
		}
	})
}

func TestRoomPublishesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, _, r := inRoom(t)
		m := &made{err: errors.New("no camera")}
		var arg *client.ArgumentError
		_, err := r.Publish(t.Context(), videoroom.PublishRequest{}, nil)
		require.ErrorAs(t, err, &arg)
		_, err = r.Publish(t.Context(), videoroom.PublishRequest{}, m.peer)
		require.ErrorIs(t, err, m.err)
		m.err = nil
		_, err = r.Publish(t.Context(), videoroom.PublishRequest{Bitrate: new(1)}, m.peer)
		require.NoError(t, err)
		_, err = r.Publish(t.Context(), videoroom.PublishRequest{}, m.peer)
		require.ErrorAs(t, err, &arg, "it does already")

		f.set(func() { f.failing = &videoroom.ErrPublishersFull })
		require.NoError(t, gw.Push(gw.Sessions()[0], m.handles()[0].ID(), "hangup", map[string]string{"reason": "ICE failed"}, nil))
		next[*client.Hangup](t, r)
		require.ErrorIs(t, await[*videoroom.PublicationFailed](t.Context(), t, r).Err, videoroom.ErrPublishersFull)
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		err = r.Sync(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorIs(t, err, videoroom.ErrPublishersFull, "that is why")
		<-time.After(30 * time.Second)
		tries := len(m.handles())
		require.Greater(t, tries, 6)
		require.Less(t, tries, 20, "it gives the gateway time")
		f.set(func() { f.failing = nil })
		require.NoError(t, r.Sync(t.Context()))

		require.NoError(t, r.Unpublish(t.Context()))
		list := gw.Requests()
		require.Equal(t, "hangup", list[len(list)-1].Janus, "what did not come up must not come up any more")
		require.NoError(t, r.Unpublish(t.Context()), "again")
		tries = len(m.handles())
		<-time.After(time.Minute)
		require.Len(t, m.handles(), tries)
	})
}

func TestRoomSubscribesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, _, m, r := inRoom(t, 7, 8)
		require.NoError(t, r.Sync(t.Context()))
		require.Len(t, m.handles(), 1)
		require.NoError(t, gw.Push(gw.Sessions()[0], m.handles()[0].ID(), "hangup", map[string]string{"reason": "ICE failed"}, nil))
		synctest.Wait()
		require.NoError(t, r.Sync(t.Context()))
		require.Len(t, m.handles(), 2, "on a new handle")
		require.ErrorIs(t, m.handles()[0].Err(), client.ErrDetached)
		require.Equal(t, []string{"7", "8"}, received(r))
	})
}

// TestRoomIsGoneAfterARebuild finds that the room did not outlive the session.
func TestRoomIsGoneAfterARebuild(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, f, m, r := inRoom(t, 7)
		require.NoError(t, r.Sync(t.Context()))
		f.set(func() { f.failing = &videoroom.ErrNoSuchRoom })
		require.ErrorIs(t, m.handles()[0].Session().Rebuild(t.Context()), videoroom.ErrNoSuchRoom)
		<-r.Done()
		require.ErrorIs(t, r.Err(), videoroom.ErrNoSuchRoom)
		require.ErrorIs(t, r.Sync(t.Context()), videoroom.ErrNoSuchRoom)
	})
}

// TestLeaveASilentGateway bounds how long it takes.
func TestLeaveASilentGateway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, _, _, r := inRoom(t, 7)
		require.NoError(t, r.Sync(t.Context()))
		gw.Silence("*")
		begin := time.Now()
		require.NoError(t, r.Leave(t.Context()))
		require.LessOrEqual(t, time.Since(begin), 10*time.Second)
		_, err := r.Next(t.Context())
		for err == nil {
			_, err = r.Next(t.Context())
		}
		require.ErrorIs(t, err, videoroom.ErrLeft)
	})
}

// TestAudience has nothing to receive with.
func TestAudience(t *testing.T) {
	_, s := fakeSession(t, &fakeRoom{feeds: []uint64{7}}, nil)
	r, err := videoroom.Join(t.Context(), s, videoroom.RoomOptions{
		Join: videoroom.JoinRequest{Room: client.NumID(1)}, Wanted: videoroom.Wanted{All: true}})
	require.NoError(t, err)
	require.NoError(t, r.Sync(t.Context()))
	require.Empty(t, r.Streams())
	require.Len(t, r.Feeds(), 1)
	require.Equal(t, []client.ID{client.NumID(1), client.NumID(100)}, []client.ID{r.ID(), r.Self()})
	require.NoError(t, r.Leave(t.Context()))
}

func TestTooOldGateway(t *testing.T) {
	_, s := fakeSession(t, &fakeRoom{}, &janustest.Options{Version: 1004})
	h, err := videoroom.Attach(t.Context(), s, nil)
	require.NoError(t, err)
	_, err = h.ListRemotes(t.Context(), videoroom.ListRemotesRequest{})
	var old *client.VersionError
	require.ErrorAs(t, err, &old)
	require.ErrorIs(t, err, errors.ErrUnsupported)
	require.EqualError(t, err, "videoroom: listremotes needs Janus 1.1.0 or later, and the gateway is 1.0.4; update the gateway")
}
