//go:build !js

package udpfault

import (
	"net"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

const patience = 30 * time.Second

// mirror is a UDP server that says what it hears.
func mirror(t *testing.T) string {
	t.Helper()
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() { // ends with the socket
		defer close(done)
		buf := make([]byte, 100)
		for {
			n, from, err := c.ReadFrom(buf)
			if err != nil {
				return
			}
			_, _ = c.WriteTo(buf[:n], from)
		}
	}()
	t.Cleanup(func() {
		require.NoError(t, c.Close())
		<-done
	})
	return c.LocalAddr().String()
}

// exchange sends packets through a relay and returns those that come back.
func exchange(t *testing.T, r *Relay, packets int) (got []byte) {
	t.Helper()
	c, err := net.Dial("udp4", r.Addr())
	require.NoError(t, err)
	defer c.Close()
	back := 0
	for n := range packets {
		before := r.Stats()
		_, err := c.Write([]byte{byte(n)})
		require.NoError(t, err)
		// One by one, so that the system loses none.
		require.Eventually(t, func() bool {
			s := r.Stats()
			passed, lost := s.Passed-before.Passed, s.Lost-before.Lost
			if passed == 2 {
				back++
			}
			return lost == 1 || passed == 2
		}, patience, 50*time.Microsecond)
	}
	require.NoError(t, c.SetReadDeadline(time.Now().Add(patience)))
	buf := make([]byte, 10)
	for range back {
		_, err := c.Read(buf)
		require.NoError(t, err)
		got = append(got, buf[0])
	}
	return got
}

func TestRelay(t *testing.T) {
	all := make([]byte, 100)
	for i := range all {
		all[i] = byte(i)
	}
	target := mirror(t)
	for name, c := range map[string]struct {
		faults Faults
		check  func(t *testing.T, got []byte)
	}{
		"nothing":   {Faults{}, func(t *testing.T, got []byte) { require.Equal(t, all, got) }},
		"delay":     {Faults{Delay: 5 * time.Millisecond}, func(t *testing.T, got []byte) { require.ElementsMatch(t, all, got) }},
		"rate":      {Faults{Rate: 1 << 20}, func(t *testing.T, got []byte) { require.ElementsMatch(t, all, got) }},
		"blackhole": {Faults{Blackhole: true}, func(t *testing.T, got []byte) { require.Empty(t, got) }},
		"loss": {Faults{Loss: 20}, func(t *testing.T, got []byte) {
			require.InDelta(t, 64, len(got), 25) // 80 % of 80 %
			require.True(t, slices.IsSorted(got))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := Listen(target, 1, c.faults)
			require.NoError(t, err)
			defer r.Close()
			c.check(t, exchange(t, r, len(all)))
		})
	}
}

// Packets overtake each other, and what waits is lost at the end.
func TestReorder(t *testing.T) {
	r, err := Listen(mirror(t), 3, Faults{Delay: time.Hour, Reorder: 50})
	require.NoError(t, err)
	c, err := net.Dial("udp4", r.Addr())
	require.NoError(t, err)
	defer c.Close()
	for n := range 100 {
		_, err := c.Write([]byte{byte(n)})
		require.NoError(t, err)
	}
	buf := make([]byte, 10)
	_, err = c.Read(buf) // one that was sent at once, both ways
	require.NoError(t, err)
	r.Close()
	r.Close()
}

// What a slow link cannot take in half a second is lost, and the rest goes one
// after another, each direction by itself.
func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const size, packets = 1000, 100
		r := &Relay{faults: Faults{Rate: size * 8 * packets}}
		for range 2 {
			for _, dir := range []direction{toTarget, toClient} {
				for n := range packets/2 + 1 {
					wait, full := r.queue(dir, size)
					require.False(t, full)
					require.Equal(t, time.Duration(n+1)*time.Second/packets, wait)
				}
				_, full := r.queue(dir, size)
				require.True(t, full)
			}
			time.Sleep(time.Second) //nolint:forbidigo // virtual time
		}
	})
}

func TestSet(t *testing.T) {
	r, err := Listen(mirror(t), 3, Faults{Blackhole: true})
	require.NoError(t, err)
	defer r.Close()
	require.Empty(t, exchange(t, r, 3))
	r.Set(Faults{})
	require.Len(t, exchange(t, r, 3), 3)
	_, err = Listen("nowhere", 0, Faults{})
	require.ErrorContains(t, err, "udpfault:")
}
