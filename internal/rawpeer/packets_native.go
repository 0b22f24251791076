//go:build !js

package rawpeer

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// Smallest is the width of the smallest size that Simulcast sends; the others are
// twice and four times that.
const Smallest = 80

// widths are the sizes, by rid, in the order Janus expects.
var widths = []struct {
	rid   string
	width uint16
}{{"h", 4 * Smallest}, {"m", 2 * Smallest}, {"l", Smallest}}

// extension returns the number of a header extension; 0 before the answer.
func extension(s *webrtc.RTPSender, uri string) uint8 {
	for _, e := range s.GetParameters().HeaderExtensions {
		if e.URI == uri {
			return uint8(e.ID)
		}
	}
	return 0
}

// audio returns what sends the n-th packet of sound.
func (p *Peer) audio(t testing.TB) func(n uint32) {
	t.Helper()
	track, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}, "audio", "raw")
	check(t, err)
	sender, err := p.pc.AddTrack(track)
	check(t, err)
	return func(n uint32) {
		packet := &rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(n), Timestamp: 960 * n},
			Payload: []byte{0xf8, 0xff, 0xfe}} // silence in Opus
		if id := extension(sender, sdp.AudioLevelURI); id != 0 {
			_ = packet.SetExtension(id, []byte{0x80 | byte(p.level.Load())})
		}
		_ = track.WriteRTP(packet)
	}
}

// video returns what sends the n-th picture of every size, a packet each.
func (p *Peer) video(t testing.TB) func(n uint32) {
	t.Helper()
	var tracks []*webrtc.TrackLocalStaticRTP
	for _, w := range widths {
		track, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "video", "raw",
			webrtc.WithRTPStreamID(w.rid))
		check(t, err)
		tracks = append(tracks, track)
	}
	transceiver, err := p.pc.AddTransceiverFromTrack(tracks[0], webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	check(t, err)
	sender := transceiver.Sender()
	for _, track := range tracks[1:] {
		check(t, sender.AddEncoding(track))
	}
	start := rand.Uint32()
	return func(n uint32) {
		mid, rid := extension(sender, sdp.SDESMidURI), extension(sender, sdp.SDESRTPStreamIDURI)
		if mid == 0 || rid == 0 {
			return
		}
		for i, track := range tracks {
			packet := &rtp.Packet{Header: rtp.Header{Version: 2, Marker: true, SequenceNumber: uint16(n), Timestamp: start + 1800*n},
				Payload: keyframe(uint16(n), widths[i].width)}
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
