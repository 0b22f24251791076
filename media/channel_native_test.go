//go:build !js

package media_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"sync"
	"testing"
	"time"

	"github.com/pion/logging"
	"github.com/pion/transport/v4/vnet"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/media"
)

// openChannel joins two peers by a channel.
func openChannel(ctx context.Context, t *testing.T, a, b end, opts *media.DataOptions) (near, far *media.DataChannel) {
	t.Helper()
	near, err := a.OpenData(ctx, "label", opts)
	require.NoError(t, err)
	negotiate(ctx, t, a, b, false)
	ev := await[*media.DataOpened](t, b.link)
	require.Equal(t, "media.data", ev.Kind)
	<-near.Opened()
	return near, ev.Channel
}

func TestDataMessages(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b := newPair(t, nil)
	near, far := openChannel(ctx, t, a, b, &media.DataOptions{Protocol: "proto"})
	require.Equal(t, "label", near.Label())
	require.Equal(t, "label", far.Label())
	require.Equal(t, "proto", far.Protocol())
	for _, d := range [][2]*media.DataChannel{{near, far}, {far, near}} {
		from, to := d[0], d[1]
		for _, size := range []int{1, 16 << 10, 60 << 10, 64 << 10, 0} {
			p := bytes.Repeat([]byte{byte(size >> 10)}, size)
			require.NoError(t, from.Send(ctx, p))
			clear(p) // the caller's again
			m, err := to.Receive(ctx)
			require.NoError(t, err)
			require.False(t, m.Text)
			require.Equal(t, bytes.Repeat([]byte{byte(size >> 10)}, size), append([]byte{}, m.Bytes...))
		}
		require.NoError(t, from.SendText(ctx, "grüß Gott"))
		m, err := to.Receive(ctx)
		require.NoError(t, err)
		require.True(t, m.Text)
		require.NoError(t, from.SendText(ctx, ""))
		s, err := to.ReceiveText(ctx)
		require.NoError(t, err)
		require.Empty(t, s)
	}
}

func TestDataOrder(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b := newPair(t, nil)
	near, far := openChannel(ctx, t, a, b, nil)
	const n = 3000
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range n {
			p := make([]byte, 4+i%2000)
			binary.BigEndian.PutUint32(p, uint32(i))
			if near.Send(ctx, p) != nil {
				return
			}
		}
	})
	for i := range n {
		m, err := far.Receive(ctx)
		require.NoError(t, err)
		require.Len(t, m.Bytes, 4+i%2000)
		require.EqualValues(t, i, binary.BigEndian.Uint32(m.Bytes))
	}
	wg.Wait()
}

func TestDataTooLarge(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b := newPair(t, nil)
	near, err := a.OpenData(ctx, "x", nil)
	require.NoError(t, err)
	offer, err := a.Offer(ctx, false)
	require.NoError(t, err)
	answer, err := b.Answer(ctx, offer)
	require.NoError(t, err)
	answer.SDP = replaceLine(answer.SDP, "a=max-message-size:", "a=max-message-size:1000")
	require.NoError(t, a.Accept(ctx, answer))
	require.NoError(t, near.Send(ctx, make([]byte, 1000)))
	var large *media.MessageSizeError
	require.ErrorAs(t, near.Send(ctx, make([]byte, 1001)), &large)
	require.Equal(t, media.MessageSizeError{Size: 1001, Max: 1000}, *large)
	require.ErrorContains(t, large, "1001 bytes")
}

func TestDataClose(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b := newPair(t, nil)
	never, err := a.OpenData(ctx, "never", nil)
	require.NoError(t, err)
	short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, never.Send(short, nil), context.DeadlineExceeded)
	_, err = never.Receive(short)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NoError(t, never.Close())
	require.ErrorIs(t, never.Send(ctx, nil), media.ErrClosed)

	near, far := openChannel(ctx, t, a, b, nil)
	waits := make(chan error, 1)
	go func() { _, err := near.Receive(ctx); waits <- err }()
	require.NoError(t, far.SendText(ctx, "last"))
	require.NoError(t, <-waits)
	for range 100 {
		require.NoError(t, near.Send(ctx, make([]byte, 10<<10)))
	}
	require.NoError(t, near.Close())
	require.NoError(t, near.Close())
	<-near.Done()
	require.ErrorIs(t, near.Send(ctx, nil), media.ErrClosed)
	_, err = near.Receive(ctx)
	require.ErrorIs(t, err, media.ErrClosed)
	for range 100 { // sent before the close
		_, err := far.Receive(ctx)
		require.NoError(t, err)
	}
	_, err = far.Receive(ctx)
	require.ErrorIs(t, err, media.ErrClosed)
	<-far.Done()

	// A peer that closes takes its channels with it.
	other, err := b.OpenData(ctx, "other", nil)
	require.NoError(t, err)
	go func() { _, err := other.Receive(ctx); waits <- err }()
	require.NoError(t, b.Close())
	require.ErrorIs(t, <-waits, media.ErrClosed)
}

func TestDataSlowReader(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b := newPair(t, nil)
	near, far := openChannel(ctx, t, a, b, nil)
	const n = 5000
	for i := range n {
		p := make([]byte, 8)
		binary.BigEndian.PutUint32(p, uint32(i))
		require.NoError(t, near.Send(ctx, p))
	}
	require.Eventually(t, func() bool { return near.Buffered() == 0 }, 30*time.Second, time.Millisecond)
	require.NoError(t, near.Send(ctx, []byte("last")))
	got, lost := 0, 0
	for {
		m, err := far.Receive(ctx)
		if err != nil {
			var dropped *media.DroppedError
			require.ErrorAs(t, err, &dropped)
			lost += dropped.Count
			continue
		}
		if string(m.Bytes) == "last" {
			break
		}
		require.EqualValues(t, lost+got, binary.BigEndian.Uint32(m.Bytes))
		got++
	}
	require.Equal(t, n, got+lost)
	require.NotZero(t, lost)
}

// networking is held while one is made: pion (transport 4.1.0) numbers the devices of
// all without a lock.
var networking sync.Mutex

// network is two peers' own, without the machine's.
func network(t *testing.T, filter func(vnet.Chunk) bool, tune ...func(*webrtc.SettingEngine)) (a, b end) {
	t.Helper()
	networking.Lock()
	defer networking.Unlock()
	router, err := vnet.NewRouter(&vnet.RouterConfig{CIDR: "10.0.0.0/24", LoggerFactory: &logging.DefaultLoggerFactory{}})
	require.NoError(t, err)
	if filter != nil {
		router.AddChunkFilter(filter)
	}
	la, lb := newLinks()
	var peers []*media.Peer
	for i, l := range []*link{la, lb} {
		n, err := vnet.NewNet(&vnet.NetConfig{StaticIPs: []string{"10.0.0." + string(rune('1'+i))}})
		require.NoError(t, err)
		require.NoError(t, router.AddNet(n))
		p, err := media.NewTunedPeer(l, func(s *webrtc.SettingEngine) {
			s.SetNet(n)
			for _, f := range tune {
				f(s)
			}
		})
		require.NoError(t, err)
		peers = append(peers, p)
	}
	require.NoError(t, router.Start())
	t.Cleanup(func() {
		require.NoError(t, peers[0].Close())
		require.NoError(t, peers[1].Close())
		require.NoError(t, router.Stop())
	})
	return end{peers[0], la}, end{peers[1], lb}
}

func TestDataBackPressure(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	cut := make(chan struct{})
	a, b := network(t, func(vnet.Chunk) bool {
		select {
		case <-cut:
			return false
		default:
			return true
		}
	})
	near, far := openChannel(ctx, t, a, b, nil)
	require.NoError(t, near.SendText(ctx, "x"))
	_, err := far.Receive(ctx)
	require.NoError(t, err)
	close(cut)
	const size = 60 << 10
	sent := 0
	for err == nil {
		short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		err = near.Send(short, make([]byte, size))
		cancel()
		sent++
		require.LessOrEqual(t, near.Buffered(), uint64(media.HighWater+size))
	}
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.InDelta(t, media.HighWater/size, sent, 3)
	// Those who wait are told when it ends.
	waits := make(chan error, 2)
	for range 2 {
		go func() { waits <- near.Send(ctx, make([]byte, size)) }()
	}
	require.NoError(t, a.Close())
	require.ErrorIs(t, <-waits, media.ErrClosed)
	require.ErrorIs(t, <-waits, media.ErrClosed)
}
