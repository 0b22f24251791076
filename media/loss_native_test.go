//go:build !js

package media_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/transport/v4/vnet"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/media"
)

// Of a network that loses one packet of twenty the recording does not suffer:
// pictures are sent again, and sound is short of little.
func TestRecordOverALossyNetwork(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	var n, lost atomic.Int64
	a, b := network(t, func(c vnet.Chunk) bool {
		p := c.UserData()
		media := len(p) > 1 && p[0]>>6 == 2 && (p[1]&0x7f < 64 || p[1]&0x7f > 95) // not RTCP, RFC 5761
		if media && n.Add(1)%20 == 10 {
			lost.Add(1)
			return false
		}
		return true
	})
	sources := openClip(ctx, t, false)
	addAll(t, a, sources)
	rec, name := newRecording(t)
	negotiate(ctx, t, a, b, false)
	attachAll(t, b, rec, 2)
	for _, s := range sources {
		<-s.Done()
	}
	require.Eventually(t, func() bool { return rec.Stats().VideoFrames >= 99 }, 30*time.Second, 10*time.Millisecond)
	st, err := a.Stats(ctx)
	require.NoError(t, err)
	require.NotZero(t, st.Stream("0", true).NACK)
	s := rec.Stats()
	t.Logf("%d of %d packets lost; %+v", lost.Load(), n.Load(), s)
	require.Greater(t, lost.Load(), int64(10))
	checkRecording(t, rec, name, 4*time.Second)
	require.GreaterOrEqual(t, rec.Stats().AudioFrames, 185)
}

func TestStatsCount(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b := newPair(t, nil)
	sources := openClip(ctx, t, true)
	addAll(t, a, sources)
	negotiate(ctx, t, a, b, false)
	attachAll(t, b, media.Discard(), 2)
	var sa, sb *media.Stats
	require.Eventually(t, func() bool {
		var err1, err2 error
		sa, err1 = a.Stats(ctx)
		sb, err2 = b.Stats(ctx)
		if err1 != nil || err2 != nil {
			return false
		}
		v := sa.Stream("0", true)
		return v != nil && v.RTT > 0 && sb.Stream("0", false) != nil && sb.Stream("1", false) != nil
	}, 30*time.Second, 20*time.Millisecond)
	require.Equal(t, media.StateConnected, sa.State)
	require.NotZero(t, sa.RTT)
	require.Nil(t, sa.Stream("0", false))
	out, in := sa.Stream("0", true), sb.Stream("0", false)
	require.Equal(t, []any{media.Video, "VP8", true}, []any{out.Kind, out.Codec, out.Sent})
	require.Equal(t, []any{media.Video, "VP8", false}, []any{in.Kind, in.Codec, in.Sent})
	require.Zero(t, out.Lost)
	require.Zero(t, in.Lost)
	require.InDelta(t, sa.BytesSent, sb.BytesReceived, 20_000)
	require.InDelta(t, out.Packets, in.Packets, 20)
	require.Greater(t, out.Frames, uint64(10))
	require.Less(t, in.Jitter, 50*time.Millisecond)
}
