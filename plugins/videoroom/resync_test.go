package videoroom_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// claiming keeps the sessions whose connection was lost.
var claiming = &janustest.Options{ReclaimTimeout: 30 * time.Second}

// away drops the connection of a room, has change happen, and returns what the room
// then says until it is resynced.
func away(t *testing.T, gw *janustest.Server, f *fakeRoom, n client.Nexter, change func()) (told []client.Event, done *videoroom.Resynced) {
	t.Helper()
	f.set(change)
	gw.Drop()
	require.False(t, await[*client.Resumed](t.Context(), t, n).Rebuilt)
	for done == nil {
		ev, err := n.Next(t.Context())
		require.NoError(t, err)
		switch ev := ev.(type) {
		case *videoroom.Resynced:
			done = ev
		case *client.Resumed: // of the other handle
		default:
			told = append(told, ev)
		}
	}
	synctest.Wait()
	return told, done
}

// TestResyncNothing touches nothing.
func TestResyncNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, m, r := healing(t, claiming, 7)
		n, answers, offers := len(f.seen()), m.all()[0].answers, m.all()[1].offers
		told, done := away(t, gw, f, r, func() {})
		require.Empty(t, told)
		require.Equal(t, &videoroom.Resynced{EventBase: done.EventBase}, done)
		require.Equal(t, "videoroom.resynced", done.Kind)
		require.NoError(t, r.Sync(t.Context()))
		require.Equal(t, []string{"switch", "listparticipants"}, f.seen()[n:])
		require.Equal(t, []int{answers, offers}, []int{m.all()[0].answers, m.all()[1].offers})
		for _, p := range m.all() {
			require.Empty(t, p.renewals())
		}
	})
}

// TestResyncMembers has everybody do something meanwhile.
func TestResyncMembers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, _, r := healing(t, claiming, 7, 8, 9)
		told, done := away(t, gw, f, r, func() {
			f.people = []any{member(8, "", false), member(9, "nine", true), member(10, "ten", true), member(11, "eleven", false)}
		})
		require.Equal(t, &videoroom.Resynced{EventBase: done.EventBase, Joined: 1, Published: 1, Unpublished: 1, Left: 1, Changed: 1}, done)
		kinds := map[string]client.Event{}
		for _, ev := range told {
			kinds[ev.Base().Kind] = ev
		}
		require.Equal(t, client.NumID(7), kinds["videoroom.left"].(*videoroom.Left).Feed)
		require.Equal(t, client.NumID(8), kinds["videoroom.unpublished"].(*videoroom.Unpublished).Feed)
		require.Equal(t, "nine", *kinds["videoroom.changed"].(*videoroom.Changed).Display)
		require.Equal(t, "eleven", kinds["videoroom.joined"].(*videoroom.Joined).Attendee.Display)
		ten := kinds["videoroom.published"].(*videoroom.Published).Feeds
		require.Len(t, ten, 1)
		require.Equal(t, client.NumID(10), ten[0].ID)
		require.Equal(t, "ten", ten[0].Display)
		require.Equal(t, []videoroom.Stream{{Type: "video", MID: "0", Codec: "vp8", Simulcast: true}}, ten[0].Streams)
		require.Len(t, r.Feeds(), 2)
		require.Len(t, r.Attendees(), 2)
		require.Len(t, gw.Handles(gw.Sessions()[0]), 2, "nothing is left of the looking")
		_, done = away(t, gw, f, r, func() {})
		require.Equal(t, &videoroom.Resynced{EventBase: done.EventBase}, done, "it is known now")
	})
}

// TestResyncAgain has somebody leave while the list is on its way: what it says of
// them is not true any more.
func TestResyncAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, _, r := healing(t, claiming, 7, 8)
		n := len(f.seen())
		told, done := away(t, gw, f, r, func() {
			f.amid = func(at *janustest.Attachment) {
				f.people = f.people[1:]
				_ = at.Event(map[string]any{"videoroom": "event", "room": 1, "leaving": 7}, nil) // it is there
			}
		})
		require.Len(t, told, 1)
		require.Equal(t, client.NumID(7), told[0].(*videoroom.Left).Feed)
		require.Equal(t, &videoroom.Resynced{EventBase: done.EventBase}, done)
		require.Len(t, r.Feeds(), 1)
		require.Equal(t, []string{"switch", "listparticipants", "listparticipants"}, f.seen()[n:n+3])
	})
}

// TestResyncEnd finds that it was kicked, and that the room is gone.
func TestResyncEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, _, r := healing(t, claiming, 7)
		f.set(func() { f.absent = true })
		gw.Drop()
		require.True(t, await[*videoroom.Left](t.Context(), t, r).Own)
		<-r.Done()
		require.ErrorIs(t, r.Err(), videoroom.ErrKicked)
	})
	synctest.Test(t, func(t *testing.T) {
		gw, f, _, r := healing(t, claiming, 7)
		f.set(func() { f.gone = true })
		gw.Drop()
		require.Equal(t, r.ID(), await[*videoroom.Destroyed](t.Context(), t, r).Room)
		<-r.Done()
		require.ErrorIs(t, r.Err(), videoroom.ErrDestroyed)
	})
}

// TestResyncOwn publishes again what was hung up meanwhile.
func TestResyncOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, m, r := healing(t, claiming, 7)
		n := len(f.seen())
		away(t, gw, f, r, func() { f.idle = true })
		require.NoError(t, r.Sync(t.Context()))
		require.Len(t, m.all(), 2)
		require.Equal(t, [][]string{nil}, m.all()[1].renewals())
		require.Contains(t, f.seen()[n:], "publish")
	})
}

// TestResyncLostOffer finds an offer open that was lost: the gateway makes no other
// until it is answered.
func TestResyncLostOffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, m, r := healing(t, claiming, 7, 8)
		n := len(f.seen())
		_, done := away(t, gw, f, r, func() {
			f.people = f.people[:1]
			f.open = true
			s := map[string]any{"mid": "1", "mindex": 1, "type": "video", "active": false}
			f.streams = []map[string]any{f.streams[0], s}
		})
		require.True(t, done.Streams)
		require.Equal(t, 1, done.Left)
		require.NoError(t, r.Sync(t.Context()))
		require.Equal(t, []string{"switch", "start", "configure"}, f.seen()[n:n+3])
		require.Equal(t, client.NumID(7), r.Stream("0").FeedID)
		require.False(t, r.Stream("1").Active)
		require.Empty(t, m.all()[0].renewals())
		f.set(func() { require.False(t, f.open) })
	})
}

// TestResyncHungUp finds the subscription emptied, which a hangup does.
func TestResyncHungUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, m, r := healing(t, claiming, 7)
		_, done := away(t, gw, f, r, func() { f.streams = nil })
		require.True(t, done.Streams)
		require.NoError(t, r.Sync(t.Context()))
		require.Equal(t, []string{"7"}, received(r))
		require.Len(t, m.all()[0].renewals(), 1)
		require.Len(t, m.all(), 2)
	})
}

// TestResyncSubscriber is for one without a room.
func TestResyncSubscriber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeRoom{}
		gw, s := fakeSession(t, f, claiming)
		h, err := videoroom.Attach(t.Context(), s, nil)
		require.NoError(t, err)
		sub, err := h.Subscribe(t.Context(), videoroom.SubscribeRequest{Room: client.NumID(1),
			Streams: []videoroom.Subscription{feed(7)}}, &peer{})
		require.NoError(t, err)
		_, done := away(t, gw, f, sub, func() {})
		require.False(t, done.Streams)
		require.Len(t, sub.Streams(), 1)
		told, done := away(t, gw, f, sub, func() {
			f.open = true
			f.streams[0]["active"] = false
		})
		require.True(t, done.Streams)
		require.IsType(t, &videoroom.Updated{}, told[0])
		require.False(t, sub.Streams()[0].Active)
		require.NoError(t, sub.Add(t.Context(), feed(8)))
		await[*videoroom.Updated](t.Context(), t, sub)
		_, done = away(t, gw, f, sub, func() { f.streams = nil })
		require.True(t, done.Streams)
		require.ErrorIs(t, sub.Renegotiate(t.Context()), videoroom.ErrHungUp, "a peer that cannot be mended")
		require.NoError(t, sub.Detach(t.Context()))
	})
}

// TestOfferWhileAway has the gateway offer while the connection was away, to which
// no comparison of the streams leads: the change that has to wait for the answer has
// the offer made again.
func TestOfferWhileAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeRoom{}
		gw, s := fakeSession(t, f, claiming)
		h, err := videoroom.Attach(t.Context(), s, nil)
		require.NoError(t, err)
		sub, err := h.Subscribe(t.Context(), videoroom.SubscribeRequest{Room: client.NumID(1),
			Streams: []videoroom.Subscription{feed(7)}}, &peer{})
		require.NoError(t, err)
		_, done := away(t, gw, f, sub, func() { f.open = true })
		require.False(t, done.Streams)
		begin, n := time.Now(), len(f.seen())
		require.NoError(t, sub.Add(t.Context(), feed(8)))
		require.Equal(t, 10*time.Second, time.Since(begin), "the offer may have been on its way")
		require.Equal(t, []string{"subscribe", "start"}, f.seen()[n:n+2])
		synctest.Wait()
		require.Len(t, sub.Streams(), 2)
		require.Equal(t, client.NumID(8), sub.Stream("1").FeedID)
		f.set(func() { require.False(t, f.open) })

		away(t, gw, f, sub, func() { f.open, f.mute = true, true })
		require.ErrorIs(t, sub.Add(t.Context(), feed(9)), client.ErrTimeout, "a gateway that has nothing more to say")
		require.NoError(t, sub.Detach(t.Context()))
	})
}

// TestRestartWhileAway loses the connection with the offer that an ICE restart asked
// for: the gateway has other credentials then, and says no more until it has an
// answer.
func TestRestartWhileAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, m, r := healing(t, claiming, 7)
		sub := m.all()[0]
		f.set(func() { f.lose = true })
		sub.feel(client.HealthShaky)
		after(3 * time.Second)
		f.set(func() { require.True(t, f.open); f.lose = false })
		begin := time.Now()
		gw.Drop()
		await[*videoroom.Resynced](t.Context(), t, r)
		health, _ := sub.Health()
		require.Equal(t, client.HealthGood, health)
		require.Less(t, time.Since(begin), 5*time.Second)
		f.set(func() { require.False(t, f.open) })
		after(time.Minute)
		require.Empty(t, sub.renewals())
		require.NoError(t, r.Sync(t.Context()))
	})
}
