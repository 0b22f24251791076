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
	pause() // nothing comes until there is another connection
	report(ntp uint64, ts uint32)
	end(over bool) // no more will come; over: because the track ended
}

// track reads one remote track.
type track struct {
	public *Track
	over   chan struct{}

	mu     sync.Mutex // protects what follows
	at     inLine
	parked bool    // its connection is over, and another may come
	in     intake  // nil: drained
	early  backlog // what came before the first sink
	ended  bool
	codec  Codec
	counts receiveCounts
}

// inLine is where a track comes in: its m-line of one connection.
type inLine struct {
	e        *engine
	remote   *webrtc.TrackRemote
	receiver *webrtc.RTPReceiver
}

// trackFound runs on a goroutine of pion's, one a track.
func (e *engine) trackFound(remote *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	at := inLine{e, remote, receiver}
	kind, mid := fromRTPKind(remote.Kind()), e.midOf(receiver)
	codec := fromParameters(remote.Codec(), kind)
	t := e.adopted(mid, kind, codec.MIME)
	known := t != nil
	if !known {
		t = &track{over: make(chan struct{}), codec: codec}
		t.public = &Track{ID: remote.ID(), StreamID: remote.StreamID(), MID: mid, Kind: kind, Codec: codec, impl: t}
	}
	t.mu.Lock()
	t.at, t.parked = at, false
	t.mu.Unlock()
	// Reads sender reports, without which pion answers none. Ends when pion stops
	// the receiver; close waits for it.
	if !e.start(func() { t.readRTCP(at) }) {
		if known {
			t.finish()
		}
		return
	}
	// Reads the packets, then reports the end. Ends as above.
	e.start(func() {
		e.mu.Lock()
		e.tracks = append(e.tracks, t)
		closed := e.closed
		e.mu.Unlock()
		if !known {
			e.peer.trackAdded(t.public)
		}
		if !t.read(at) || closed {
			t.finish()
		}
	})
}

// park has the track wait for another connection.
func (t *track) park() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.parked = true
	if t.in != nil {
		t.in.pause()
	}
}

// line returns where the track comes in now.
func (t *track) line() inLine {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.at
}

// finish ends the track.
func (t *track) finish() {
	t.mu.Lock()
	if t.ended {
		t.mu.Unlock()
		return
	}
	in, e := t.in, t.at.e
	t.in, t.ended = nil, true
	bytes := t.counts.bytes
	t.mu.Unlock()
	if in != nil {
		in.end(true)
	}
	close(t.over)
	e.past.received.Add(bytes)
	e.mu.Lock()
	same := func(x *track) bool { return x == t }
	e.tracks = slices.DeleteFunc(e.tracks, same)
	e.orphans = slices.DeleteFunc(e.orphans, same)
	e.mu.Unlock()
	e.peer.trackEnded(t.public)
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

// read reads until the m-line of a connection ends, and reports whether the track
// waits for another one.
func (t *track) read(at inLine) (parked bool) {
	buf := make([]byte, receiveMTU)
	for failed := 0; failed < 1000; {
		n, _, err := at.remote.Read(buf)
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
	defer t.mu.Unlock()
	return t.parked || t.at != at
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

func (t *track) readRTCP(at inLine) {
	buf := make([]byte, receiveMTU)
	read := at.receiver.Read
	if rid := at.remote.RID(); rid != "" {
		read = func(b []byte) (int, interceptor.Attributes, error) { return at.receiver.ReadSimulcast(b, rid) }
	}
	for {
		n, a, err := read(buf)
		if err != nil {
			return
		}
		for _, p := range parseRTCP(buf[:n], a) {
			sr, ok := p.(*rtcp.SenderReport)
			if !ok || sr.SSRC != uint32(at.remote.SSRC()) {
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
	if t.codec.Kind != Video {
		return nil
	}
	t.mu.Lock()
	at := t.at
	t.counts.pli++
	t.mu.Unlock()
	return at.e.pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: uint32(at.remote.SSRC())}})
}

func (t *track) done() <-chan struct{} { return t.over }

func (t *track) underlying() any { return t.line().remote }
