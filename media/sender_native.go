//go:build !js

package media

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// sender sends the frames of a feed on one m-line. It is pion's TrackLocal, so
// that sequence numbers and timestamps go on when the source changes.
type sender struct {
	codec  Codec // the one that is offered: nothing here encodes
	id     string
	stream string
	was    string // the mid on the connection before; of the negotiation, which takes turns

	changing sync.Mutex // held while the feed changes; taken before mu

	mu      sync.Mutex // protects what follows
	at      outLine
	feed    *feed // nil: none
	muted   bool
	gone    bool
	live    bool // counted by feed
	waitKey bool // until a keyframe, nothing makes sense to the receiver
	out     packetizer
	counts  sendCounts
}

// outLine is where a sender sends: its m-line of one connection.
type outLine struct {
	e           *engine
	rtp         *webrtc.RTPSender
	transceiver *webrtc.RTPTransceiver
}

var _ webrtc.TrackLocal = (*sender)(nil)

// encoded is why a native build cannot do what an encoder does.
const encoded = "native sources are encoded already"

func (e *engine) add(f *feed, o SendOptions) (*sender, error) {
	if o.MaxBitrate != 0 || o.MaxFrameRate != 0 || o.Simulcast || o.ScalabilityMode != "" {
		return nil, unsupported("caps, simulcast and scalability", encoded)
	}
	if len(o.Codecs) > 0 && !common(o.Codecs, []string{f.codec.Name()}) {
		return nil, &CodecError{Kind: f.codec.Kind, Codec: f.codec.Name(), Reason: "the source has it, and Codecs does not", Fix: encoded}
	}
	s := &sender{codec: f.codec, id: randomID(), stream: o.StreamID, feed: f, waitKey: true}
	if s.stream == "" {
		s.stream = e.streamID
	}
	s.at.e = e
	if err := e.resend(s); err != nil {
		return nil, fmt.Errorf("media: add: %w", err)
	}
	f.attach(s)
	return s, nil
}

// resend gives s an m-line of this connection.
func (e *engine) resend(s *sender) error {
	rtp, err := e.pc.AddTrack(s)
	if err != nil {
		return err
	}
	at := outLine{e: e, rtp: rtp}
	for _, t := range e.pc.GetTransceivers() {
		if t.Sender() == rtp {
			at.transceiver = t
		}
	}
	only := []webrtc.RTPCodecParameters{parameters(s.codec, 0)}
	if err := at.transceiver.SetCodecPreferences(only); err != nil {
		_ = e.pc.RemoveTrack(rtp)
		return &CodecError{Kind: s.codec.Kind, Codec: s.codec.Name(), Reason: "not known here", Fix: "send VP8, VP9, H264 or Opus"}
	}
	s.mu.Lock()
	s.at, s.waitKey = at, true
	s.mu.Unlock()
	e.mu.Lock()
	e.senders = append(e.senders, s)
	e.mu.Unlock()
	// Reads what the receiver reports, without which pion resends nothing. Ends
	// when pion stops the sender; close waits for it.
	if !e.start(func() { s.readRTCP(rtp) }) {
		s.retire()
		return errPeerClosed
	}
	return nil
}

// line returns where s sends now.
func (s *sender) line() outLine {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

func (s *sender) kind() Kind { return s.codec.Kind }

func (s *sender) mid() string { return s.line().transceiver.Mid() }

// ID, RID, StreamID and Kind implement webrtc.TrackLocal.
func (s *sender) ID() string { return s.id }

// RID implements webrtc.TrackLocal.
func (s *sender) RID() string { return "" }

// StreamID implements webrtc.TrackLocal.
func (s *sender) StreamID() string { return s.stream }

// Kind implements webrtc.TrackLocal.
func (s *sender) Kind() webrtc.RTPCodecType { return rtpKind(s.codec.Kind) }

// Bind implements webrtc.TrackLocal: the negotiation is over. A refused codec is
// no error here, where it would leave pion half-way; Accept reports it.
func (s *sender) Bind(c webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	all := c.CodecParameters()
	i := slices.IndexFunc(all, func(p webrtc.RTPCodecParameters) bool { return sameCodec(s.codec, p) })
	if i < 0 {
		return parameters(s.codec, 0), nil
	}
	var extension uint8
	for _, h := range c.HeaderExtensions() {
		if h.URI == sdp.SDESMidURI && h.ID > 0 && h.ID < 15 { // RFC 8285: one byte
			extension = uint8(h.ID)
		}
	}
	mid := s.mid()
	s.mu.Lock()
	s.out.bind(c.WriteStream(), uint32(c.SSRC()), all[i], extension, mid)
	s.mu.Unlock()
	s.update()
	return all[i], nil
}

// Unbind implements webrtc.TrackLocal.
func (s *sender) Unbind(webrtc.TrackLocalContext) error {
	s.mu.Lock()
	s.out.unbind()
	s.mu.Unlock()
	s.update()
	return nil
}

// update tells the feed when the sender becomes connected, and when it no longer
// is. It must not be called with a lock held.
func (s *sender) update() {
	s.mu.Lock()
	f := s.feed
	live := f != nil && s.out.bound() && !s.gone && s.at.e.connected.Load()
	change := 0
	switch {
	case live && !s.live:
		change = 1
	case !live && s.live:
		change = -1
	}
	s.live = live
	s.mu.Unlock()
	if change != 0 {
		f.count(change)
	}
}

// send sends one frame.
func (s *sender) send(data []byte, pts time.Duration, key bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.live {
		return
	}
	if s.muted {
		s.waitKey = true
		return
	}
	if s.waitKey && s.codec.Kind == Video && !key {
		return
	}
	s.waitKey = false
	packets, bytes := s.out.write(data, pts)
	s.counts.packets += uint64(packets)
	s.counts.bytes += uint64(bytes)
	s.counts.frames++
}

// readRTCP reads what the receiver says about this stream.
func (s *sender) readRTCP(rtp *webrtc.RTPSender) {
	buf := make([]byte, receiveMTU)
	for {
		n, a, err := rtp.Read(buf)
		if err != nil {
			return
		}
		for _, p := range parseRTCP(buf[:n], a) {
			s.feedback(p)
		}
	}
}

func (s *sender) feedback(p rtcp.Packet) {
	s.mu.Lock()
	wanted := s.counts.feedback(p, s.out.ssrc(), time.Now())
	f := s.feed
	s.mu.Unlock()
	if wanted && f != nil {
		f.requestKeyframe()
	}
}
