//go:build !js

package textroom_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

// janus returns a context that bounds the test, and the URL of the gateway the
// tests share.
func janus(t *testing.T) (context.Context, string) {
	t.Helper()
	return bounded(t), textroom.Gateway(t).WS()
}

func TestJanusChat(t *testing.T) {
	t.Parallel()
	ctx, gw := janus(t)
	chat(ctx, t, gw)
}

func TestJanusJoinErrors(t *testing.T) {
	t.Parallel()
	ctx, gw := janus(t)
	joinErrors(ctx, t, gw)
}

func TestJanusRestart(t *testing.T) {
	t.Parallel()
	ctx, gw := janus(t)
	restart(ctx, t, gw)
}

func TestJanusRejoin(t *testing.T) {
	t.Parallel()
	ctx, gw := janus(t)
	rejoin(ctx, t, gw)
}

func TestJanusRooms(t *testing.T) {
	for name, body := range roomBodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, gw := janus(t)
			manage(t, gw, body)
		})
	}
}

// TestJanusLabel shows that Open refuses the channel that would get no answers.
func TestJanusLabel(t *testing.T) {
	t.Parallel()
	ctx, gw := janus(t)
	h := attach(ctx, t, gw)
	p, err := media.NewPeer(h, nil)
	require.NoError(t, err)
	defer p.Close()
	ch, err := p.OpenData(ctx, "chat", nil)
	require.NoError(t, err)
	_, err = h.Open(ctx, p, ch)
	require.ErrorAs(t, err, new(*client.ArgumentError))
	require.Contains(t, err.Error(), "textroom.Label")
}

// TestJanusDestroyEarly destroys rooms while the channel is made, of which the
// gateway wants to tell on it.
func TestJanusDestroyEarly(t *testing.T) {
	t.Parallel()
	ctx, gw := janus(t)
	for range 5 {
		h := attach(ctx, t, gw)
		opened := make(chan struct{})
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			for early := true; early; {
				select {
				case <-opened:
					early = false
				default:
				}
				made, err := h.Create(ctx, textroom.CreateRequest{})
				if !assert.NoError(t, err) {
					return
				}
				_, err = h.Destroy(ctx, textroom.DestroyRequest{Room: made.Room})
				assert.NoError(t, err)
			}
		}()
		c, err := open(ctx, t, h)
		require.NoError(t, err)
		_, err = c.Exists(ctx, client.NumID(1))
		close(opened)
		require.NoError(t, err)
		<-gone
		require.NoError(t, c.Stop(ctx))
	}
}

func TestJanusAgainAndAgain(t *testing.T) {
	t.Parallel()
	ctx, gw := janus(t)
	againAndAgain(ctx, t, gw)
}
