//go:build !js

package janustest_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/admin"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/transport"
)

// managed is a plugin that the admin API may ask.
type managed struct{ janustest.PluginFunc }

// Administer implements janustest.Administrator.
func (managed) Administer(request json.RawMessage) (any, error) {
	if string(request) == `{"request":"fail"}` {
		return nil, &client.PluginError{PluginCode: client.PluginCode{Plugin: "janus.plugin.mine", Code: 7}, Reason: "as asked"}
	}
	return map[string]json.RawMessage{"asked": request}, nil
}

// TestAdmin is the admin client at the double, in memory and over sockets.
func TestAdmin(t *testing.T) {
	gw, a := listen(t, &janustest.Options{AdminSecret: "sek", Tokens: map[string][]string{}})
	gw.Handle("janus.plugin.mine", managed{})
	gw.AddToken("t")
	c, err := gw.Client(t.Context(), &client.Options{Credentials: func(context.Context) (client.Credentials, error) {
		return client.Credentials{Token: "t"}, nil
	}})
	require.NoError(t, err)
	defer c.Close()
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	h, err := s.Attach(t.Context(), "janus.plugin.mine", &client.AttachOptions{OpaqueID: "mine"})
	require.NoError(t, err)
	before := len(gw.Requests())
	for name, dial := range map[string]func(ctx context.Context, o *admin.Options) (*admin.Client, error){
		"memory": func(ctx context.Context, o *admin.Options) (*admin.Client, error) {
			conn, err := gw.Dialer().Dial(ctx, janustest.URL, transport.Admin)
			return admin.New(conn, o), err
		},
		"websocket": func(ctx context.Context, o *admin.Options) (*admin.Client, error) { return admin.Dial(ctx, a.WS, o) },
		"http": func(ctx context.Context, o *admin.Options) (*admin.Client, error) {
			return admin.Dial(ctx, a.AdminHTTP, o)
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			c, err := dial(ctx, &admin.Options{Secret: "sek"})
			require.NoError(t, err)
			defer c.Close()
			sessions, err := c.ListSessions(ctx)
			require.NoError(t, err)
			require.Equal(t, []uint64{s.ID()}, sessions)
			handles, err := c.ListHandles(ctx, s.ID())
			require.NoError(t, err)
			require.Equal(t, []uint64{h.ID()}, handles)
			info, err := c.HandleInfo(ctx, s.ID(), h.ID(), nil)
			require.NoError(t, err)
			require.Equal(t, "janus.plugin.mine", info.Plugin)
			require.Equal(t, "mine", info.OpaqueID)
			answer, err := c.MessagePlugin(ctx, "janus.plugin.mine", map[string]string{"request": "look"})
			require.NoError(t, err)
			require.JSONEq(t, `{"asked":{"request":"look"}}`, string(answer))
			_, err = c.MessagePlugin(ctx, "janus.plugin.mine", map[string]string{"request": "fail"})
			require.ErrorIs(t, err, client.PluginCode{Plugin: "janus.plugin.mine", Code: 7})
			require.NoError(t, c.AcceptNewSessions(ctx, false))
			require.NoError(t, c.AcceptNewSessions(ctx, true))
			_, err = c.AddToken(ctx, "u", "janus.plugin.mine")
			require.NoError(t, err)
			require.NoError(t, c.RemoveToken(ctx, "u"))

			wrong, err := dial(ctx, &admin.Options{Secret: "other"})
			require.NoError(t, err)
			defer wrong.Close()
			_, err = wrong.ListSessions(ctx)
			require.ErrorIs(t, err, client.Unauthorized)
		})
	}
	require.Len(t, gw.Requests(), before)
}
