package echotest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// asked returns the requests about layers that the gateway got.
func asked(gw *janustest.Server) (bodies []string) {
	for _, r := range sent(gw) {
		if r.Janus == "message" && r.JSEP == nil {
			bodies = append(bodies, string(r.Body))
		}
	}
	return bodies
}

// TestSubstreamIsAskedForAgain has a gateway that loses a change, and then does
// not.
func TestSubstreamIsAskedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, h := setUp(t, nil)
		reach := func(layer int) {
			require.NoError(t, gw.Push(h.Session().ID(), h.ID(), "event",
				map[string]any{"echotest": "event", "videocodec": "vp8", "substream": layer}, nil))
		}
		require.NoError(t, h.Configure(t.Context(), echotest.Config{Substream: new(0)}))
		<-time.After(time.Minute)
		require.Len(t, asked(gw), 1, "there is no echo yet")

		require.NoError(t, h.Start(t.Context(), echotest.Config{}, &peer{}))
		<-time.After(time.Second)
		synctest.Wait()
		require.Equal(t, []string{`{"substream":0}`, `{"substream":0}`}, asked(gw))
		reach(2)
		next[*echotest.LayerChanged](t, h)
		<-time.After(2 * time.Second)
		synctest.Wait()
		require.Len(t, asked(gw), 3, "that was another layer")
		reach(0)
		next[*echotest.LayerChanged](t, h)
		<-time.After(time.Minute)
		require.Len(t, asked(gw), 3)

		require.NoError(t, h.Configure(t.Context(), echotest.Config{Bitrate: new(9)}))
		<-time.After(time.Minute)
		require.Len(t, asked(gw), 4)
		require.NoError(t, h.Configure(t.Context(), echotest.Config{Substream: new(1)}))
		<-time.After(time.Minute)
		require.Len(t, asked(gw), 9, "it asks four times more")

		require.NoError(t, h.Configure(t.Context(), echotest.Config{Substream: new(2)}))
		require.NoError(t, h.Stop(t.Context()))
		next[*echotest.Done](t, h)
		next[*client.Hangup](t, h)
		<-time.After(time.Minute)
		require.Len(t, asked(gw), 10, "not once the echo has ended")
	})
}
