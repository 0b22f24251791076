package videocall_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
)

// ownGateway is one that a test may harm.
func ownGateway(t *testing.T) page.Gateway {
	t.Helper()
	gw := page.NewJanus(t, map[string]any{"ReclaimTimeout": 20 * time.Second})
	t.Cleanup(func() { gw.Do(t, "kill") })
	return gw
}

// TestBrowserClaim has either side of a call lose the signalling: the call goes on,
// on the connections it has.
func TestBrowserClaim(t *testing.T) {
	u := users(t, ownGateway(t).WS, []string{"ann", "bob"})
	ann, bob := u[0], u[1]
	p, q := ann.peer(pictures), bob.peer(pictures)
	ann.calls(bob, p, q)
	seen, shown := ann.picture(p, 320, 240), bob.picture(q, 320, 240)
	before := []any{p.Underlying(), q.Underlying()}
	for _, x := range u {
		x.cut()
		require.False(t, x.resynced().Over, "it goes on")
		seen.Moves(ann.ctx, t, 320, 240)
		shown.Moves(bob.ctx, t, 320, 240)
	}
	require.Equal(t, before, []any{p.Underlying(), q.Underlying()})
	ann.updates(bob, ann.Restart(ann.ctx))
	shown.Moves(bob.ctx, t, 320, 240)
	require.NoError(t, ann.End(ann.ctx, ""))
	bob.hungUp("")
}

// TestBrowserKilled has both sides hear that their call is over when the gateway was
// killed, and call each other again under the names they had.
func TestBrowserKilled(t *testing.T) {
	gw := ownGateway(t)
	u := users(t, gw.WS, []string{"ann", "bob"})
	ann, bob := u[0], u[1]
	p, q := ann.peer(pictures), bob.peer(pictures)
	ann.calls(bob, p, q)
	ann.picture(p, 320, 240)
	bob.picture(q, 320, 240)
	gw.Do(t, "kill")
	gw.Do(t, "restart")
	rebuilt(ann, bob, p, q)

	p, q = bob.peer(pictures), ann.peer(pictures)
	bob.calls(ann, p, q)
	bob.picture(p, 320, 240)
	ann.picture(q, 320, 240)
	require.NoError(t, bob.End(bob.ctx, ""))
	ann.hungUp("")
}
