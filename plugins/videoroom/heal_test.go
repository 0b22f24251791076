package videoroom_test

import (
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// healing is somebody in a fake room who publishes and wants everything, with
// peers that can be mended: first the one that receives, then the one that sends.
func healing(t *testing.T, opts *janustest.Options, feeds ...uint64) (*janustest.Server, *fakeRoom, *menders, *videoroom.Room) {
	t.Helper()
	f := &fakeRoom{feeds: feeds, refused: map[uint64]bool{}}
	for _, id := range feeds {
		f.people = append(f.people, member(id, "", true))
	}
	gw, s := fakeSession(t, f, opts)
	m := &menders{}
	r, err := videoroom.Join(t.Context(), s, videoroom.RoomOptions{
		Join: videoroom.JoinRequest{Room: client.NumID(1), Secret: "s3"}, NewPeer: m.peer, Wanted: videoroom.Wanted{All: true}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.Leave(context.Background())) })
	require.NoError(t, r.Sync(t.Context()))
	_, err = r.Publish(t.Context(), videoroom.PublishRequest{Bitrate: new(1)}, m.peer)
	require.NoError(t, err)
	ses := gw.Sessions()[0]
	require.NoError(t, gw.Push(ses, gw.Handles(ses)[0], "webrtcup", map[string]any{}, nil))
	await[*client.WebRTCUp](t.Context(), t, r)
	synctest.Wait()
	return gw, f, m, r
}

// TestRoomMendsHangups has the gateway hang up both connections, as it does when
// the network failed.
func TestRoomMendsHangups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, m, r := healing(t, nil, 7, 8)
		before := m.all()[0].handle.ID()
		for _, p := range m.all() {
			require.NoError(t, gw.Push(gw.Sessions()[0], p.handle.ID(), "hangup", map[string]string{"reason": "ICE failed"}, nil))
		}
		synctest.Wait()
		require.NoError(t, r.Sync(t.Context()))
		require.Len(t, m.all(), 2, "the peers stay")
		require.Equal(t, []string{"7", "8"}, received(r))
		require.NotEqual(t, before, m.all()[0].handle.ID(), "a handle subscribes once")
		require.Len(t, gw.Handles(gw.Sessions()[0]), 2, "the one before is gone")
		for _, p := range m.all() {
			require.Equal(t, [][]string{nil}, p.renewals(), "every track stays where it is")
		}
		require.Contains(t, f.seen(), "publish")
	})
}

// TestRoomKeepsTracksInPlace subscribes again while one of the feeds is missing.
func TestRoomKeepsTracksInPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, m, r := healing(t, nil, 7, 8, 9)
		f.set(func() { f.refused[7] = true })
		sub := m.all()[0]
		require.NoError(t, gw.Push(gw.Sessions()[0], sub.handle.ID(), "hangup", map[string]string{"reason": "DTLS alert"}, nil))
		synctest.Wait()
		require.ErrorIs(t, r.Sync(t.Context()), videoroom.ErrMixedE2EE)
		require.Equal(t, []string{"8", "9"}, received(r))
		require.Equal(t, [][]string{{"0", "1", "2"}}, sub.renewals(), "what comes elsewhere now")
		require.Len(t, m.all(), 2)
	})
}

// TestRoomRestartsICE has connections that break, and restarts that do not help.
func TestRoomRestartsICE(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, f, m, r := healing(t, nil, 7)
		n := len(f.seen())
		for _, p := range m.all() {
			p.trouble(client.HealthShaky)
		}
		<-time.After(time.Second)
		synctest.Wait()
		require.Len(t, f.seen(), n, "it may mend itself")
		<-time.After(2 * time.Second)
		synctest.Wait()
		require.Equal(t, 1, m.all()[1].restarts())
		require.Contains(t, f.seen()[n:], "configure")
		require.Empty(t, m.all()[1].renewals())
		<-time.After(time.Minute)
		synctest.Wait()
		require.Equal(t, 2, m.all()[1].restarts())
		for _, p := range m.all() {
			require.Len(t, p.renewals(), 1)
		}
		require.NoError(t, r.Sync(t.Context()))
		require.Equal(t, []string{"7"}, received(r))
	})
}

// TestRoomRebuilds loses the session.
func TestRoomRebuilds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, m, r := healing(t, nil, 7, 8)
		f.set(func() { f.feeds = []uint64{8, 7} })
		gw.Drop()
		require.True(t, await[*client.Resumed](t.Context(), t, r).Rebuilt)
		synctest.Wait()
		require.NoError(t, r.Sync(t.Context()))
		require.Equal(t, []string{"7", "8"}, received(r))
		require.Equal(t, client.NumID(7), r.Stream("0").FeedID, "where it was")
		require.Len(t, m.all(), 2)
		for _, p := range m.all() {
			require.Equal(t, [][]string{nil}, p.renewals())
		}
		require.Len(t, gw.Handles(gw.Sessions()[0]), 2)
	})
}

// TestRoomRebuildsAlone comes back into a room that is empty at first, as after the
// gateway's restart.
func TestRoomRebuildsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, m, r := healing(t, nil, 7)
		f.set(func() { f.feeds = nil })
		gw.Drop()
		<-time.After(5 * time.Second)
		synctest.Wait()
		require.Empty(t, received(r))
		news := map[string]any{"videoroom": "event", "room": 1, "publishers": published(7)}
		require.NoError(t, gw.Push(gw.Sessions()[0], gw.Handles(gw.Sessions()[0])[0], "event", news, nil))
		synctest.Wait()
		require.Equal(t, []string{"7"}, received(r), "at once")
		require.Equal(t, [][]string{nil}, m.all()[0].renewals())
		require.NoError(t, r.Sync(t.Context()))
	})
}

// TestRoomHearsAheadOfTheAnswer has somebody publish when the room is joined again:
// the gateway tells it before the answer to the join, which does not know of it yet.
func TestRoomHearsAheadOfTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, m, r := healing(t, nil, 7)
		f.set(func() {
			f.feeds = nil
			f.ahead = func(at *janustest.Attachment) {
				_ = at.Event(map[string]any{"videoroom": "event", "room": 1, "publishers": published(7)}, nil) // it is there
				<-time.After(time.Millisecond)                                                                 // it is read
			}
		})
		gw.Drop()
		after(5 * time.Second)
		require.Equal(t, []string{"7"}, received(r))
		require.Len(t, m.all()[0].renewals(), 1)
		require.NoError(t, r.Sync(t.Context()))
	})
}

// TestRoomMissesMembers comes back into a room to which one of two does not.
func TestRoomMissesMembers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, _, r := healing(t, nil, 7, 8)
		f.set(func() { f.feeds = []uint64{8} })
		begin := time.Now()
		gw.Drop()
		require.Equal(t, client.NumID(7), await[*videoroom.Left](t.Context(), t, r).Feed)
		require.GreaterOrEqual(t, time.Since(begin), 10*time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		for {
			ev, err := r.Next(ctx)
			if err != nil {
				break
			}
			_, left := ev.(*videoroom.Left)
			require.False(t, left, "once")
		}
		require.Len(t, r.Feeds(), 1)
	})
}

// TestSubscriberMends is for one without a room, which waits for a feed.
func TestSubscriberMends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeRoom{people: []any{member(7, "", true), member(8, "", true)}}
		gw, s := fakeSession(t, f, nil)
		h, err := videoroom.Attach(t.Context(), s, nil)
		require.NoError(t, err)
		p := newMender(h.Handle)
		sub, err := h.Subscribe(t.Context(), videoroom.SubscribeRequest{Room: client.NumID(1),
			Streams: []videoroom.Subscription{{Feed: client.NumID(7), MID: "0"}}}, p)
		require.NoError(t, err)
		require.NoError(t, sub.Add(t.Context(), videoroom.Subscription{Feed: client.NumID(8), MID: "0"}))
		require.NoError(t, sub.Configure(t.Context(), videoroom.ConfigureStream{MID: "0", Relay: videoroom.Relay{Substream: new(1)}}))
		f.set(func() { f.people = f.people[:1] })
		gw.Drop()
		<-time.After(5 * time.Second)
		require.Empty(t, sub.Streams())
		require.ErrorIs(t, sub.Add(t.Context(), feed(9)), videoroom.ErrHungUp)
		f.set(func() { f.people = append(f.people, member(8, "", true)) })
		<-time.After(time.Second)
		synctest.Wait()
		require.Len(t, sub.Streams(), 2)
		require.Equal(t, [][]string{nil}, p.renewals())

		f.set(func() { f.people = f.people[:1] })
		gw.Drop()
		<-time.After(20 * time.Second)
		synctest.Wait()
		require.Len(t, sub.Streams(), 1)
		require.Equal(t, []string{"1"}, p.renewals()[1])
		failed := await[*videoroom.SubscriptionFailed](t.Context(), t, sub)
		require.Equal(t, client.NumID(8), failed.Feed)
		require.ErrorIs(t, failed.Err, videoroom.ErrNoSuchFeed)
		require.NoError(t, sub.Detach(t.Context()))
	})
}

// TestGhosts joins again while somebody has our id.
func TestGhosts(t *testing.T) {
	for name, kicks := range map[string]bool{"taken over": true, "beside": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fakeRoom{}
				gw, s := fakeSession(t, f, nil)
				m := &menders{}
				join := videoroom.JoinRequest{Room: client.NumID(1)}
				if kicks {
					join.Secret = "s3"
				}
				r, err := videoroom.Join(t.Context(), s, videoroom.RoomOptions{Join: join, NewPeer: m.peer, Wanted: videoroom.Wanted{All: true}})
				require.NoError(t, err)
				f.set(func() { f.taken, f.feeds = true, []uint64{7, 100} })
				gw.Drop()
				ghost := await[*videoroom.Ghost](t.Context(), t, r)
				require.Equal(t, &videoroom.Ghost{EventBase: ghost.EventBase, ID: client.NumID(100), TakenOver: kicks}, ghost)
				require.NoError(t, r.Sync(t.Context()))
				if kicks {
					require.Equal(t, client.NumID(100), r.Self())
				} else {
					require.Equal(t, client.NumID(101), r.Self())
					require.Equal(t, []string{"7"}, received(r), "not ourselves")
				}
				require.NoError(t, r.Leave(t.Context()))
			})
		})
	}
}

// TestStillIn joins again although the gateway has us: its word for it was lost.
func TestStillIn(t *testing.T) {
	for name, absent := range map[string]bool{"in": false, "out": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, f, m, r := healing(t, nil, 7)
				f.set(func() { f.failing, f.absent = &videoroom.ErrAlreadyJoined, absent })
				err := m.all()[0].handle.Session().Rebuild(t.Context())
				if absent {
					require.ErrorIs(t, err, videoroom.ErrAlreadyJoined)
					<-r.Done()
					return
				}
				require.NoError(t, err)
				await[*videoroom.Resynced](t.Context(), t, r)
				f.set(func() { f.failing = nil })
				require.NoError(t, r.Sync(t.Context()))
				require.Equal(t, []string{"7"}, received(r))
			})
		})
	}
}

// TestGhostKeepsItsID has a secret that is not the room's: it is tried once.
func TestGhostKeepsItsID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, _, r := healing(t, nil)
		f.set(func() { f.taken, f.haunted = true, true })
		n := len(f.seen())
		gw.Drop()
		ghost := await[*videoroom.Ghost](t.Context(), t, r)
		require.False(t, ghost.TakenOver)
		require.Equal(t, client.NumID(101), r.Self())
		kicks := 0
		for _, verb := range f.seen()[n:] {
			if verb == "kick" {
				kicks++
			}
		}
		require.Equal(t, 1, kicks)
	})
}

// after lets virtual time pass.
func after(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// last returns the last request of a kind that reached the plugin.
func last(t *testing.T, gw *janustest.Server, verb string) (body map[string]any) {
	t.Helper()
	for _, r := range gw.Requests() {
		var b map[string]any
		if r.Janus == "message" && json.Unmarshal(r.Body, &b) == nil && b["request"] == verb {
			body = b
		}
	}
	require.NotNil(t, body, verb)
	return body
}

// TestRecordingGoesOn does not write over what was recorded before a loss, whoever
// publishes again: the publisher with its peer, or the room with another one.
func TestRecordingGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, m, r := healing(t, nil)
		require.NoError(t, r.Unpublish(t.Context()))
		_, err := r.Publish(t.Context(), videoroom.PublishRequest{Record: new(true), Filename: new("file")}, m.peer)
		require.NoError(t, err)
		synctest.Wait() // the connection was seen to be up
		require.Equal(t, "file", last(t, gw, "publish")["filename"])
		sender := m.all()[len(m.all())-1]
		require.NoError(t, gw.Push(gw.Sessions()[0], sender.handle.ID(), "hangup", map[string]string{"reason": "ICE failed"}, nil))
		after(time.Second)
		require.Equal(t, "file-2", last(t, gw, "publish")["filename"])
		require.NoError(t, gw.Push(gw.Sessions()[0], sender.handle.ID(), "hangup", map[string]string{"reason": "Admin API"}, nil))
		after(time.Second)
		require.Equal(t, "file-3", last(t, gw, "publish")["filename"])
		require.NotSame(t, sender, m.all()[len(m.all())-1], "another peer")
		f.set(func() { f.feeds = nil })
		gw.Drop()
		after(time.Second)
		require.Equal(t, "file-4", last(t, gw, "publish")["filename"])
	})
}

// TestNameStays is for who changed it before publishing.
func TestNameStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeRoom{}
		gw, s := fakeSession(t, f, nil)
		h, err := videoroom.Attach(t.Context(), s, nil)
		require.NoError(t, err)
		p, _, err := h.Join(t.Context(), videoroom.JoinRequest{Room: client.NumID(1), Display: "Ann"})
		require.NoError(t, err)
		require.NoError(t, p.Configure(t.Context(), videoroom.PublishRequest{Display: new("Anna"), Metadata: json.RawMessage(`{"a":1}`)}))
		gw.Drop()
		require.NoError(t, await[*client.Resumed](t.Context(), t, h).Err)
		join := last(t, gw, "join")
		require.Equal(t, "Anna", join["display"])
		require.Equal(t, map[string]any{"a": 1.0}, join["metadata"])
	})
}
