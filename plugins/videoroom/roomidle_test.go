package videoroom_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// TestRoomOfAnIdleGateway has a gateway that says yes to every subscription and
// does nothing of it: it is given time between the requests.
func TestRoomOfAnIdleGateway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeRoom{feeds: []uint64{7}}
		gw, s := fakeSession(t, janustest.PluginFunc(func(ctx context.Context, m *janustest.Message) (*janustest.Answer, error) {
			a, err := f.Message(ctx, m)
			f.set(func() {
				for _, s := range f.streams {
					s["active"] = false
				}
			})
			return a, err
		}), nil)
		r, err := videoroom.Join(t.Context(), s, videoroom.RoomOptions{
			Join: videoroom.JoinRequest{Room: client.NumID(1)}, NewPeer: (&made{}).peer, Wanted: videoroom.Wanted{All: true}})
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		require.ErrorIs(t, r.Sync(ctx), context.DeadlineExceeded)
		require.Less(t, len(gw.Requests()), 50)
		require.NoError(t, r.Leave(t.Context()))
	})
}
