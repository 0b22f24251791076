//go:build !js

package udpfault

import (
	"net"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

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
	for n := range packets {
		before := r.Stats()
		_, err := c.Write([]byte{byte(n)})
		require.NoError(t, err)
		// One by one, so that the system loses none.
		require.Eventually(t, func() bool {
			s := r.Stats()
			passed, lost := s.Passed-before.Passed, s.Lost-before.Lost
			return lost == 1 || passed == 2
		}, 30*time.Second, 50*time.Microsecond)
	}
	want := r.Stats().Passed
	buf := make([]byte, 10)
	for {
		require.NoError(t, c.SetReadDeadline(time.Now().Add(300*time.Millisecond)))
		if _, err := c.Read(buf); err != nil {
			break
		}
		got = append(got, buf[0])
	}
	require.LessOrEqual(t, len(got), want)
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
