//go:build !js

package gateway

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
)

const (
	echoTest = "janus.plugin.echotest"
	echoHint = "I'm taking my time!"
	echoText = "Janus EchoTest here! You wrote: "
)

// echo is the echotest plugin: what comes goes back.
//
// https://janus.conf.meetecho.com/docs/echotest.html
type echo struct {
	peers

	mu      sync.Mutex // guards handles, and what is in them
	handles map[*janustest.Attachment]*echoHandle
}

type echoHandle struct {
	at   *janustest.Attachment
	peer *peer

	done bool // said so, and nothing began since
	set  echoSet
}

// echoSet is what was set, which goes with the connection.
type echoSet struct {
	noAudio, noVideo    bool
	bitrate             uint64 // in bit/s; 0: no limit
	substream, temporal *int   // of the last message; nil: not in there
	fallback            time.Duration
}

var (
	_ janustest.Plugin        = (*echo)(nil)
	_ janustest.Attacher      = (*echo)(nil)
	_ janustest.Detacher      = (*echo)(nil)
	_ janustest.Administrator = (*echo)(nil)
)

func newEcho(g *Gateway) *echo {
	return &echo{peers: newPeers(g), handles: make(map[*janustest.Attachment]*echoHandle)}
}

// Administer implements janustest.Administrator: there is nothing to ask.
func (e *echo) Administer(json.RawMessage) (any, error) { return nil, nil }

// Attached implements janustest.Attacher.
func (e *echo) Attached(at *janustest.Attachment) error {
	h := &echoHandle{at: at}
	h.peer = e.attach(at, hooks{
		down: func(end func() bool) { e.down(h, end) },
		data: h.echoData,
		slow: func(kind webrtc.RTPCodecType) { e.slow(h, kind) },
		remb: func(bitrate float32) { e.estimated(h, bitrate) },
	})
	e.mu.Lock()
	defer e.mu.Unlock()
	e.handles[at] = h
	return nil
}

// Detached implements janustest.Detacher.
func (e *echo) Detached(at *janustest.Attachment) {
	e.mu.Lock()
	delete(e.handles, at)
	e.mu.Unlock()
	e.detach(at)
}

// down says that it is over, once, also when there was nothing to hang up, and
// again only after another offer.
func (e *echo) down(h *echoHandle, end func() bool) {
	e.mu.Lock()
	ended := end()
	fresh := ended && !h.done
	if ended {
		h.done, h.set = true, echoSet{}
	}
	e.mu.Unlock()
	if fresh {
		_ = h.at.Event(object{"echotest": "event", "result": "done"}, nil) // the handle may be gone
	}
}

// echoSettings are the settings the plugin knows, in the order it checks them.
var echoSettings = []param{
	{"audio", 'b', false}, {"audiocodec", '"', false}, {"video", 'b', false}, {"videocodec", '"', false},
	{"videoprofile", '"', false}, {"opusred", 'b', false}, {"bitrate", '+', false}, {"record", 'b', false},
	{"filename", '"', false}, {"substream", '+', false}, {"temporal", '+', false}, {"fallback", '+', false},
	{"min_delay", 'i', false}, {"max_delay", 'i', false},
}

// Message implements janustest.Plugin. Everything is asynchronous here.
func (e *echo) Message(_ context.Context, m *janustest.Message) (*janustest.Answer, error) {
	a := &janustest.Answer{Async: true, Data: object{"echotest": "event", "result": "ok"}, Hint: echoHint}
	e.mu.Lock()
	h := e.handles[m.Attachment]
	if h != nil && m.JSEP != nil {
		h.done = false
	}
	e.mu.Unlock()
	if h == nil {
		return nil, nil // detached meanwhile
	}
	b := parseBody(m.Body)
	if err := checkEcho(b, m.JSEP != nil); err != nil {
		return a, err
	}
	e.configure(h, b)
	if m.JSEP == nil {
		e.apply(h)
		return a, nil
	}
	var err error
	if a.JSEP, err = e.start(h, b, m.JSEP); err != nil {
		return a, pluginError(echoTest, 414, "Error parsing offer: "+err.Error())
	}
	a.JSEP.E2EE = m.JSEP.E2EE
	return a, nil
}

// checkEcho checks a body.
func checkEcho(b body, jsep bool) error {
	const invalidElement = 413
	if reason, _ := b.check(echoSettings...); reason != "" {
		return pluginError(echoTest, invalidElement, reason)
	}
	for _, key := range []string{"substream", "temporal"} {
		if n := b.number(key); n != nil && *n > highestLayer {
			return pluginError(echoTest, invalidElement, "Invalid value ("+key+" should be 0, 1 or 2)")
		}
	}
	known := slices.ContainsFunc(echoSettings, func(p param) bool {
		return b.has(p.key) && p.key != "audiocodec" && p.key != "filename" // those say nothing alone
	})
	if !jsep && !known {
		return pluginError(echoTest, invalidElement, "Message error: no supported attributes found")
	}
	return nil
}

// configure takes settings over.
func (e *echo) configure(h *echoHandle, b body) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := &h.set
	if v := b.flag("audio"); v != nil {
		s.noAudio = !*v
	}
	if v := b.flag("video"); v != nil {
		s.noVideo = !*v
	}
	if v := b.number("bitrate"); v != nil {
		s.bitrate = uint64(*v)
	}
	s.substream, s.temporal, s.fallback = b.number("substream"), b.number("temporal"), b.microseconds("fallback")
}

// start answers an offer.
func (e *echo) start(h *echoHandle, b body, offer *client.JSEP) (*client.JSEP, error) {
	// Codecs are forced for one answer, not for the next.
	forced := map[webrtc.RTPCodecType]string{
		webrtc.RTPCodecTypeAudio: b.str("audiocodec"),
		webrtc.RTPCodecTypeVideo: b.str("videocodec"),
	}
	lines, err := h.peer.offered(offer, func(l line) string {
		if name := forced[l.kind]; name != "" {
			return l.first(name)
		}
		return l.best()
	})
	if err != nil {
		return nil, err
	}
	for _, l := range lines {
		if l.data || l.refused {
			continue
		}
		send := h.peer.send
		if !l.receives() {
			send = h.peer.pretend
		}
		o, err := send(sending{mid: l.mid, codec: l.codec, onLayer: h.layer(codecName(l.codec.MimeType))})
		if err != nil {
			return nil, err
		}
		o.follow(h.peer.inlet(l.mid))
	}
	e.apply(h)
	return h.peer.answer()
}

// apply has the connection do what was set.
func (e *echo) apply(h *echoHandle) {
	e.mu.Lock()
	s := h.set
	e.mu.Unlock()
	for _, in := range h.peer.inlets() {
		o := h.peer.outlet(in.mid)
		if in.kind == webrtc.RTPCodecTypeVideo {
			in.restrict(s.bitrate)
		}
		if o == nil {
			continue
		}
		if in.kind == webrtc.RTPCodecTypeAudio {
			o.pause(s.noAudio)
			continue
		}
		o.pause(s.noVideo)
		o.want(s.substream, s.temporal, s.fallback)
	}
}

// layer tells of layers that are reached.
func (h *echoHandle) layer(codec string) func(substream, temporal *int) {
	return func(substream, temporal *int) {
		data := object{"echotest": "event", "videocodec": codec}
		if substream != nil {
			data["substream"] = *substream
		} else {
			data["temporal"] = *temporal
		}
		_ = h.at.Event(data, nil) // the handle may be gone
	}
}

// echoData sends data back: text with a preface, everything else as it is.
func (h *echoHandle) echoData(label string, text bool, b []byte) {
	if text {
		b = append([]byte(echoText), b...)
	}
	h.peer.data(label, text, b)
}

// slow tells of a slow link.
func (e *echo) slow(h *echoHandle, kind webrtc.RTPCodecType) {
	data := object{"echotest": "event", "event": "slow_link", "media": kind.String()}
	e.mu.Lock()
	if kind == webrtc.RTPCodecTypeVideo {
		data["current-bitrate"] = h.set.bitrate
	}
	e.mu.Unlock()
	_ = h.at.Event(data, nil) // the handle may be gone
}

// estimated hands an estimate of the receiver back to the sender, who is the
// same, with the limit that was set.
func (e *echo) estimated(h *echoHandle, bitrate float32) {
	e.mu.Lock()
	limit := float32(h.set.bitrate)
	e.mu.Unlock()
	if limit != 0 && bitrate > limit {
		bitrate = limit
	}
	for _, in := range h.peer.inlets() {
		in.estimate(bitrate)
	}
}
