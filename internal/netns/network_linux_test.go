package netns

import (
	"errors"
	"os"
	"os/exec"
	"testing"

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

	require.NoError(t, n.Blackhole(t.Context(), true))
	require.Contains(t, inside("route"), "blackhole")
	require.NoError(t, n.Blackhole(t.Context(), false))
	require.NotContains(t, inside("route"), "blackhole")
}
