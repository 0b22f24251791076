package media_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// 10 000 messages return in order, to a reader that pauses.
func TestBrowserDataOrder(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	e := newEcho(ctx, t, nil)
	d, err := e.OpenData(ctx, "order", &media.DataOptions{Protocol: "numbers"})
	require.NoError(t, err)
	require.Equal(t, "order", d.Label())
	require.Equal(t, "numbers", d.Protocol())
	require.NoError(t, e.handle.Start(ctx, echotest.Config{}, e))
	const n, window = 10_000, 1000 // what the reader's queue holds is bounded
	room := make(chan struct{}, window)
	sent := make(chan error, 1)
	go func() {
		p := make([]byte, 64)
		for i := range n {
			room <- struct{}{}
			binary.BigEndian.PutUint32(p, uint32(i))
			if err := d.Send(ctx, p); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	for i := range n {
		m, err := d.Receive(ctx)
		require.NoError(t, err)
		require.Equal(t, uint32(i), binary.BigEndian.Uint32(m.Bytes))
		require.Len(t, m.Bytes, 64)
		<-room
	}
	require.NoError(t, <-sent)
	require.NoError(t, d.Close())
	require.NoError(t, d.Close())
	<-d.Done()
	require.ErrorIs(t, d.Send(ctx, nil), media.ErrClosed)
	_, err = d.Receive(ctx)
	require.ErrorIs(t, err, media.ErrClosed)
}

// Send waits for room: more than the browser would take comes through.
func TestBrowserDataRoom(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	e := newEcho(ctx, t, nil)
	d, err := e.OpenData(ctx, "room", nil)
	require.NoError(t, err)
	require.NoError(t, e.handle.Start(ctx, echotest.Config{}, e))
	const n = 300 // of 60 KiB; Chromium gives up at 16 MiB
	sent := make(chan error, 1)
	go func() {
		for i := range n {
			if err := d.Send(ctx, bytes.Repeat([]byte{byte(i)}, 60<<10)); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	for i := range n {
		m, err := d.Receive(ctx)
		require.NoError(t, err)
		require.Equal(t, []byte{byte(i)}, m.Bytes[:1])
	}
	require.NoError(t, <-sent)
}

// A slow reader loses the oldest messages and is told.
func TestBrowserDataDropped(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	e := newEcho(ctx, t, nil)
	d, err := e.OpenData(ctx, "slow", nil)
	require.NoError(t, err)
	require.NoError(t, e.handle.Start(ctx, echotest.Config{}, e))
	const n = 5000
	for range n {
		require.NoError(t, d.SendText(ctx, "x"))
	}
	require.NoError(t, d.Send(ctx, []byte("last")))
	got, dropped := 0, 0
	for {
		m, err := d.Receive(ctx)
		if lost := (*media.DroppedError)(nil); err != nil {
			require.ErrorAs(t, err, &lost)
			dropped += lost.Count
			continue
		}
		if !m.Text {
			break
		}
		got++
	}
	require.Equal(t, n, got+dropped)
}
