package videocall_test

import (
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

// cut loses the connection to the gateway.
func (u *user) cut() {
	u.t.Helper()
	require.NoError(u.t, u.line.Cut())
	await[*client.Interrupted](u)
}

// resynced waits for what was found after a claim; an end of the call comes before
// it.
func (u *user) resynced() *videocall.Resynced {
	u.t.Helper()
	require.False(u.t, await[*client.Resumed](u).Rebuilt)
	hungUp := false
	for {
		ev, err := u.Next(u.ctx)
		require.NoError(u.t, err)
		switch ev := ev.(type) {
		case *client.Hangup:
			hungUp = true
		case *videocall.Resynced:
			require.NoError(u.t, ev.Err)
			require.False(u.t, ev.Registered)
			require.Equal(u.t, ev.Over, hungUp)
			return ev
		}
	}
}

// done waits for the end of a peer.
func done(u *user, p *media.Peer) {
	u.t.Helper()
	select {
	case <-p.Done():
	case <-u.ctx.Done():
		require.FailNow(u.t, "the peer outlives its call")
	}
}

// rebuilt has two who were in a call when the gateway was killed hear that it is
// over, and have their names again.
func rebuilt(ann, bob *user, p, q *media.Peer) {
	ann.t.Helper()
	for _, x := range []*user{ann, bob} {
		ended := await[*videocall.Ended](x)
		require.Empty(x.t, ended.Username)
		require.NotEmpty(x.t, ended.Reason)
		require.Equal(x.t, ended.Reason, await[*client.Hangup](x).Reason)
		resumed := await[*client.Resumed](x)
		require.True(x.t, resumed.Rebuilt)
		require.NoError(x.t, resumed.Err)
	}
	done(ann, p)
	done(bob, q)
	list, err := ann.List(ann.ctx)
	require.NoError(ann.t, err)
	require.ElementsMatch(ann.t, []string{ann.name, bob.name}, list)
}
