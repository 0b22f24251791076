//go:build !js

package admin

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
)

func TestJanusTokens(t *testing.T) {
	srv := gateway.Get(t)
	everyTransport(t, srv, func(t *testing.T, c *Client) {
		ctx := bounded(t)
		token := "token-" + filepath.Base(t.Name()) + `-"é\`
		plugins, err := c.AddToken(ctx, token, echoTest, "janus.plugin.nope")
		require.NoError(t, err)
		require.Equal(t, []string{echoTest}, plugins, "names of no plugin are skipped")
		plugins, err = c.AllowToken(ctx, token, videoRoom)
		require.NoError(t, err)
		require.ElementsMatch(t, []string{echoTest, videoRoom}, plugins)
		list, err := c.ListTokens(ctx)
		require.NoError(t, err)
		found := false
		for _, have := range list {
			if have.Token == token {
				found = true
				require.ElementsMatch(t, plugins, have.Plugins)
			}
		}
		require.True(t, found)

		u, err := client.Dial(ctx, srv.WS(), &client.Options{Credentials: client.Static(token, "")})
		require.NoError(t, err)
		defer u.Close()
		s, err := u.NewSession(ctx)
		require.NoError(t, err)
		plugins, err = c.DisallowToken(ctx, token, echoTest)
		require.NoError(t, err)
		require.Equal(t, []string{videoRoom}, plugins)
		_, err = s.Attach(ctx, echoTest, nil)
		require.ErrorIs(t, err, client.UnauthorizedPlugin)
		_, err = s.Attach(ctx, videoRoom, nil)
		require.NoError(t, err)

		_, err = c.AllowToken(ctx, token, "janus.plugin.nope")
		require.ErrorIs(t, err, client.InvalidElementType)
		_, err = c.AllowToken(ctx, "nobody", echoTest)
		require.ErrorIs(t, err, client.TokenNotFound)
		_, err = c.DisallowToken(ctx, "nobody", echoTest)
		require.ErrorIs(t, err, client.TokenNotFound)
		require.NoError(t, c.RemoveToken(ctx, token))
		require.ErrorIs(t, c.RemoveToken(ctx, token), client.UnknownError)
		_, err = u.NewSession(ctx)
		require.ErrorIs(t, err, client.Unauthorized)
		all, err := c.AddToken(ctx, token)
		require.NoError(t, err)
		require.Greater(t, len(all), 5, "no plugins are all plugins")
		require.NoError(t, c.RemoveToken(ctx, token))
	})
}

// TestJanusWithoutTokens has a gateway that keeps none, and which dies then.
func TestJanusWithoutTokens(t *testing.T) {
	srv := janustesting.New(t, nil)
	c := dialURL(t, srv.AdminWS(), srv.AdminSecret())
	ctx := bounded(t)
	_, err := c.AddToken(ctx, "t")
	require.ErrorIs(t, err, client.UnknownError)
	require.ErrorContains(t, err, "disabled")
	_, err = c.ListTokens(ctx)
	require.ErrorIs(t, err, client.UnknownError)
	require.ErrorIs(t, c.RemoveToken(ctx, "t"), client.UnknownError)
	loops, err := c.LoopsInfo(ctx)
	require.NoError(t, err)
	require.Empty(t, loops, "each handle has its own")

	http := dialURL(t, srv.AdminHTTP(), srv.AdminSecret())
	srv.Kill()
	<-c.Done()
	require.ErrorIs(t, c.Err(), client.ErrClosed)
	for _, c := range []*Client{c, http} {
		_, err = c.Status(ctx)
		if !errors.Is(err, client.ErrOutcomeUnknown) { // over a socket that was kept, it may have been sent
			require.ErrorIs(t, err, client.ErrInterrupted)
		}
	}
}
