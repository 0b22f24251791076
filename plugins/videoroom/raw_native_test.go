//go:build !js

package videoroom_test

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
)

// rawPeer is a Negotiator on bare pion. It sends what package media natively does
// not: sound that says how loud it is, and a video in three sizes whose frames
// have nothing in them but their size.
type rawPeer struct {
	pc    *webrtc.PeerConnection
	level atomic.Int32 // of the sound, in dBov below 0
}

var _ client.Negotiator = (*rawPeer)(nil)

// layers are the widths of the three sizes, by rid.
var layers = map[string]uint16{"h": 320, "m": 160, "l": 80}

func newRawPeer(t *testing.T, simulcast bool) *rawPeer {
	t.Helper()
	var engine webrtc.MediaEngine
	require.NoError(t, engine.RegisterDefaultCodecs())
	for _, uri := range []string{sdp.SDESMidURI, sdp.SDESRTPStreamIDURI, sdp.SDESRepairRTPStreamIDURI} {
		require.NoError(t, engine.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uri}, webrtc.RTPCodecTypeVideo))
	}
	require.NoError(t, engine.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: sdp.AudioLevelURI}, webrtc.RTPCodecTypeAudio))
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(&engine)).NewPeerConnection(webrtc.Configuration{})
	require.NoError(t, err)
	p := &rawPeer{pc: pc}
	p.level.Store(127)
	done := make(chan struct{})
	quit := make(chan struct{})
	tick := p.audio(t)
	if simulcast {
		tick = p.video(t)
	}
	go func() { // sends; ends with quit, and the cleanup waits for it
		defer close(done)
		clock := time.NewTicker(20 * time.Millisecond)
		defer clock.Stop()
		for n := uint32(0); ; n++ {
			select {
			case <-clock.C:
				tick(n)
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
	return p
}

// extension returns the number of a header extension; 0 before the answer.
func extension(s *webrtc.RTPSender, uri string) uint8 {
	for _, e := range s.GetParameters().HeaderExtensions {
		if e.URI == uri {
			return uint8(e.ID)
		}
	}
	return 0
}

func (p *rawPeer) audio(t *testing.T) func(uint32) {
	t.Helper()
	track, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}, "audio", "raw")
	require.NoError(t, err)
	sender, err := p.pc.AddTrack(track)
	require.NoError(t, err)
	return func(n uint32) {
		packet := &rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(n), Timestamp: 960 * n},
			Payload: []byte{0xf8, 0xff, 0xfe}} // silence in Opus
		if id := extension(sender, sdp.AudioLevelURI); id != 0 {
			_ = packet.SetExtension(id, []byte{0x80 | byte(p.level.Load())})
		}
		_ = track.WriteRTP(packet)
	}
}

func (p *rawPeer) video(t *testing.T) func(uint32) {
	t.Helper()
	var tracks []*webrtc.TrackLocalStaticRTP
	for _, rid := range []string{"h", "m", "l"} {
		track, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "video", "raw",
			webrtc.WithRTPStreamID(rid))
		require.NoError(t, err)
		tracks = append(tracks, track)
	}
	transceiver, err := p.pc.AddTransceiverFromTrack(tracks[0], webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	require.NoError(t, err)
	sender := transceiver.Sender()
	for _, track := range tracks[1:] {
		require.NoError(t, sender.AddEncoding(track))
	}
	start := rand.Uint32()
	return func(n uint32) {
		mid, rid := extension(sender, sdp.SDESMidURI), extension(sender, sdp.SDESRTPStreamIDURI)
		if mid == 0 || rid == 0 {
			return
		}
		for _, track := range tracks {
			packet := &rtp.Packet{Header: rtp.Header{Version: 2, Marker: true, SequenceNumber: uint16(n), Timestamp: start + 1800*n},
				Payload: keyframe(uint16(n), layers[track.RID()])}
			_ = packet.SetExtension(mid, []byte(transceiver.Mid()))
			_ = packet.SetExtension(rid, []byte(track.RID()))
			_ = track.WriteRTP(packet)
		}
	}
}

// keyframe is a VP8 packet (RFC 7741) with a keyframe of a size (RFC 6386) that
// holds no picture.
func keyframe(n, width uint16) []byte {
	b := []byte{0x90, 0x80, 0x80 | byte(n>>8)&0x7f, byte(n), 0x10, 0x02, 0, 0x9d, 0x01, 0x2a}
	b = binary.LittleEndian.AppendUint16(b, width)
	b = binary.LittleEndian.AppendUint16(b, width*3/4)
	return append(b, make([]byte, 100)...)
}

// Offer implements client.Negotiator. It waits for all candidates, since nobody
// trickles here.
func (p *rawPeer) Offer(ctx context.Context, restart bool) (*client.JSEP, error) {
	offer, err := p.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: restart})
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
	return &client.JSEP{Type: "offer", SDP: p.pc.LocalDescription().SDP, Trickle: new(false)}, nil
}

// Answer implements client.Negotiator.
func (p *rawPeer) Answer(context.Context, *client.JSEP) (*client.JSEP, error) {
	return nil, client.UnexpectedAnswer
}

// Accept implements client.Negotiator.
func (p *rawPeer) Accept(_ context.Context, answer *client.JSEP) error {
	return p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer.SDP})
}
