//go:build !js

package textroom_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

func TestJanusStringIDs(t *testing.T) {
	t.Parallel()
	stringIDs(bounded(t), t, janustesting.New(t, &janusproc.Options{StringIDs: true}).WS())
}

// TestJanusAdminKey needs the key of the configuration to create rooms, and to
// see the private ones.
func TestJanusAdminKey(t *testing.T) {
	t.Parallel()
	ctx, _ := janus(t)
	gw := janustesting.New(t, nil)
	file := filepath.Join(gw.Dir(), "janus.plugin.textroom.jcfg")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	changed := strings.Replace(string(text), "general:", "general:\n", 1)
	changed = strings.Replace(changed, "{", "{\n\tadmin_key = \"k\"\n", 1)
	require.NoError(t, os.WriteFile(file, []byte(changed), 0o600))
	gw.Kill()
	require.NoError(t, gw.Restart(ctx))

	h := attach(ctx, t, gw.WS())
	_, err = h.Create(ctx, textroom.CreateRequest{})
	require.ErrorIs(t, err, textroom.ErrMissingElement)
	_, err = h.Create(ctx, textroom.CreateRequest{AdminKey: "x"})
	require.ErrorIs(t, err, textroom.ErrUnauthorized)
	id := newRoom(ctx, t, h.Rooms, textroom.CreateRequest{AdminKey: "k", Private: true, Permanent: true})
	require.Nil(t, find(ctx, t, h.Rooms, id, ""))
	require.NotNil(t, find(ctx, t, h.Rooms, id, "k"))
	_, err = h.List(ctx, "x")
	require.ErrorIs(t, err, textroom.ErrUnauthorized)

	// Permanent ones are in the file.
	saved := func() string {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		return string(text)
	}
	require.Contains(t, saved(), "room-"+id.String())
	res, err := h.Edit(ctx, textroom.EditRequest{Room: id, NewDescription: "kept", Permanent: true})
	require.NoError(t, err)
	require.True(t, res.Permanent)
	require.Contains(t, saved(), "kept")
	res, err = h.Destroy(ctx, textroom.DestroyRequest{Room: id, Permanent: true})
	require.NoError(t, err)
	require.True(t, res.Permanent)
	require.NotContains(t, saved(), "room-"+id.String())
}

// TestJanusPost has the gateway post what is said.
func TestJanusPost(t *testing.T) {
	t.Parallel()
	ctx, gw := janus(t)
	posted := make(chan string, 1)
	backend := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		posted <- string(body)
	}))
	defer backend.Close()
	_, c := connect(ctx, t, gw)
	room := newRoom(ctx, t, c.Rooms, textroom.CreateRequest{Post: backend.URL})
	_, err := c.Join(ctx, textroom.JoinRequest{Room: room, Username: "ann"})
	require.NoError(t, err)
	_, err = c.Message(ctx, textroom.MessageRequest{Room: room, Text: "for the record"})
	require.NoError(t, err)
	select {
	case body := <-posted:
		require.Contains(t, body, "for the record")
	case <-ctx.Done():
		require.Fail(t, "nothing was posted")
	}
}
