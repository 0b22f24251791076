package janustest

import (
	"context"
	"encoding/json"
	"slices"
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
)

const (
	echoTest = "janus.plugin.echotest"
	echoHint = "I'm taking my time!"
)

// echo is the echotest plugin without the media: it checks settings, answers
// offers and says when it is done, as the real one was seen to do.
//
// https://janus.conf.meetecho.com/docs/echotest.html
type echo struct {
	version int // decides about the SVC settings, new in 1.1.4

	mu      sync.Mutex // guards handles
	handles map[*Attachment]*echoHandle
}

type echoHandle struct {
	done      bool // said so, and nothing began since
	peerUfrag string
	ice       iceCredentials
}

var (
	_ Attacher      = (*echo)(nil)
	_ Detacher      = (*echo)(nil)
	_ HangupHandler = (*echo)(nil)
	_ Administrator = (*echo)(nil)
)

func newEcho(version int) *echo {
	return &echo{version: version, handles: make(map[*Attachment]*echoHandle)}
}

// Administer implements [Administrator]: there is nothing to ask.
func (e *echo) Administer(json.RawMessage) (any, error) { return nil, nil }

// Attached implements [Attacher].
func (e *echo) Attached(at *Attachment) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.handles[at] = &echoHandle{ice: newICE()}
	return nil
}

// Detached implements [Detacher].
func (e *echo) Detached(at *Attachment) {
	e.HungUp(at)
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.handles, at)
}

// HungUp implements [HangupHandler]. The plugin says so once, also when there
// was nothing to hang up, and again only after another offer.
func (e *echo) HungUp(at *Attachment) {
	e.mu.Lock()
	h := e.handles[at]
	fresh := h != nil && !h.done
	if fresh {
		h.done, h.peerUfrag = true, ""
	}
	e.mu.Unlock()
	if fresh {
		_ = at.Event(echoResult("done"), nil) // the handle may be gone
	}
}

func echoResult(result string) any { return object{{"echotest", "event"}, {"result", result}} }

// Message implements [Plugin]. Everything is asynchronous here.
func (e *echo) Message(_ context.Context, m *Message) (*Answer, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	h := e.handles[m.Attachment]
	if h == nil {
		return nil, nil // detached meanwhile
	}
	if m.JSEP != nil {
		h.done = false
	}
	f, perr := e.settings(m)
	if perr != nil {
		return &Answer{Async: true, Hint: echoHint}, perr
	}
	a := &Answer{Async: true, Data: echoResult("ok"), Hint: echoHint}
	if m.JSEP != nil {
		// Codecs are forced for one answer, not for the next.
		audio, _ := f.str("audiocodec")
		video, _ := f.str("videocodec")
		a.JSEP = h.answer(m.JSEP, audio, video)
	}
	return a, nil
}

// echoSettings are the settings the plugin knows, in the order it checks them.
var echoSettings = []param{
	{"audio", 'b', false}, {"audiocodec", '"', false}, {"video", 'b', false}, {"videocodec", '"', false},
	{"videoprofile", '"', false}, {"opusred", 'b', false}, {"bitrate", '+', false}, {"record", 'b', false},
	{"filename", '"', false}, {"substream", '+', false}, {"temporal", '+', false}, {"fallback", '+', false},
	{"min_delay", 'i', false}, {"max_delay", 'i', false},
}

// echoSVC are the settings that came with 1.1.4.
var echoSVC = []param{{"svc", 'b', false}, {"spatial_layer", '+', false}, {"temporal_layer", '+', false}}

// echoIdle are settings that alone are no reason to send a message.
var echoIdle = []string{"audiocodec", "filename"}

// settings checks the body of m.
func (e *echo) settings(m *Message) (fields, *client.PluginError) {
	fail := func(code int, reason string) (fields, *client.PluginError) {
		return nil, &client.PluginError{PluginCode: client.PluginCode{Plugin: echoTest, Code: code}, Reason: reason}
	}
	const noMessage, invalidJSON, invalidElement, invalidSDP = 411, 412, 413, 414
	if len(m.Body) == 0 {
		return fail(noMessage, "No message??")
	}
	var f fields
	if err := json.Unmarshal(m.Body, &f); err != nil {
		return fail(invalidJSON, "JSON error: not an object")
	}
	known := echoSettings
	layers := []string{"substream", "temporal"}
	if e.version >= 1104 {
		known = slices.Concat(known, echoSVC)
		layers = append(layers, "spatial_layer", "temporal_layer")
	}
	if code, reason := f.check(known...); code != 0 {
		return fail(invalidElement, capital(reason))
	}
	for _, key := range layers {
		if f.id(key) > 2 {
			return fail(invalidElement, "Invalid value ("+key+" should be 0, 1 or 2)")
		}
	}
	if m.JSEP == nil && !slices.ContainsFunc(known, func(p param) bool {
		_, ok := f[p.key]
		return ok && !slices.Contains(echoIdle, p.key)
	}) {
		return fail(invalidElement, "Message error: no supported attributes found")
	}
	if m.JSEP != nil && parseSDP(m.JSEP.SDP).err != "" {
		return fail(invalidSDP, "Error parsing offer: "+parseSDP(m.JSEP.SDP).err)
	}
	return f, nil
}

// answer answers an offer. New credentials in the offer are an ICE restart,
// which is answered with new ones.
func (h *echoHandle) answer(offer *client.JSEP, audio, video string) *client.JSEP {
	d := parseSDP(offer.SDP)
	if d.ufrag != h.peerUfrag {
		h.peerUfrag, h.ice = d.ufrag, newICE()
	}
	return &client.JSEP{Type: "answer", SDP: answerSDP(d, h.ice, audio, video), E2EE: offer.E2EE}
}
