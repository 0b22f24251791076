//go:build !js

package videoroom_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

var (
	seed   = flag.Uint64("seed", 0, "of the random interleavings; 0: a new one")
	rounds = flag.Int("rounds", 200, "random interleavings")
)

// actor is a client of the test, with what it declared.
type actor struct {
	id         client.ID
	session    *client.Session
	send       videoroom.PeerFunc
	room       *videoroom.Room
	publishing bool
	wanted     []client.ID
}

// act does one thing: enter, publish, unpublish, subscribe, unsubscribe or leave.
func (a *actor) act(ctx context.Context, dice *rand.Rand, id client.ID, all []client.ID) error {
	if a.room == nil {
		r, err := videoroom.Join(ctx, a.session, videoroom.RoomOptions{
			Join: videoroom.JoinRequest{Room: id, ID: a.id}, NewPeer: receiving,
			Wanted: videoroom.Wanted{Feeds: a.wanted}})
		a.room = r
		return err
	}
	switch dice.IntN(8) {
	case 0:
		r := a.room
		a.room, a.publishing = nil, false
		return r.Leave(ctx)
	case 1, 2, 3:
		a.publishing = !a.publishing
		if !a.publishing {
			return a.room.Unpublish(ctx)
		}
		_, err := a.room.Publish(ctx, videoroom.PublishRequest{}, a.send)
		return err
	default:
		a.wanted = nil
		for _, feed := range all {
			if feed != a.id && dice.IntN(2) == 0 {
				a.wanted = append(a.wanted, feed)
			}
		}
		a.room.Want(videoroom.Wanted{Feeds: a.wanted})
		return nil
	}
}

// check compares what a has with what everybody declared.
func (a *actor) check(ctx context.Context, t *testing.T, actors []*actor) {
	t.Helper()
	if a.room == nil {
		return
	}
	var there, wanted []string
	for _, other := range actors {
		if other != a && other.publishing {
			there = append(there, other.id.String())
			if slices.Contains(a.wanted, other.id) {
				wanted = append(wanted, other.id.String())
			}
		}
	}
	var feeds, streams []string
	right := func() bool {
		feeds, streams = nil, nil
		for _, f := range a.room.Feeds() {
			feeds = append(feeds, f.ID.String())
		}
		for _, s := range a.room.Streams() {
			if s.Active {
				streams = append(streams, s.FeedID.String())
			}
		}
		slices.Sort(feeds)
		slices.Sort(streams)
		return slices.Equal(feeds, there) && slices.Equal(streams, wanted)
	}
	if !eventually(ctx, right) {
		require.FailNow(t, "not as declared", "%v: feeds %v, want %v; streams %v, want %v; %v",
			a.id, feeds, there, streams, wanted, a.room.Sync(ctx))
	}
	require.NoError(t, a.room.Sync(ctx))
}

// eventually asks again and again for a minute.
func eventually(ctx context.Context, ok func() bool) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// TestJanusInterleavings has four clients do things at the same time, again and
// again, and compares the outcome with what they declared.
func TestJanusInterleavings(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	t.Logf("-seed %d -rounds %d", *seed, *rounds)
	dice := rand.New(rand.NewPCG(*seed, 0))
	id := newRoom(ctx, t, session(ctx, t, gateway(t)), videoroom.CreateRequest{})
	var actors []*actor
	var all []client.ID
	for i := range 4 {
		a := &actor{id: client.NumID(uint64(i + 1)), session: session(ctx, t, gateway(t)), send: sending(ctx, t, media.Video)}
		actors = append(actors, a)
		all = append(all, a.id)
	}
	judge := attach(ctx, t, session(ctx, t, gateway(t)))
	for round := range *rounds {
		var wg sync.WaitGroup
		errs := make([]error, len(actors))
		for i, a := range actors {
			own := rand.New(rand.NewPCG(dice.Uint64(), dice.Uint64()))
			wg.Go(func() { errs[i] = a.act(ctx, own, id, all) }) // waited for below
		}
		wg.Wait()
		for i, err := range errs {
			require.NoError(t, err, "round %d, client %d", round, i+1)
		}
		if round%5 != 4 && round != *rounds-1 {
			continue
		}
		for _, a := range actors {
			a.check(ctx, t, actors)
		}
		var there, want []string
		for _, a := range actors {
			if a.room != nil {
				want = append(want, fmt.Sprint(a.id, a.publishing))
			}
		}
		// A connection takes a moment to come up after Publish.
		if !eventually(ctx, func() bool {
			list, err := judge.ListParticipants(ctx, id)
			there = nil
			for _, p := range list {
				there = append(there, fmt.Sprint(p.ID, p.Publisher))
			}
			slices.Sort(there)
			return err == nil && slices.Equal(there, want)
		}) {
			require.FailNow(t, "the gateway sees it otherwise", "round %d: %v, want %v", round, there, want)
		}
	}
	for _, a := range actors {
		if a.room != nil {
			require.NoError(t, a.room.Leave(ctx))
		}
	}
	list, err := judge.ListParticipants(ctx, id)
	require.NoError(t, err)
	require.Empty(t, list)
}
