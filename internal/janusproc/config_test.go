//go:build !js

package janusproc

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestQuote(t *testing.T) {
	require.Equal(t, `"plain"`, quote("plain"))
	require.Equal(t, `"a\"b\\c\x0a\x00é"`, quote("a\"b\\c\n\x00é"))
}

func TestTailKeepsTheEnd(t *testing.T) {
	var l tail
	for range 100 {
		_, err := l.Write([]byte(strings.Repeat("x", 1000) + "\n"))
		require.NoError(t, err)
	}
	_, err := l.Write([]byte("the [FATAL] end\n"))
	require.NoError(t, err)
	require.Len(t, l.String(), tailSize)
	require.Equal(t, "the [FATAL] end", l.line("[FATAL]"))
	require.Empty(t, l.line("not there"))
	_, err = l.Write([]byte("[Sat Nov 21 14:04:19 2026] [WARN] later\n\n"))
	require.NoError(t, err)
	require.Equal(t, "[WARN] later", l.last())
	require.Equal(t, 1, l.count("the [FATAL] end"))
	l.reset()
	require.Empty(t, l.String())
}

func TestReservePortsAreDistinct(t *testing.T) {
	seen := make(map[int]bool)
	for range 8 {
		p, lock, err := reservePorts()
		require.NoError(t, err)
		defer func() { require.NoError(t, lock.Close()) }()
		for _, r := range []portRange{p.media, p.mixer, p.streaming, p.nosip, p.sip} {
			for n := r.first; n <= r.last; n++ {
				require.False(t, seen[n], "port %d is in two ranges", n)
				require.True(t, n > udpFirst && n <= udpLast)
				seen[n] = true
			}
		}
		tcp := map[int]bool{p.ws: true, p.http: true, p.adminWS: true, p.adminHTTP: true}
		require.Len(t, tcp, 4)
	}
}
