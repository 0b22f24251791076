//go:build !js

package udpfault

import (
	"fmt"
	"net"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// told is what a gateway says that has media at an address.
func told(t *testing.T, address string) []byte {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	return fmt.Appendf(nil, `{"janus":"event","jsep":{"type":"answer","sdp":"v=0\r\no=- 1 1 IN IP4 %[1]s\r\n`+
		`a=candidate:1 1 udp 2015363327 %[1]s %[2]s typ host\r\na=candidate:2 1 tcp 1 %[1]s 9 typ host tcptype active\r\na=end-of-candidates\r\n"}}`, host, port)
}

// way returns where a client goes that was told so.
func way(t *testing.T, message []byte) string {
	t.Helper()
	part := regexp.MustCompile(`candidate:1 1 udp 2015363327 (\S+) (\d+) typ host\\r`).FindStringSubmatch(string(message))
	require.Len(t, part, 3, "%s", message)
	return part[1] + ":" + part[2]
}

// answers says whether there is somebody where a way leads to.
func answers(t *testing.T, to string, patience time.Duration) bool {
	t.Helper()
	c, err := net.Dial("udp4", to)
	require.NoError(t, err)
	defer c.Close()
	_, err = c.Write([]byte("x"))
	require.NoError(t, err)
	require.NoError(t, c.SetReadDeadline(time.Now().Add(patience)))
	_, err = c.Read(make([]byte, 9))
	return err == nil
}

func TestDetour(t *testing.T) {
	d := NewDetour(1)
	defer d.Close()
	gateway := mirror(t)
	message := d.ToClient(told(t, gateway))
	there := way(t, message)
	require.NotEqual(t, gateway, there)
	require.Equal(t, string(told(t, there)), string(message), "the rest stays")
	require.Equal(t, there, way(t, d.ToClient(told(t, gateway))), "the same address, the same way")
	require.True(t, answers(t, there, 30*time.Second))
	d.Set(Faults{Loss: 100})
	require.False(t, answers(t, there, 200*time.Millisecond))
	require.Positive(t, d.Stats().Lost)
	other := way(t, d.ToClient(told(t, mirror(t))))
	require.NotEqual(t, there, other)
	require.False(t, answers(t, other, 200*time.Millisecond), "new ways are as bad")
	d.Set(Faults{})
	require.True(t, answers(t, there, 30*time.Second))
	require.True(t, answers(t, other, 30*time.Second))

	for range 2 {
		d.Switch()
		require.False(t, answers(t, there, 200*time.Millisecond))
		again := way(t, d.ToClient(told(t, gateway)))
		require.NotEqual(t, there, again)
		require.True(t, answers(t, again, 30*time.Second))
		there = again
	}
	d.Close()
	require.Equal(t, gateway, way(t, d.ToClient(told(t, gateway))), "there are no more relays")
}

// A gateway learns nothing of a client's addresses, and everything else stays.
func TestDetourToServer(t *testing.T) {
	d := NewDetour(1)
	defer d.Close()
	for said, want := range map[string]string{
		`{"candidate":{"candidate":"candidate:1 1 udp 99 192.0.2.2 4711 typ host generation 0","sdpMid":"0"}}`:                            `{"candidate":{"candidate":"candidate:1 1 tcp 99 192.0.2.2 4711 typ host generation 0","sdpMid":"0"}}`,
		`{"sdp":"a=candidate:7 1 UDP 99 f00.local 4711 typ host\r\na=candidate:8 1 udp 9 1.2.3.4 5 typ srflx raddr 0.0.0.0 rport 0\r\n"}`: `{"sdp":"a=candidate:7 1 tcp 99 f00.local 4711 typ host\r\na=candidate:8 1 tcp 9 1.2.3.4 5 typ srflx raddr 0.0.0.0 rport 0\r\n"}`,
		`{"candidate":{"completed":true}}`: `{"candidate":{"completed":true}}`,
		`{"text":"my candidate: 1 1 udp"}`: `{"text":"my candidate: 1 1 udp"}`,
	} {
		require.Equal(t, want, string(d.ToServer([]byte(said))))
	}
}

// There are only so many relays.
func TestDetourBounded(t *testing.T) {
	d := NewDetour(1)
	defer d.Close()
	first := way(t, d.ToClient(told(t, "127.0.0.1:1000")))
	for port := range maxRelays {
		way(t, d.ToClient(told(t, fmt.Sprintf("127.0.0.1:%d", 1001+port))))
	}
	require.Len(t, d.relays, maxRelays)
	require.Len(t, d.order, maxRelays)
	require.NotContains(t, d.relays, first)
	require.Equal(t, "1.2.3.400:5", way(t, d.ToClient(told(t, "1.2.3.400:5"))))
}
