package textroom_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

// TestNoDataChannels says why such a gateway has no TextRoom: at first after the
// gateway refused, and then at once.
func TestNoDataChannels(t *testing.T) {
	gw := janustest.New(t, &janustest.Options{NoDataChannels: true})
	c, err := gw.Client(t.Context(), nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Close()) }()
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	for range 2 {
		_, err = textroom.Attach(t.Context(), s, nil)
		require.ErrorAs(t, err, new(*client.FeatureError))
		require.ErrorContains(t, err, "built without data channels; build Janus with libusrsctp")
		require.ErrorIs(t, err, client.PluginNotFound)
	}
	attaches := 0
	for _, r := range gw.Requests() {
		if r.Janus == "attach" {
			attaches++
		}
	}
	require.Equal(t, 1, attaches)
}
