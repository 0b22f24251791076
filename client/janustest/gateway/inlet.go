//go:build !js

package gateway

import (
	"slices"
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// inlet is what the client sends on one m-line, in one layer or, with
// simulcast, in several. It lives as long as the connection.
type inlet struct {
	conn  *connection // nil: it is the gateway itself that sends
	mid   string
	kind  webrtc.RTPCodecType
	codec webrtc.RTPCodecParameters

	// What the client named its layers, the lowest first; one that is empty
	// without simulcast.
	rids []string

	mu     sync.Mutex // guards what follows
	layers []layer
	outs   []*outlet // replaced, never changed
	limit  uint64    // of the bitrate, in bit/s; 0: none
	ended  bool
}

// layer is one stream of an inlet.
type layer struct {
	ssrc      webrtc.SSRC // 0: nothing came yet
	level     uint8       // the number of the audio level extension; 0: none
	turn      uint8       // of the video orientation; 0: none
	receiving bool        // what the last media event said
	heard     time.Time   // when the last packet came
	highest   uint16      // its sequence number
	lost      int         // packets that are missing since the last second
	wantKey   bool        // a keyframe is wanted as soon as there is a stream
	asked     time.Time   // when one was asked for
}

// between is how long an inlet does not ask for another keyframe of a layer.
const between = 100 * time.Millisecond

func newInlet(c *connection, mid string, codec webrtc.RTPCodecParameters, rids []string) *inlet {
	if len(rids) == 0 {
		rids = []string{""}
	}
	return &inlet{conn: c, mid: mid, kind: kindOf(codec.MimeType), codec: codec, rids: rids,
		layers: make([]layer, len(rids))}
}

// simulcast says whether there are layers to choose from.
func (in *inlet) simulcast() bool { return len(in.rids) > 1 }

// layerOf returns the number of a layer, 0 for one that was not announced.
func (in *inlet) layerOf(rid string) int { return max(slices.Index(in.rids, rid), 0) }

// attach has o get what comes, from a keyframe on. An outlet has one inlet; see
// outlet.follow, which calls this.
func (in *inlet) attach(o *outlet) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if !in.ended && !slices.Contains(in.outs, o) {
		in.outs = append(slices.Clone(in.outs), o)
	}
}

func (in *inlet) detach(o *outlet) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.outs = slices.DeleteFunc(slices.Clone(in.outs), func(x *outlet) bool { return x == o })
}

// end has nobody follow in any more.
func (in *inlet) end() {
	in.mu.Lock()
	in.ended = true
	outs := in.outs
	in.mu.Unlock()
	for _, o := range outs {
		o.unfollow(in)
	}
}

// found notes the stream of a layer.
func (in *inlet) found(n int, remote *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	in.mu.Lock()
	l := &in.layers[n]
	l.ssrc = remote.SSRC()
	for _, x := range receiver.GetParameters().HeaderExtensions {
		switch x.URI {
		case sdp.AudioLevelURI:
			l.level = uint8(x.ID)
		case orientation:
			l.turn = uint8(x.ID)
		}
	}
	in.mu.Unlock()
	in.refresh()
}

// read forwards a layer until pion ends it. What came before the webrtcup event
// waits for that, as with Janus.
func (in *inlet) read(n int, remote *webrtc.TrackRemote) {
	select {
	case <-in.conn.ready:
	case <-in.conn.over:
		return
	}
	for {
		p, _, err := remote.ReadRTP()
		if err != nil {
			return
		}
		in.packet(n, p)
	}
}

// packet forwards one packet of a layer.
func (in *inlet) packet(n int, p *rtp.Packet) {
	in.mu.Lock()
	l := &in.layers[n]
	began := !l.receiving
	if l.heard.IsZero() {
		l.highest = p.SequenceNumber - 1
	}
	l.receiving, l.heard = true, time.Now()
	if gap := int16(p.SequenceNumber - l.highest); gap > 0 {
		l.lost += int(gap) - 1
		l.highest = p.SequenceNumber
	}
	outs := in.outs
	level, turn := extension(p, l.level), extension(p, l.turn)
	in.mu.Unlock()
	if began {
		in.media(n, object{"receiving": true})
	}
	if rtp := in.conn.peer.hooks.rtp; rtp != nil {
		var loud *uint8
		if len(level) > 0 {
			loud = new(level[0] & 0x7f)
		}
		rtp(in, n, loud)
	}
	for _, o := range outs {
		o.forward(in, n, p, level, turn)
	}
}

// spread forwards packets of the gateway's own.
func (in *inlet) spread(packets []*rtp.Packet) {
	in.mu.Lock()
	outs := in.outs
	in.mu.Unlock()
	for _, p := range packets {
		for _, o := range outs {
			o.forward(in, 0, p, nil, nil)
		}
	}
}

// extension copies a header extension; nil if it is not there.
func extension(p *rtp.Packet, id uint8) []byte {
	if id == 0 {
		return nil
	}
	return slices.Clone(p.GetExtension(id))
}

// media sends a media event.
func (in *inlet) media(n int, data object) {
	data["mid"], data["type"] = in.mid, in.kind.String()
	if in.simulcast() {
		data["substream"] = n
	}
	in.conn.say("media", data)
}

// rested says so when nothing came for a while.
func (in *inlet) rested(now time.Time) {
	limit := in.conn.peer.g.opts.NoMediaTimer
	if limit < 0 {
		return
	}
	var rests []int
	in.mu.Lock()
	for n := range in.layers {
		if l := &in.layers[n]; l.receiving && now.Sub(l.heard) >= limit {
			l.receiving = false
			rests = append(rests, n)
		}
	}
	in.mu.Unlock()
	for _, n := range rests {
		data := object{"receiving": false}
		if seconds := int(limit / time.Second); seconds > 1 {
			data["seconds"] = seconds
		}
		in.media(n, data)
	}
}

// second looks back on what was lost in the last second, and repeats the limit.
func (in *inlet) second() {
	lost := 0
	in.mu.Lock()
	for n := range in.layers {
		lost += in.layers[n].lost
		in.layers[n].lost = 0
	}
	in.mu.Unlock()
	p := in.conn.peer
	if most := p.g.opts.SlowLinkThreshold; most > 0 && lost >= most {
		in.conn.say("slowlink", object{"mid": in.mid, "media": in.kind.String(), "uplink": false, "lost": lost})
		if p.hooks.slow != nil {
			p.hooks.slow(in.kind)
		}
	}
	in.refresh()
}

// keyframe asks the client for a keyframe of a layer.
func (in *inlet) keyframe(n int) {
	in.mu.Lock()
	n = min(n, len(in.layers)-1)
	l := &in.layers[n]
	l.wantKey = true
	in.mu.Unlock()
	in.ask(n)
}

// ask sends the wish for a keyframe, if there is one and it is time.
func (in *inlet) ask(n int) {
	in.mu.Lock()
	l := &in.layers[n]
	now := time.Now()
	due := in.conn != nil && in.kind == webrtc.RTPCodecTypeVideo && l.wantKey && l.ssrc != 0 && now.Sub(l.asked) >= between
	ssrc := uint32(l.ssrc)
	if due {
		l.wantKey, l.asked = false, now
	}
	in.mu.Unlock()
	if due {
		in.conn.write(&rtcp.PictureLossIndication{MediaSSRC: ssrc})
	}
}

// restrict limits the bitrate of the client, in bit/s; 0 is no limit.
func (in *inlet) restrict(bitrate uint64) {
	in.mu.Lock()
	in.limit = bitrate
	in.mu.Unlock()
	in.refresh()
}

// refresh tells the client of the limit and of the keyframes that are wanted.
func (in *inlet) refresh() {
	in.mu.Lock()
	limit := in.limit
	in.mu.Unlock()
	if limit != 0 {
		in.estimate(float32(limit))
	}
	for n := range in.layers {
		in.ask(n)
	}
}

// estimate tells the client what its video may need, in bit/s.
func (in *inlet) estimate(bitrate float32) {
	var ssrcs []uint32
	in.mu.Lock()
	for _, l := range in.layers {
		if l.ssrc != 0 {
			ssrcs = append(ssrcs, uint32(l.ssrc))
		}
	}
	in.mu.Unlock()
	if len(ssrcs) > 0 && in.kind == webrtc.RTPCodecTypeVideo {
		in.conn.write(&rtcp.ReceiverEstimatedMaximumBitrate{SenderSSRC: ssrcs[0], Bitrate: bitrate, SSRCs: ssrcs})
	}
}
