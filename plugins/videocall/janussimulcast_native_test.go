//go:build !js

package videocall_test

import (
	"context"
	"encoding/binary"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

// newSimulcastPeer returns a peer that sends a video of nothing in three sizes,
// with nothing but keyframes in it.
func newSimulcastPeer(t *testing.T) *simulcastPeer {
	t.Helper()
	pc := newPC(t)
	var sender *webrtc.RTPSender
	var tracks []*webrtc.TrackLocalStaticRTP
	for _, rid := range []string{"h", "m", "l"} { // the order Janus takes them in
		track, err := webrtc.NewTrackLocalStaticRTP(
			webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "video", "test", webrtc.WithRTPStreamID(rid))
		require.NoError(t, err)
		tracks = append(tracks, track)
		if sender == nil {
			sender, err = pc.AddTrack(track)
		} else {
			err = sender.AddEncoding(track)
		}
		require.NoError(t, err)
	}
	quit, done := make(chan struct{}), make(chan struct{})
	go func() { // sends frames; ends with quit, and the cleanup waits for it
		defer close(done)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for n := uint16(0); ; n++ {
			select {
			case <-tick.C:
				for i, track := range tracks {
					_ = track.WriteRTP(frame(sender, n, track.RID(), uint16(320>>i)))
				}
			case <-quit:
				return
			}
		}
	}()
	t.Cleanup(func() {
		close(quit)
		<-done
		require.NoError(t, pc.GracefulClose())
	})
	return &simulcastPeer{pc}
}

// simulcastPeer names its layers by SSRC, as Chromium once did: the plugin's
// answer to rids, which it has the callee make, does not have them.
type simulcastPeer struct{ pc *webrtc.PeerConnection }

var (
	rids = regexp.MustCompile(`a=(rid|simulcast):.*\r\n`)
	fids = regexp.MustCompile(`a=ssrc-group:FID (\d+) `)
)

// newPC returns a connection that knows the header extensions of simulcast.
func newPC(t *testing.T) *webrtc.PeerConnection {
	t.Helper()
	m := &webrtc.MediaEngine{}
	require.NoError(t, m.RegisterDefaultCodecs())
	require.NoError(t, webrtc.ConfigureSimulcastExtensionHeaders(m))
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(m)).NewPeerConnection(webrtc.Configuration{})
	require.NoError(t, err)
	return pc
}

// Offer waits for all candidates, since nobody trickles here.
func (p *simulcastPeer) Offer(ctx context.Context, _ bool) (*client.JSEP, error) {
	offer, err := p.pc.CreateOffer(nil)
	if err != nil {
		return nil, err
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(offer); err != nil {
		return nil, err
	}
	select {
	case <-gathered:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	j := &client.JSEP{Type: "offer", SDP: p.pc.LocalDescription().SDP, Trickle: new(false)}
	group := "a=ssrc-group:SIM"
	for _, fid := range fids.FindAllStringSubmatch(j.SDP, -1) {
		group += " " + fid[1]
	}
	j.SDP = strings.Replace(rids.ReplaceAllString(j.SDP, ""), "a=ssrc-group", group+"\r\na=ssrc-group", 1)
	return j, nil
}

func (p *simulcastPeer) Answer(context.Context, *client.JSEP) (*client.JSEP, error) {
	return nil, client.UnexpectedAnswer
}

func (p *simulcastPeer) Accept(_ context.Context, answer *client.JSEP) error {
	return p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer.SDP})
}

// frame is the n-th frame of a layer in one packet: RFC 7741, a keyframe, and no
// picture.
func frame(sender *webrtc.RTPSender, n uint16, rid string, size uint16) *rtp.Packet {
	payload := []byte{0x10, 0x10, 0, 0, 0x9d, 0x01, 0x2a}
	payload = binary.LittleEndian.AppendUint16(payload, size)
	payload = binary.LittleEndian.AppendUint16(payload, size)
	p := &rtp.Packet{Header: rtp.Header{Version: 2, Marker: true, SequenceNumber: n, Timestamp: uint32(n) * 1800},
		Payload: append(payload, make([]byte, 100)...)}
	for _, x := range sender.GetParameters().HeaderExtensions {
		switch x.URI {
		case sdp.SDESMidURI:
			_ = p.SetExtension(uint8(x.ID), []byte("0"))
		case sdp.SDESRTPStreamIDURI:
			_ = p.SetExtension(uint8(x.ID), []byte(rid))
		}
	}
	return p
}

// TestJanusSimulcast has the callee choose what it gets of the caller's layers.
func TestJanusSimulcast(t *testing.T) {
	t.Parallel()
	u := janus(t, "ann", "bob")
	ann, bob := u[0], u[1]
	require.NoError(t, ann.Call(ann.ctx, bob.name, newSimulcastPeer(t)))
	require.NoError(t, bob.Accept(bob.ctx, await[*videocall.Incoming](bob), bob.peer(clip.Audio)))
	require.NoError(t, await[*videocall.Accepted](ann).Err)
	for _, layer := range []int{0, 2, 1} {
		require.NoError(t, bob.Set(bob.ctx, videocall.Config{Substream: &layer}))
		for {
			ev := await[*videocall.LayerChanged](bob)
			require.Equal(t, "vp8", ev.VideoCodec)
			if ev.Substream != nil && *ev.Substream == layer {
				break
			}
		}
	}
	require.NoError(t, ann.End(ann.ctx, ""))
}
