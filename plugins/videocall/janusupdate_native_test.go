//go:build !js

package videocall_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/media"
)

// TestJanusRenegotiate adds pictures to a call, from either side.
func TestJanusRenegotiate(t *testing.T) {
	t.Parallel()
	u := janus(t, "ann", "bob")
	ann, bob := u[0], u[1]
	p, q := ann.peer(clip.Audio), bob.peer(clip.Audio)
	ann.calls(bob, p, q)
	newCounter(t, bob.track(media.Audio)).grows(t)
	ann.add(p, clip.Video)
	ann.updates(bob, ann.Renegotiate(ann.ctx))
	newCounter(t, bob.track(media.Video)).grows(t)
	bob.add(q, clip.Video)
	bob.updates(ann, bob.Renegotiate(bob.ctx))
	newCounter(t, ann.track(media.Video)).grows(t)
	require.NoError(t, bob.End(bob.ctx, ""))
}

// TestJanusRestart finds new ways through the network, from either side.
func TestJanusRestart(t *testing.T) {
	t.Parallel()
	u := janus(t, "ann", "bob")
	ann, bob := u[0], u[1]
	ann.calls(bob, ann.peer(clip.Audio), bob.peer(clip.Audio))
	heard, said := newCounter(t, bob.track(media.Audio)), newCounter(t, ann.track(media.Audio))
	for range 2 {
		ann.updates(bob, ann.Restart(ann.ctx))
		heard.grows(t)
		said.grows(t)
		bob.updates(ann, bob.Restart(bob.ctx))
		heard.grows(t)
		said.grows(t)
	}
	require.NoError(t, ann.End(ann.ctx, ""))
}

// TestJanusData has the gateway relay data channels.
func TestJanusData(t *testing.T) {
	t.Parallel()
	u := janus(t, "ann", "bob")
	ann, bob := u[0], u[1]
	p, q := ann.peer(), bob.peer()
	a, err := p.OpenData(ann.ctx, "chat", nil)
	require.NoError(t, err)
	b, err := q.OpenData(bob.ctx, "chat", nil)
	require.NoError(t, err)
	ann.calls(bob, p, q)
	got := make(chan string, 1)
	go func() { // ends with the first message or with the channel; waited for below
		text, _ := b.ReceiveText(bob.ctx)
		got <- text
	}()
	var text string
	require.Eventually(t, func() bool { // what comes before both sides are up is lost
		if a.SendText(ann.ctx, "hello") != nil {
			return false
		}
		select {
		case text = <-got:
			return true
		default:
			return false
		}
	}, 30*time.Second, 20*time.Millisecond)
	require.Equal(t, "hello", text)
	require.NoError(t, ann.End(ann.ctx, ""))
}
