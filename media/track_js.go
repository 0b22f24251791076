package media

import (
	"slices"
	"strings"
	"sync"
	"syscall/js"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

// intake is what a sink gives a track to pour into; in a browser the pouring is
// the browser's.
type intake interface {
	end(over bool) // no more will come; over: because the track ended
}

// quiet is how long a track has to be muted for that to be news. Browsers mute
// for every gap in what comes.
const quiet = 2520 * time.Millisecond

// track is one remote MediaStreamTrack.
type track struct {
	e           *engine
	media       js.Value
	transceiver js.Value
	public      *Track
	scope       *jsx.Scope
	over        chan struct{}

	mu      sync.Mutex // protects what follows
	sink    Sink       // what in is of
	in      intake     // nil: none
	told    bool       // trackAdded was called
	ended   bool
	muted   bool // and everybody was told
	silence *time.Timer
	turns   int // counts mute and unmute, so that a late timer is known
}

// trackFound runs in the browser's callback: a track whose first packet is
// quicker than its listeners would never be told of.
func (e *engine) trackFound(ev js.Value) {
	media, transceiver := ev.Get("track"), ev.Get("transceiver")
	mid, kind := text(transceiver.Get("mid")), kindOf(media)
	t := e.adopted(mid, kind, "") // the codec is not known yet
	known := t != nil
	if !known {
		t = &track{over: make(chan struct{})}
		t.public = &Track{ID: media.Get("id").String(), MID: mid, Kind: kind, impl: t}
		if streams := ev.Get("streams"); streams.Length() > 0 {
			t.public.StreamID = text(streams.Index(0).Get("id"))
		}
	}
	t.e, t.media, t.transceiver, t.scope = e, media, transceiver, new(jsx.Scope)
	e.mu.Lock()
	closed := e.closed
	if !closed {
		e.tracks = append(e.tracks, t)
	}
	e.mu.Unlock()
	if closed {
		if known {
			t.finish()
		}
		return
	}
	if known {
		t.follow()
	}
	_ = e.transform(transceiver) // the step of the negotiation that runs returns it, too
	t.scope.Listen(media, "unmute", func(js.Value) { t.flows() })
	t.scope.Listen(media, "mute", func(js.Value) { t.stops() })
	t.scope.Listen(media, "ended", func(js.Value) { t.finish() })
	if !media.Get("muted").Bool() {
		t.flows()
	}
}

// park has the track wait for another connection.
func (t *track) park() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.turns++
	t.scope.Close()
}

// follow has the sink go on with the media of another connection, if it can.
func (t *track) follow() {
	t.mu.Lock()
	before, sink := t.in, t.sink
	t.mu.Unlock()
	if before == nil {
		return
	}
	if err := t.attach(t.public, sink); err != nil {
		_ = t.attach(t.public, nil) // which cannot fail
	}
}

// flows takes note of packets that come, for the first time or again.
func (t *track) flows() {
	t.mu.Lock()
	if t.silence != nil {
		t.silence.Stop()
	}
	t.turns++
	first, again := !t.told && !t.ended, t.muted
	t.muted = false
	if first {
		t.told = true
	}
	t.mu.Unlock()
	switch {
	case first:
		t.public.Codec = t.codec()
		t.e.peer.trackAdded(t.public)
	case again:
		t.e.peer.trackMuted(t.public, false)
	}
}

// stops takes note that nothing comes, which is news only if it stays so.
func (t *track) stops() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.told || t.ended {
		return
	}
	t.turns++
	this := t.turns
	t.silence = time.AfterFunc(quiet, func() {
		t.mu.Lock()
		news := this == t.turns && !t.ended && !t.muted
		t.muted = t.muted || news
		t.mu.Unlock()
		if news {
			t.e.peer.trackMuted(t.public, true)
		}
	})
}

// codec returns what the track was negotiated with: the first that the other side
// has for the m-line.
func (t *track) codec() Codec {
	codec := Codec{Kind: t.public.Kind}
	var names []string
	for _, s := range sections(text(t.e.pc.Get("remoteDescription").Get("sdp"))) {
		if s.mid == t.public.MID {
			names = s.codecs
		}
	}
	if len(names) == 0 {
		return codec
	}
	codec.MIME = codec.Kind.String() + "/" + names[0]
	receiver := t.transceiver.Get("receiver")
	if !callable(receiver, "getParameters") {
		return codec
	}
	for _, c := range items(receiver.Call("getParameters").Get("codecs")) {
		if !strings.EqualFold(text(c.Get("mimeType")), codec.MIME) {
			continue
		}
		codec.MIME, codec.ClockRate, codec.FMTP = text(c.Get("mimeType")), c.Get("clockRate").Int(), text(c.Get("sdpFmtpLine"))
		if n := c.Get("channels"); n.Type() == js.TypeNumber {
			codec.Channels = n.Int()
		}
		return codec
	}
	return codec
}

// finish ends the track.
func (t *track) finish() {
	t.mu.Lock()
	if t.ended {
		t.mu.Unlock()
		return
	}
	in, told := t.in, t.told
	t.in, t.sink, t.ended = nil, nil, true
	if t.silence != nil {
		t.silence.Stop()
	}
	t.mu.Unlock()
	t.scope.Close()
	t.e.mu.Lock()
	same := func(x *track) bool { return x == t }
	t.e.tracks = slices.DeleteFunc(t.e.tracks, same)
	t.e.orphans = slices.DeleteFunc(t.e.orphans, same)
	t.e.mu.Unlock()
	if in != nil {
		in.end(true)
	}
	close(t.over)
	if told {
		t.e.peer.trackEnded(t.public)
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
	before, ended := t.in, t.ended
	if !ended {
		t.in, t.sink = in, s
	}
	t.mu.Unlock()
	if ended {
		if in != nil {
			in.end(true)
		}
		return fmt.Errorf("media: attach: track: %w", ErrClosed)
	}
	if before != nil {
		before.end(false)
	}
	return nil
}

func (t *track) requestKeyframe() error {
	if t.public.Kind != Video {
		return nil
	}
	return unsupported("keyframe", "a browser asks by itself")
}

func (t *track) done() <-chan struct{} { return t.over }

func (t *track) underlying() any { return t.media }
