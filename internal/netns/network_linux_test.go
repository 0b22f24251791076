package netns

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestNetwork(t *testing.T) {
	n, err := New(t.Context())
	if errors.Is(err, ErrNotPermitted) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	require.NoError(t, err)
	defer func() {
		require.NoError(t, n.Close())
		require.Error(t, n.Command(t.Context(), "true").Run(), "it is gone")
		require.Error(t, n.Close())
	}()
	inside := func(args ...string) string {
		t.Helper()
		out, err := n.Command(t.Context(), "ip", args...).CombinedOutput()
		require.NoError(t, err, "%s", out)
		return string(out)
	}
	outside := func(args ...string) string {
		t.Helper()
		out, err := exec.Command("ip", args...).CombinedOutput()
		require.NoError(t, err, "%s", out)
		return string(out)
	}
	require.Contains(t, inside("addr"), n.Inside())
	require.NotContains(t, outside("addr"), n.Inside())
	require.Contains(t, outside("route", "get", n.Inside()), n.outside)
	require.Contains(t, outside("route", "get", n.Inside()), "src "+n.prefix+firstHost+" ")

	require.NoError(t, n.Renumber(t.Context()))
	require.Contains(t, outside("route", "get", n.Inside()), "src "+n.prefix+otherHost+" ")
	require.Error(t, n.Renumber(t.Context()), "there is one other address")

	require.NoError(t, n.Link(t.Context(), false))
	require.NotContains(t, outside("route"), n.outside)
	require.NoError(t, n.Link(t.Context(), true))
	require.Contains(t, outside("route"), n.outside)

	// What one end sends, which is never told that it does not arrive.
	heard, err := net.ListenPacket("udp4", n.prefix+otherHost+":0")
	require.NoError(t, err)
	defer heard.Close()
	say := func(word string) {
		t.Helper()
		_, port, err := net.SplitHostPort(heard.LocalAddr().String())
		require.NoError(t, err)
		out, err := n.Command(t.Context(), "bash", "-c", "printf "+word+" >/dev/udp/"+n.prefix+otherHost+"/"+port).CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	hears := func(word string) {
		t.Helper()
		say(word)
		buf := make([]byte, 100)
		require.NoError(t, heard.SetReadDeadline(time.Now().Add(30*time.Second)))
		k, _, err := heard.ReadFrom(buf)
		require.NoError(t, err)
		require.Equal(t, word, string(buf[:k]))
	}
	hears("plain")
	require.NoError(t, n.Blackhole(t.Context(), true))
	say("swallowed")
	require.NoError(t, n.Blackhole(t.Context(), false))
	hears("again")

	if _, err := exec.LookPath("nft"); err == nil {
		require.NoError(t, n.Loss(t.Context(), 100))
		say("lost")
		require.NoError(t, n.Loss(t.Context(), 0))
		hears("found")
	}
	if err := n.Rate(t.Context(), 256); !errors.Is(err, ErrNotPermitted) { // a kernel may have no tbf
		require.NoError(t, err)
		for _, at := range []func(...string) string{inside, outside} {
			require.Contains(t, at("link"), "tbf")
		}
		hears("slow")
		require.NoError(t, n.Rate(t.Context(), 0))
		require.NotContains(t, outside("link"), "tbf")
	}
	hears("fast")
}
