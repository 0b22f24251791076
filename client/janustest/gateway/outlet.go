//go:build !js

package gateway

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// outlet is what the client gets on one m-line: what an inlet sends, one layer
// of it. It is pion's TrackLocal, so that the numbers go on when the inlet
// changes.
type outlet struct {
	conn        *connection
	kind        webrtc.RTPCodecType
	codec       webrtc.RTPCodecParameters
	id, stream  string
	nowhere     string                 // the mid of one that sends nothing; see peer.pretend
	sender      *webrtc.RTPSender      // nil: it sends nothing
	transceiver *webrtc.RTPTransceiver // likewise

	// onLayer hears of layers that are reached: one of the two is not nil. It
	// runs on a goroutine of the inlet's peer and must not block.
	onLayer func(substream, temporal *int)

	mu     sync.Mutex // guards what follows; an inlet's mu is not taken with it held
	in     *inlet     // nil: none
	paused bool
	pick   picker
	out    writer
	header header
}

// header is what the packets get on the way.
type header struct {
	stream webrtc.TrackLocalWriter // nil: not negotiated
	ssrc   uint32
	pt     uint8
	mid    string
	// The numbers of the extensions; 0: none.
	midID, levelID, turnID uint8
}

var _ webrtc.TrackLocal = (*outlet)(nil)

// mid is that of the m-line.
func (o *outlet) mid() string {
	if o.transceiver == nil {
		return o.nowhere
	}
	return o.transceiver.Mid()
}

// ID implements webrtc.TrackLocal.
func (o *outlet) ID() string { return o.id }

// RID implements webrtc.TrackLocal.
func (o *outlet) RID() string { return "" }

// StreamID implements webrtc.TrackLocal.
func (o *outlet) StreamID() string { return o.stream }

// Kind implements webrtc.TrackLocal.
func (o *outlet) Kind() webrtc.RTPCodecType { return o.kind }

// Bind implements webrtc.TrackLocal: the negotiation is over. A codec that the
// client refused is no error here, where it would leave pion half-way.
func (o *outlet) Bind(c webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	all := c.CodecParameters()
	same := func(p webrtc.RTPCodecParameters) bool { return strings.EqualFold(p.MimeType, o.codec.MimeType) }
	i := slices.IndexFunc(all, func(p webrtc.RTPCodecParameters) bool {
		return same(p) && p.PayloadType == o.codec.PayloadType
	})
	if i < 0 {
		i = slices.IndexFunc(all, same)
	}
	if i < 0 {
		return o.codec, nil
	}
	h := header{stream: c.WriteStream(), ssrc: uint32(c.SSRC()), pt: uint8(all[i].PayloadType), mid: o.mid()}
	for _, x := range c.HeaderExtensions() {
		if x.ID < 1 || x.ID > 14 { // RFC 8285: one byte
			continue
		}
		switch x.URI {
		case sdp.SDESMidURI:
			h.midID = uint8(x.ID)
		case sdp.AudioLevelURI:
			h.levelID = uint8(x.ID)
		case orientation:
			h.turnID = uint8(x.ID)
		}
	}
	o.mu.Lock()
	o.header = h
	o.mu.Unlock()
	o.keyframe()
	return all[i], nil
}

// Unbind implements webrtc.TrackLocal.
func (o *outlet) Unbind(webrtc.TrackLocalContext) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.header.stream = nil
	return nil
}

// follow has the client get what in sends from now on; nil is nothing.
func (o *outlet) follow(in *inlet) {
	o.mu.Lock()
	before := o.in
	o.in = in
	if before != in {
		o.pick.reset()
	}
	o.mu.Unlock()
	if before != nil && before != in {
		before.detach(o)
	}
	if in == nil {
		return
	}
	in.attach(o)
	select {
	case <-o.conn.over:
		// It ended before in knew of o, which nobody would take back.
		o.follow(nil)
	default:
		o.keyframe()
	}
}

// unfollow lets go of in, which ended.
func (o *outlet) unfollow(in *inlet) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.in == in {
		o.in = nil
		o.pick.reset()
	}
}

// pause stops what the client gets, or has it go on from a keyframe.
func (o *outlet) pause(on bool) {
	o.mu.Lock()
	was := o.paused
	o.paused = on
	o.mu.Unlock()
	if was && !on {
		o.keyframe()
	}
}

// want chooses the layers: nil leaves one as it is. What is reached already is
// told at once, the rest when it comes.
func (o *outlet) want(substream, temporal *int, fallback time.Duration) {
	o.mu.Lock()
	in := o.in
	sub, temp := o.pick.want(substream, temporal, fallback)
	o.mu.Unlock()
	if in == nil || !in.simulcast() {
		return
	}
	o.reached(sub, temp)
	if substream != nil && sub == nil {
		o.keyframe()
	}
}

func (o *outlet) reached(substream, temporal *int) {
	if o.onLayer == nil {
		return
	}
	if substream != nil {
		o.onLayer(substream, nil)
	}
	if temporal != nil {
		o.onLayer(nil, temporal)
	}
}

// keyframe asks for one of the layer that is wanted.
func (o *outlet) keyframe() {
	o.mu.Lock()
	in, layer := o.in, o.pick.target()
	o.mu.Unlock()
	if in != nil {
		in.keyframe(layer)
	}
}

// forward sends a packet of in, if it is of the layer that the client gets.
func (o *outlet) forward(in *inlet, layer int, p *rtp.Packet, level, turn []byte) {
	o.mu.Lock()
	negotiated := o.header.stream != nil
	// Without a sender it only pretends; else nothing is reached before it can go out.
	if o.in != in || o.paused || o.sender != nil && !negotiated {
		o.mu.Unlock()
		return
	}
	v := o.pick.look(in, layer, p)
	if v.skip {
		o.out.skip()
	}
	if v.pass && negotiated {
		o.send(in, layer, p, level, turn)
	}
	o.mu.Unlock()
	if v.substream != nil || v.temporal != nil {
		o.reached(v.substream, v.temporal)
	}
	if v.wantKey {
		in.keyframe(v.target)
	}
}

// send writes one packet. o.mu is held.
func (o *outlet) send(in *inlet, layer int, p *rtp.Packet, level, turn []byte) {
	h, payload := o.out.next(streamKey{in, layer}, p, o.codec)
	h.SSRC, h.PayloadType = o.header.ssrc, o.header.pt
	for _, x := range []struct {
		id   uint8
		data []byte
	}{{o.header.midID, []byte(o.header.mid)}, {o.header.levelID, level}, {o.header.turnID, turn}} {
		if x.id != 0 && len(x.data) > 0 {
			_ = h.SetExtension(x.id, x.data) // a mid that is too long is left out
		}
	}
	_, _ = o.header.stream.WriteRTP(&h, payload) // it fails when the connection ends, which others notice
}

// listen reads what the client reports about o, until pion ends the sender.
func (o *outlet) listen() {
	buf := make([]byte, receiveMTU)
	for {
		n, _, err := o.sender.Read(buf)
		if err != nil {
			return
		}
		packets, err := rtcp.Unmarshal(buf[:n])
		if err != nil {
			continue
		}
		for _, packet := range packets {
			switch packet := packet.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				o.keyframe()
			case *rtcp.ReceiverEstimatedMaximumBitrate:
				if remb := o.conn.peer.hooks.remb; remb != nil {
					remb(packet.Bitrate)
				}
			}
		}
	}
}
