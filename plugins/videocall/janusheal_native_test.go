//go:build !js

package videocall_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/line"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

// TestJanusKilled has two who were in a call when the gateway was killed call each
// other again.
func TestJanusKilled(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, nil)
	u := users(t, gw.WS(), []string{"ann", "bob"})
	ann, bob := u[0], u[1]
	for range 2 {
		p, q := ann.peer(clip.Audio), bob.peer(clip.Audio)
		ann.calls(bob, p, q)
		newCounter(t, bob.track(media.Audio)).grows(t)
		gw.Kill()
		require.NoError(t, gw.Restart(ann.ctx))
		rebuilt(ann, bob, p, q)
		ann, bob = bob, ann
	}
	ann.calls(bob, ann.peer(clip.Audio), bob.peer(clip.Audio))
	newCounter(t, bob.track(media.Audio)).grows(t)
	require.NoError(t, ann.End(ann.ctx, ""))
}

// TestJanusClaim loses the signalling in each state of a call.
func TestJanusClaim(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, &janusproc.Options{ReclaimTimeout: 20 * time.Second})
	u := users(t, gw.WS(), []string{"ann", "bob"})
	ann, bob := u[0], u[1]
	ann.cut()
	require.False(t, ann.resynced().Over, "there was no call")

	p, q := ann.peer(clip.Audio), bob.peer(clip.Audio)
	require.NoError(t, ann.Call(ann.ctx, bob.name, p))
	in := await[*videocall.Incoming](bob)
	for _, x := range u {
		x.cut()
		require.False(t, x.resynced().Over, "it rings on")
	}
	require.NoError(t, bob.Accept(bob.ctx, in, q))
	require.NoError(t, await[*videocall.Accepted](ann).Err)
	heard := newCounter(t, bob.track(media.Audio))
	heard.grows(t)
	pc := p.Underlying()
	for _, x := range u {
		x.cut()
		require.False(t, x.resynced().Over, "it goes on")
		heard.grows(t)
	}
	require.Same(t, pc, p.Underlying())
	ann.updates(bob, ann.Restart(ann.ctx))
	heard.grows(t)
	require.NoError(t, ann.End(ann.ctx, ""))
	bob.hungUp("")
}

// TestJanusClaimOver has the other side hang up while the signalling is lost.
func TestJanusClaimOver(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, &janusproc.Options{ReclaimTimeout: 20 * time.Second})
	u := users(t, gw.WS(), []string{"ann", "bob"})
	ann, bob := u[0], u[1]
	p := ann.peer(clip.Audio)
	ann.calls(bob, p, bob.peer(clip.Audio))
	newCounter(t, bob.track(media.Audio)).grows(t)

	ann.line.Hold()
	ann.cut()
	err := bob.End(bob.ctx, "")
	await[*client.Hangup](bob)
	ann.line.Release()
	require.NoError(t, err)
	require.True(t, ann.resynced().Over)
	done(ann, p)
	ann.calls(bob, ann.peer(clip.Audio), bob.peer(clip.Audio))
	newCounter(t, bob.track(media.Audio)).grows(t)
	require.NoError(t, ann.End(ann.ctx, ""))
}

// TestJanusNameTaken has a session that nobody ended keep the name for a while.
func TestJanusNameTaken(t *testing.T) {
	t.Parallel()
	gw := janustesting.New(t, &janusproc.Options{ReclaimTimeout: 6 * time.Second})
	u := users(t, gw.WS(), []string{"ann", "bob"})
	ann, bob := u[0], u[1]
	ann.line.Hold() // the ghost is first
	gw.Kill()
	err := gw.Restart(ann.ctx)
	if err == nil {
		err = haunt(ann, gw.WS())
	}
	ann.line.Release()
	require.NoError(t, err)
	require.ErrorIs(t, await[*client.Resumed](ann).Err, videocall.ErrUsernameTaken)
	require.NoError(t, await[*videocall.Registered](ann).Err)
	bob.calls(ann, bob.peer(clip.Audio), ann.peer(clip.Audio))
	newCounter(t, ann.track(media.Audio)).grows(t)
	require.NoError(t, bob.End(bob.ctx, ""))
}

// haunt registers the name of u and goes away without a word.
func haunt(u *user, url string) error {
	l, opts := line.New("ws")
	opts.Reconnect.Off = true
	c, err := client.Dial(u.ctx, url, opts)
	if err != nil {
		return err
	}
	s, err := c.NewSession(u.ctx)
	if err != nil {
		return err
	}
	h, err := s.Attach(u.ctx, videocall.Plugin, nil)
	if err != nil {
		return err
	}
	if _, err = h.Request(u.ctx, map[string]any{"request": "register", "username": u.name}, nil); err != nil {
		return err
	}
	err = l.Cut()
	<-c.Done()
	return err
}
