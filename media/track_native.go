//go:build !js

package media

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"

	"github.com/bifrons-rtc/bifrons/media/internal/rtpflow"
)

// intake is what a sink gives a track to pour into. The track calls one method
// at a time, and none blocks.
type intake interface {
	packet(p *rtpflow.Packet)
	report(ntp uint64, ts uint32)
	end(over bool) // no more will come; over: because the track ended
}

// track reads one remote track.
type track struct {
	e        *engine
	remote   *webrtc.TrackRemote
	receiver *webrtc.RTPReceiver
	over     chan struct{}

	mu     sync.Mutex // protects what follows
	in     intake     // nil: drained
	early  backlog    // what came before the first sink
	ended  bool
	codec  Codec
	counts receiveCounts
}

// trackFound runs on a goroutine of pion's, one a track.
func (e *engine) trackFound(remote *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	kind := fromRTPKind(remote.Kind())
	t := &track{
		e:        e,
		remote:   remote,
		receiver: receiver,
		over:     make(chan struct{}),
		codec:    fromParameters(remote.Codec(), kind),
	}
	public := &Track{
		ID:       remote.ID(),
		StreamID: remote.StreamID(),
		MID:      e.midOf(receiver),
		Kind:     kind,
		Codec:    t.codec,
		impl:     t,
	}
	// Reads sender reports, without which pion answers none. Ends when pion stops
	// the receiver; close waits for it.
	if !e.start(t.readRTCP) {
		return
	}
	// Reads the packets, then reports the end. Ends as above.
	e.start(func() {
		e.mu.Lock()
		e.tracks = append(e.tracks, t)
		e.mu.Unlock()
		e.peer.trackAdded(public)
		t.read()
		e.past.received.Add(t.stats().Bytes)
		e.mu.Lock()
		e.tracks = slices.DeleteFunc(e.tracks, func(x *track) bool { return x == t })
		e.mu.Unlock()
		e.peer.trackEnded(public)
	})
}

// midOf names the m-line of a receiver. A lone m-line whose packets announce
// nothing gets a transceiver without one from pion.
func (e *engine) midOf(r *webrtc.RTPReceiver) string {
	if t := r.RTPTransceiver(); t != nil && t.Mid() != "" {
		return t.Mid()
	}
	if d := e.pc.RemoteDescription(); d != nil {
		if s := sections(d.SDP); len(s) == 1 {
			return s[0].mid
		}
	}
	return ""
}

// read reads until the track ends.
func (t *track) read() {
	buf := make([]byte, receiveMTU)
	for failed := 0; failed < 1000; {
		n, _, err := t.remote.Read(buf)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			failed++ // one bad packet; were it the stream, it would not stop
			continue
		}
		failed = 0
		var p rtpflow.Packet
		if rtpflow.Parse(buf[:n], &p) {
			p.Arrival = time.Now()
			t.take(&p, n)
		}
	}
	t.mu.Lock()
	in := t.in
	t.in, t.ended = nil, true
	t.mu.Unlock()
	if in != nil {
		in.end(true)
	}
	close(t.over)
}

func (t *track) take(p *rtpflow.Packet, size int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts.add(p.Seq, p.Timestamp, p.SSRC, size, p.Arrival, t.codec.ClockRate)
	if p.Marker && t.codec.Kind == Video { // the last packet of a picture (RFC 7741 §4.1)
		t.counts.frames++
	}
	if t.in != nil {
		t.in.packet(p)
		return
	}
	t.early.keep(p)
}

func (t *track) readRTCP() {
	buf := make([]byte, receiveMTU)
	read := t.receiver.Read
	if rid := t.remote.RID(); rid != "" {
		read = func(b []byte) (int, interceptor.Attributes, error) { return t.receiver.ReadSimulcast(b, rid) }
	}
	for {
		n, a, err := read(buf)
		if err != nil {
			return
		}
		for _, p := range parseRTCP(buf[:n], a) {
			sr, ok := p.(*rtcp.SenderReport)
			if !ok || sr.SSRC != uint32(t.remote.SSRC()) {
				continue
			}
			t.mu.Lock()
			if t.in != nil {
				t.in.report(sr.NTPTime, sr.RTPTime)
			}
			t.mu.Unlock()
		}
	}
}

func (t *track) attach(public *Track, s Sink) error {
	var in intake
	if s != nil {
		var err error
		if in, err = s.open(public); err != nil {
			return err
		}
	}
	t.mu.Lock()
	if t.ended {
		t.mu.Unlock()
		if in != nil {
			in.end(true)
		}
		return fmt.Errorf("media: attach: track: %w", ErrClosed)
	}
	before := t.in
	t.in = in
	for _, p := range t.early.take() {
		if in != nil {
			in.packet(&p)
		}
	}
	t.mu.Unlock()
	if before != nil {
		before.end(false)
	}
	return nil
}

func (t *track) requestKeyframe() error {
	if t.remote.Kind() != webrtc.RTPCodecTypeVideo {
		return nil
	}
	t.mu.Lock()
	t.counts.pli++
	t.mu.Unlock()
	return t.e.pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: uint32(t.remote.SSRC())}})
}

func (t *track) done() <-chan struct{} { return t.over }

func (t *track) underlying() any { return t.remote }
