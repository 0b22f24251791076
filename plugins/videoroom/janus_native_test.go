//go:build !js

package videoroom_test

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/stretchr/testify/require"

	embedded "github.com/bifrons-rtc/bifrons/client/janustest/gateway"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// gateway is the URL of the real Janus the tests share, textGateway of the one
// whose ids are strings, newGateway of one for this test.
func gateway(t *testing.T) string {
	if url, ok := embeddedGateway(t, nil); ok {
		return url
	}
	return videoroom.Gateway(t).WS()
}

func textGateway(t *testing.T) string {
	if url, ok := embeddedGateway(t, &embedded.Options{StringIDs: true}); ok {
		return url
	}
	return videoroom.TextGateway(t).WS()
}

func newGateway(t *testing.T) string { return janustesting.New(t, nil).WS() }

func TestJanus(t *testing.T) {
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body(t)
		})
	}
}

// endless returns the clip, again and again.
func endless(ctx context.Context, t *testing.T, kinds []media.Kind) []media.Source {
	t.Helper()
	var files []string
	for _, kind := range kinds {
		files = append(files, map[media.Kind]string{media.Audio: clip.Audio, media.Video: clip.Video}[kind])
	}
	list, err := media.File(ctx, &media.FileOptions{Loop: true, FS: clip.FS}, files...)
	require.NoError(t, err)
	return list
}

// forwardTo returns a port, and what waits for an RTP packet there.
func forwardTo(t *testing.T) (port int, comes func(payloadType uint8, ssrc uint32)) {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	return conn.LocalAddr().(*net.UDPAddr).Port, func(payloadType uint8, ssrc uint32) {
		t.Helper()
		buf := make([]byte, 2000)
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
		n, err := conn.Read(buf)
		require.NoError(t, err)
		var packet rtp.Packet
		require.NoError(t, packet.Unmarshal(buf[:n]))
		require.Equal(t, payloadType, packet.PayloadType)
		require.Equal(t, ssrc, packet.SSRC)
	}
}
