//go:build !js

package admin

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// TestJanusHandleInfo watches a peer connection come up, carry media and end.
func TestJanusHandleInfo(t *testing.T) {
	srv := gateway.Get(t)
	c := dialURL(t, srv.AdminWS(), srv.AdminSecret())
	ctx := bounded(t)
	s, idle := user(t, srv, c)
	require.NoError(t, idle.Detach(ctx))
	h, err := echotest.Attach(ctx, s, &client.AttachOptions{OpaqueID: "app-8"})
	require.NoError(t, err)

	info, err := c.HandleInfo(ctx, s.ID(), h.ID(), nil)
	require.NoError(t, err)
	require.Equal(t, []uint64{s.ID(), h.ID()}, []uint64{info.SessionID, info.HandleID})
	require.Equal(t, "app-8", info.OpaqueID)
	require.Equal(t, "janus.transport.websockets", info.SessionTransport)
	require.Equal(t, echoTest, info.Plugin)
	require.True(t, info.LoopRunning)
	require.Nil(t, info.WebRTC)
	require.NotEmpty(t, info.PluginSpecific)
	require.Positive(t, info.CurrentTime.Sub(info.Created))
	require.Less(t, info.CurrentTime.Sub(info.Created), time.Minute)

	peer, err := media.NewPeer(h, nil)
	require.NoError(t, err)
	defer peer.Close()
	sources, err := media.File(ctx, &media.FileOptions{Loop: true, FS: clip.FS}, clip.Video, clip.Audio)
	require.NoError(t, err)
	for _, src := range sources {
		defer src.Close()
		_, err := peer.Add(src, nil)
		require.NoError(t, err)
	}
	_, err = peer.OpenData(ctx, "chat", nil)
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, c.StartPcap(ctx, s.ID(), h.ID(), Capture{Folder: dir, Filename: "echo.pcap"}))
	require.NoError(t, h.Start(ctx, echotest.Config{}, peer))
	for info, err = range c.WatchHandle(ctx, s.ID(), h.ID(), &WatchOptions{Interval: 10 * time.Millisecond}) {
		require.NoError(t, err)
		if w := info.WebRTC; w != nil && flowing(w) {
			break
		}
	}
	for _, url := range []string{srv.AdminHTTP(), srv.AdminUnix()} {
		same, err := dialURL(t, url, srv.AdminSecret()).HandleInfo(ctx, s.ID(), h.ID(), nil)
		require.NoError(t, err)
		require.Equal(t, info.SDPs, same.SDPs)
		require.Greater(t, same.CurrentTime, info.CurrentTime)
	}
	info.Flags.Starting = false // Janus does not always take it back
	require.Equal(t, Flags{GotOffer: true, GotAnswer: true, Negotiated: true, Ready: true, DataChannels: true, NewDataChanSDP: true}, info.Flags)
	require.Equal(t, "full", info.ICEMode)
	require.Equal(t, "controlled", info.ICERole)
	require.Contains(t, info.SDPs.Local, "a=ice-pwd:")
	require.Contains(t, info.SDPs.Remote, "m=video")
	require.True(t, info.DumpToPcap)
	w := info.WebRTC
	require.Contains(t, []string{"connected", "ready"}, w.ICE.State)
	require.NotEmpty(t, w.ICE.LocalCandidates)
	require.NotEmpty(t, w.ICE.RemoteCandidates)
	require.Contains(t, w.ICE.SelectedPair, "<->")
	require.Positive(t, w.ICE.Connected.Sub(info.AgentCreated))
	require.Equal(t, "connected", w.DTLS.State)
	require.Contains(t, []string{"active", "passive"}, w.DTLS.Role)
	require.True(t, w.DTLS.Valid && w.DTLS.Ready)
	require.Equal(t, "sha-256", w.DTLS.RemoteFingerprintHash)
	require.Contains(t, w.DTLS.SRTPProfile, "SRTP_")
	require.Positive(t, w.DTLS.Connected.Sub(w.DTLS.HandshakeStarted))
	require.Positive(t, w.DTLS.Stats.In.Bytes)
	require.NotEmpty(t, w.Extensions)
	require.True(t, w.DTLS.SCTPAssociation)
	require.Len(t, w.Media, 3)
	codecs := map[string]string{}
	for mid, m := range w.Media {
		require.Equal(t, mid, m.MID)
		codecs[m.Type] = m.Codecs.Codec
		if m.Type == "data" {
			require.Zero(t, m.SSRC)
			require.Zero(t, m.RTCP)
			continue
		}
		require.Equal(t, Direction{Send: true, Recv: true}, m.Direction)
		require.NotZero(t, m.SSRC.SSRC)
		require.NotZero(t, m.SSRC.Peer)
		require.NotNil(t, m.RTCP.Main)
		require.NotZero(t, m.RTCP.Main.Base)
		require.Nil(t, m.RTCP.Sim1)
		require.Greater(t, m.Stats.In.Bytes, m.Stats.In.Packets)
	}
	require.Equal(t, map[string]string{"audio": "opus", "video": "vp8", "data": ""}, codecs)

	require.NoError(t, c.StopPcap(ctx, s.ID(), h.ID()))
	pcap, err := os.Stat(filepath.Join(dir, "echo.pcap"))
	require.NoError(t, err)
	require.Greater(t, pcap.Size(), int64(1000))

	require.NoError(t, c.HangupWebRTC(ctx, s.ID(), h.ID()))
	for {
		ev, err := h.Next(ctx)
		require.NoError(t, err)
		if hangup, ok := ev.(*client.Hangup); ok {
			require.Equal(t, "Admin API", hangup.Reason)
			break
		}
	}
	watched := 0
	for info, err = range c.WatchHandle(ctx, s.ID(), h.ID(), &WatchOptions{Interval: time.Millisecond, PluginOnly: true}) {
		if err != nil {
			break
		}
		require.NotContains(t, string(info.Raw), "flags")
		if watched++; watched == 3 {
			require.NoError(t, h.Detach(ctx))
		}
	}
	require.ErrorIs(t, err, client.HandleNotFound)
	require.GreaterOrEqual(t, watched, 3)
	require.False(t, strings.Contains(err.Error(), srv.AdminSecret()))
}

// flowing says whether media and data went both ways for a second.
func flowing(w *WebRTC) bool {
	for _, m := range w.Media {
		if m.Type == "data" {
			continue
		}
		if m.Stats.In.Packets == 0 || m.Stats.Out.Packets == 0 || m.Stats.In.BytesLastSecond == 0 || m.RTCP.Main == nil {
			return false
		}
	}
	return len(w.Media) > 0
}
