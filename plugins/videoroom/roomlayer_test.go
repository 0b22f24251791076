package videoroom_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// TestRoomAsksForALayerAgain has a publisher whose keyframe does not come at the
// first request, and one who never sends the layer.
func TestRoomAsksForALayerAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, m, r := inRoom(t, 7)
		require.NoError(t, r.Sync(t.Context()))
		asked := func() (n int) {
			for _, request := range f.seen() {
				if request == "configure" {
					n++
				}
			}
			return n
		}
		tune := func(substream int) {
			require.NoError(t, r.Tune(client.NumID(7), videoroom.Relay{Substream: &substream}))
			require.NoError(t, r.Sync(t.Context()))
		}
		there := func(substream int) {
			require.NoError(t, gw.Push(gw.Sessions()[0], m.handles()[0].ID(), "event",
				map[string]any{"videoroom": "event", "room": 1, "mid": "0", "substream": substream}, nil))
			synctest.Wait()
		}
		tune(0)
		require.Equal(t, 1, asked())
		<-time.After(1500 * time.Millisecond)
		require.Equal(t, 2, asked())
		there(1)
		<-time.After(2 * time.Second)
		require.Equal(t, 3, asked(), "that is another one")
		there(0)
		<-time.After(time.Minute)
		require.Equal(t, 3, asked(), "it is there")

		tune(2)
		<-time.After(time.Minute)
		require.Equal(t, 3+5, asked(), "it never comes")

		tune(1)
		f.set(func() { f.open, f.streams = false, nil })
		require.NoError(t, gw.Push(gw.Sessions()[0], m.handles()[0].ID(), "hangup", nil, nil))
		synctest.Wait()
		require.NoError(t, r.Sync(t.Context()))
		before := asked()
		<-time.After(time.Minute)
		require.Equal(t, before+4, asked(), "it begins anew with a new connection")
	})
}
