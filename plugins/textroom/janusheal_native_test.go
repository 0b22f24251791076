//go:build !js

package textroom_test

import (
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

// withLobby returns a gateway of one's own.
func withLobby(t *testing.T) *janusproc.Server {
	t.Helper()
	return janustesting.New(t, &janusproc.Options{ReclaimTimeout: 20 * time.Second, Append: map[string]string{lobbyFile: lobbyConfig}})
}

func TestJanusKilled(t *testing.T) {
	t.Parallel()
	ctx, gw := patient(t), withLobby(t)
	killed(ctx, t, gw.WS(), gw.Kill, func() { require.NoError(t, gw.Restart(ctx)) })
}

func TestJanusRebuild(t *testing.T) {
	t.Parallel()
	ctx, gw := patient(t), withLobby(t)
	rebuilt(ctx, t, gw.WS())
}

func TestJanusClaim(t *testing.T) {
	t.Parallel()
	ctx, gw := patient(t), withLobby(t)
	claimed(ctx, t, gw.WS())
}

// TestJanusAlert has the peer connection lost, and nothing else.
func TestJanusAlert(t *testing.T) {
	t.Parallel()
	ctx, gw := patient(t), withLobby(t)
	ann, bob := visit(ctx, t, gw.WS(), "ann"), visit(ctx, t, gw.WS(), "bob")
	pc, ok := ann.peer.Underlying().(*webrtc.PeerConnection)
	require.True(t, ok)
	require.NoError(t, pc.SCTP().Transport().Stop())
	require.True(t, await[*client.Hangup](ctx, t, ann).Fault())
	require.NoError(t, ann.says(ctx))
	require.NoError(t, await[*textroom.Rejoined](ctx, t, ann).Err)
	bob.hears(ctx, t, ann)
	require.NoError(t, ann.peer.Close())
	<-ann.conn.Done()
	require.ErrorIs(t, ann.conn.Err(), textroom.ErrEnded, "a peer that was closed is not to come back")
}

// TestJanusGhost finds somebody under our name when the gateway is there again.
func TestJanusGhost(t *testing.T) {
	t.Parallel()
	ctx, gw := patient(t), withLobby(t)
	ann, other := visit(ctx, t, gw.WS(), "ann"), visit(ctx, t, gw.WS(), "other")
	ann.line.Hold() // the other is first
	gw.Kill()
	require.NoError(t, gw.Restart(ctx))
	require.NoError(t, await[*textroom.Rejoined](ctx, t, other).Err)
	require.NoError(t, other.conn.Leave(ctx, lobby))
	other.enters(ctx, t, lobby, "ann")
	ann.line.Release()
	ghost := await[*textroom.Ghost](ctx, t, ann)
	require.Equal(t, []any{"ann", "ann", true}, []any{ghost.Username, ghost.As, ghost.TakenOver})
	require.NoError(t, await[*textroom.Rejoined](ctx, t, ann).Err)
	require.Equal(t, "ann", await[*textroom.Kicked](ctx, t, other).Username)
}
