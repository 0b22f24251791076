package videoroom_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

func feed(n uint64) videoroom.Subscription { return videoroom.Subscription{Feed: client.NumID(n)} }

// soon runs f beside the test.
func soon(f func() error) <-chan error {
	done := make(chan error, 1)
	go func() { done <- f() }() // the test receives from done
	return done
}

func next[E client.Event](t *testing.T, n client.Nexter) E {
	t.Helper()
	ev, err := n.Next(t.Context())
	require.NoError(t, err)
	require.IsType(t, *new(E), ev)
	return ev.(E)
}

// await skips events until one of type E.
func await[E client.Event](ctx context.Context, t *testing.T, n client.Nexter) E {
	t.Helper()
	for {
		ev, err := n.Next(ctx)
		require.NoError(t, err)
		if e, ok := ev.(E); ok {
			return e
		}
	}
}

func TestUnaskedOffer(t *testing.T) {
	_, f, p, sub := subscribed(t)
	f.unasked(t)
	updated := next[*videoroom.Updated](t, sub)
	require.Nil(t, updated.Offer, "it is answered already")
	require.Len(t, updated.Streams, 1)
	require.Equal(t, "videoroom.updated", updated.Kind)
	require.Equal(t, sub.ID(), updated.Handle)
	require.Equal(t, 2, p.answers)
	require.Equal(t, []string{"join", "start", "start"}, f.seen())
	require.Equal(t, client.NumID(7), sub.Stream("0").FeedID)
	require.Nil(t, sub.Stream("9"))
}

// TestChangeBehindAnOffer changes a subscription while an offer of the gateway
// waits for its answer, and the answer takes its time.
func TestChangeBehindAnOffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, f, p, sub := subscribed(t)
		for name, change := range map[string]func() error{
			"subscribe":   func() error { return sub.Add(t.Context(), feed(8)) },
			"unsubscribe": func() error { return sub.Unsubscribe(t.Context(), videoroom.Unsubscription{SubMID: "0"}) },
			"update": func() error {
				return sub.Update(t.Context(), []videoroom.Subscription{feed(9)}, []videoroom.Unsubscription{{SubMID: "0"}})
			},
			"restart":     func() error { return sub.Restart(t.Context()) },
			"renegotiate": func() error { return sub.Renegotiate(t.Context()) },
		} {
			hold := make(chan struct{})
			p.wait(hold)
			f.set(func() { f.open = true }) // an offer is on its way when the request comes
			done := soon(change)
			synctest.Wait()
			f.unasked(t)
			synctest.Wait()
			select {
			case err := <-done:
				require.FailNow(t, name, "too early: %v", err)
			default:
			}
			p.wait(nil)
			close(hold)
			require.NoError(t, <-done, name)
			synctest.Wait()
			f.set(func() {
				require.False(t, f.open, name)
				require.False(t, f.pending, name)
			})
		}
	})
}

// TestNothingIsAnswered has a gateway that never comes back to what it put off.
func TestNothingIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, f, _, sub := subscribed(t)
		for name, test := range map[string]struct {
			change func(context.Context) error
			within time.Duration
		}{
			"add":         {func(ctx context.Context) error { return sub.Add(ctx, feed(8)) }, 20 * time.Second}, // it asks again
			"restart":     {sub.Restart, 10 * time.Second},
			"renegotiate": {sub.Renegotiate, 10 * time.Second},
		} {
			f.set(func() { f.open, f.mute = true, true })
			begin := time.Now()
			require.ErrorIs(t, test.change(t.Context()), client.ErrTimeout, name)
			require.Equal(t, test.within, time.Since(begin), name)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			require.ErrorIs(t, test.change(ctx), context.DeadlineExceeded, name)
			cancel()
			require.Equal(t, test.within+time.Minute, time.Since(begin), name)
		}
	})
}

func TestAnswerFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, f, p, sub := subscribed(t)
		broken := errors.New("broken")
		p.fail(broken)
		f.unasked(t)
		next[*videoroom.Updated](t, sub)
		require.ErrorIs(t, next[*videoroom.SubscriptionFailed](t, sub).Err, broken)
		require.ErrorIs(t, sub.Add(t.Context(), feed(8)), broken, "the gateway still waits for that answer")
		require.ErrorIs(t, sub.Restart(t.Context()), broken)
		p.fail(nil)
		require.NoError(t, sub.Add(t.Context(), feed(8)))
		require.Len(t, sub.Streams(), 2)
		require.Equal(t, []string{"join", "start", "start", "subscribe", "start"}, f.seen())
	})
}

// TestChangeCancelled gives up waiting; the offer that comes is answered.
func TestChangeCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, p, sub := subscribed(t)
		gw.Delay(time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		require.ErrorIs(t, sub.Add(ctx, feed(8)), context.DeadlineExceeded)
		gw.Delay(0)
		require.Len(t, next[*videoroom.Updated](t, sub).Streams, 2)
		synctest.Wait()
		require.Equal(t, 2, p.answers)
		f.set(func() { require.False(t, f.open) })

		// The same with a restart, whose answer is an event of another kind.
		gw.Delay(time.Second)
		ctx, cancel = context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		require.ErrorIs(t, sub.Restart(ctx), context.DeadlineExceeded)
		gw.Delay(0)
		next[*videoroom.Updated](t, sub)
		synctest.Wait()
		require.Equal(t, 3, p.answers)
	})
}

func TestHangupEndsASubscription(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, _, sub := subscribed(t)
		f.set(func() { f.open, f.mute = true, true })
		done := soon(func() error { return sub.Add(t.Context(), feed(8)) })
		synctest.Wait()
		require.NoError(t, gw.Push(sub.Session().ID(), sub.ID(), "hangup", map[string]string{"reason": "ICE failed"}, nil))
		require.ErrorIs(t, <-done, videoroom.ErrHungUp)
		require.ErrorIs(t, sub.Add(t.Context(), feed(8)), videoroom.ErrHungUp)
		require.ErrorIs(t, sub.Restart(t.Context()), videoroom.ErrHungUp)
		require.Empty(t, sub.Streams())
		require.Equal(t, "ICE failed", next[*client.Hangup](t, sub).Reason)
	})
}

func TestPauseSurvivesAnOffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, f, _, sub := subscribed(t)
		require.NoError(t, sub.Pause(t.Context()))
		f.unasked(t)
		synctest.Wait()
		require.NoError(t, sub.Resume(t.Context()))
		f.unasked(t)
		synctest.Wait()
		require.Equal(t, []string{"join", "start", "pause", "start", "pause", "start", "start"}, f.seen())
	})
}

func TestSubscribeFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, p := &fakeRoom{}, &peer{}
		gw, s := fakeSession(t, f, nil)
		h, err := videoroom.Attach(t.Context(), s, nil)
		require.NoError(t, err)
		req := videoroom.SubscribeRequest{Room: client.NumID(1)}
		var arg *client.ArgumentError
		_, err = h.Subscribe(t.Context(), req, p)
		require.ErrorAs(t, err, &arg)
		req.Streams = []videoroom.Subscription{feed(7)}
		_, err = h.Subscribe(t.Context(), req, nil)
		require.ErrorAs(t, err, &arg)

		broken := errors.New("broken")
		p.fail(broken)
		_, err = h.Subscribe(t.Context(), req, p)
		require.ErrorIs(t, err, broken)
		list := gw.Requests()
		require.Equal(t, "hangup", list[len(list)-1].Janus)
		p.fail(nil)
		gw.Silence("event")
		begin := time.Now()
		_, err = h.Subscribe(t.Context(), req, p)
		require.ErrorIs(t, err, client.ErrTimeout)
		require.LessOrEqual(t, time.Since(begin), 11*time.Second)
	})
}

// TestDetachDuringAnAnswer detaches while the gateway owes an answer, which it
// does not give to a handle that is gone.
func TestDetachDuringAnAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, _, sub := subscribed(t)
		gw.Silence("event")
		f.unasked(t)
		synctest.Wait()
		begin := time.Now()
		require.NoError(t, sub.Detach(t.Context()))
		require.Zero(t, time.Since(begin))
	})
}

func TestStreamEndsWithTheHandle(t *testing.T) {
	_, _, _, sub := subscribed(t)
	require.NoError(t, sub.Detach(t.Context()))
	_, err := sub.Next(t.Context())
	require.ErrorIs(t, err, client.ErrDetached)
	require.NoError(t, sub.Leave(t.Context()), "it has left")
	for _, err := range sub.Events(t.Context()) {
		require.ErrorIs(t, err, client.ErrDetached)
	}
}
