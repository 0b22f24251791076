package videocall_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

// TestAskPicture has the gateway ask for a key frame when the media are up, by the
// layer that is wanted anyway.
func TestAskPicture(t *testing.T) {
	s := setUp(t)
	s.called(&peer{})
	up := func() {
		require.NoError(t, s.gw.Push(s.Session().ID(), s.ID(), "webrtcup", map[string]any{}, nil))
		next[*client.WebRTCUp](t, s)
	}
	up()
	require.NoError(t, s.Set(t.Context(), videocall.Config{Substream: new(0)}))
	up()
	require.Equal(t, []string{`{"request":"set","substream":2}`, `{"request":"set","substream":0}`, `{"request":"set","substream":0}`}, s.sent(1))
}
