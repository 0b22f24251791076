package media_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
)

// What follows is the same on both targets: the exchange with a real Janus, and
// the tests that need nothing else of a target.

// testContext ends a minute after the test should have.
func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// start runs an exchange with the EchoTest plugin.
func start(ctx context.Context, h *client.Handle, p *media.Peer, body map[string]any, restart bool) error {
	offer, err := p.Offer(ctx, restart)
	if err != nil {
		return err
	}
	r, err := h.Request(ctx, body, offer)
	if err != nil {
		return err
	}
	return p.Accept(ctx, r.JSEP)
}

// next returns the next event of type E.
func next[E client.Event](ctx context.Context, t *testing.T, h *client.Handle) E {
	t.Helper()
	for {
		ev, err := h.Next(ctx)
		require.NoError(t, err)
		if e, ok := ev.(E); ok {
			return e
		}
	}
}

var both = map[string]any{"audio": true, "video": true}

// testData: messages come back as they went, in order, and know their limit.
func testData(ctx context.Context, t *testing.T, h *client.Handle, p *media.Peer) {
	t.Helper()
	d, err := p.OpenData(ctx, "bifrons", nil)
	require.NoError(t, err)
	require.NoError(t, start(ctx, h, p, both, false))
	const n = 50
	sizes := []int{1, 16 << 10, 60 << 10}
	sent := make(chan error, 1)
	go func() {
		for i := range n * len(sizes) {
			if err := d.Send(ctx, bytes.Repeat([]byte{byte(i)}, sizes[i%len(sizes)])); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	for i := range n * len(sizes) {
		m, err := d.Receive(ctx)
		require.NoError(t, err)
		require.False(t, m.Text)
		require.True(t, bytes.Equal(bytes.Repeat([]byte{byte(i)}, sizes[i%len(sizes)]), m.Bytes), "message %d", i)
	}
	require.NoError(t, <-sent)
	require.NoError(t, d.SendText(ctx, "hello"))
	s, err := d.ReceiveText(ctx)
	require.NoError(t, err)
	require.Equal(t, "Janus EchoTest here! You wrote: hello", s)
	var large *media.MessageSizeError
	require.ErrorAs(t, d.Send(ctx, make([]byte, 65537)), &large)
	require.Equal(t, 65536, large.Max)
}

// testOffers: TextRoom makes the offer.
func testOffers(ctx context.Context, t *testing.T, h *client.Handle, p *media.Peer) {
	t.Helper()
	begin := time.Now()
	r, err := h.Request(ctx, map[string]any{"request": "setup"}, nil)
	require.NoError(t, err)
	d, err := p.OpenData(ctx, "JanusDataChannel", nil)
	require.NoError(t, err)
	answer, err := p.Answer(ctx, r.JSEP)
	require.NoError(t, err)
	_, err = h.Request(ctx, map[string]any{"request": "ack"}, answer)
	require.NoError(t, err)
	require.NoError(t, d.SendText(ctx, `{"textroom":"list","transaction":"t"}`))
	s, err := d.ReceiveText(ctx)
	require.NoError(t, err)
	require.Contains(t, s, `"success"`)
	t.Logf("first answer after %v", time.Since(begin))
	require.Less(t, time.Since(begin), 900*time.Millisecond, "the DTLS role keeps it from waiting a second")
}

// testHangsUp: the peer closes when the gateway says that it hung up.
func testHangsUp(ctx context.Context, t *testing.T, h *client.Handle, p *media.Peer) {
	t.Helper()
	require.NoError(t, start(ctx, h, p, both, false))
	next[*client.WebRTCUp](ctx, t, h)
	require.NoError(t, h.Hangup(ctx))
	<-p.Done()
	require.ErrorIs(t, p.Err(), media.ErrClosed)
	for {
		ev := next[*media.StateChanged](ctx, t, h)
		if ev.State == media.StateClosed {
			require.Equal(t, p.Err(), ev.Err)
			break
		}
	}
}

// testDetached: it closes with its handle.
func testDetached(ctx context.Context, t *testing.T, h *client.Handle, p *media.Peer) {
	t.Helper()
	require.NoError(t, start(ctx, h, p, both, false))
	next[*client.WebRTCUp](ctx, t, h)
	require.NoError(t, h.Detach(ctx))
	<-p.Done()
	require.ErrorIs(t, p.Err(), media.ErrClosed)
}
