package admin

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
)

// TestBrowserAdmin has a page speak to the admin API of a real Janus.
func TestBrowserAdmin(t *testing.T) {
	gw := page.Janus(t)
	for name, url := range map[string]string{"WebSocket": gw.AdminWS, "Fetch": gw.AdminHTTP} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			c, err := Dial(ctx, url, &Options{Secret: gw.AdminSecret})
			require.NoError(t, err)
			defer c.Close()
			info, err := c.Info(ctx)
			require.NoError(t, err)
			require.Equal(t, gw.Name, info.ServerName)
			status, err := c.Status(ctx)
			require.NoError(t, err)
			require.Equal(t, 45, status.CandidatesTimeout)

			user, err := client.Dial(ctx, gw.WS, nil)
			require.NoError(t, err)
			defer user.Close()
			s, err := user.NewSession(ctx)
			require.NoError(t, err)
			h, err := s.Attach(ctx, "janus.plugin.echotest", nil)
			require.NoError(t, err)
			handles, err := c.ListHandles(ctx, s.ID())
			require.NoError(t, err)
			require.Equal(t, []uint64{h.ID()}, handles)
			got, err := c.HandleInfo(ctx, s.ID(), h.ID(), nil)
			require.NoError(t, err)
			require.Equal(t, "janus.plugin.echotest", got.Plugin)
			require.NoError(t, c.DestroySession(ctx, s.ID()))
			_, err = c.HandleInfo(ctx, s.ID(), h.ID(), nil)
			require.ErrorIs(t, err, client.SessionNotFound)

			wrong, err := Dial(ctx, url, &Options{Secret: "wrong"})
			require.NoError(t, err)
			defer wrong.Close()
			_, err = wrong.Status(ctx)
			require.ErrorIs(t, err, client.Unauthorized)
		})
	}
	_, err := Dial(t.Context(), gw.WS, nil)
	require.ErrorContains(t, err, "7188", "the other API")
}
