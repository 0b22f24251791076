package media

import (
	"context"
	"sync"
	"sync/atomic"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

// engine is the page's RTCPeerConnection. Peer serialises offer, answer and
// accept.
type engine struct {
	peer  hooks
	pc    js.Value
	scope jsx.Scope // the listeners on pc

	hook        func(TransformTarget) any // may be nil
	asked       js.Value                  // a WeakSet of the ends the hook was called for
	transformed atomic.Bool               // it returned something

	maxMessage atomic.Int64 // of the other side; 0: no limit, -1: not known yet
	connected  atomic.Bool
	gone       chan struct{} // closed when the engine closes: then no promise settles any more

	mu       sync.Mutex // protects what follows
	closed   bool
	gathered chan struct{}       // closed when there are no more candidates; nil then
	streams  map[string]js.Value // MediaStreams by the StreamID they stand for
	refusal  error               // of a transform
	senders  []*sender
	tracks   []*track
	channels []*channel
	orphans  []*track          // of the connection before, which wait for their m-lines
	counted  map[string]uint64 // bytes by the id of their report
	past     struct{ sent, received uint64 }
}

func newEngine(o Options, p hooks, _ any) (*engine, error) {
	class := js.Global().Get("RTCPeerConnection")
	if class.Type() != js.TypeFunction {
		return nil, unsupported("peer connection", noPage)
	}
	if o.Transform != nil && js.Global().Get("RTCRtpScriptTransform").Type() != js.TypeFunction {
		return nil, unsupported("transform", "this browser has no RTCRtpScriptTransform")
	}
	pc, err := jsx.Try(func() js.Value { return class.New(configuration(o)) })
	if err != nil {
		return nil, err
	}
	e := &engine{
		peer:    p,
		pc:      pc,
		hook:    o.Transform,
		gone:    make(chan struct{}),
		streams: make(map[string]js.Value),
		asked:   js.Global().Get("WeakSet").New(),
		counted: make(map[string]uint64),
	}
	e.maxMessage.Store(-1)
	e.scope.Listen(pc, "icecandidate", func(ev js.Value) { e.candidateFound(ev.Get("candidate")) })
	e.scope.Listen(pc, "icegatheringstatechange", func(js.Value) { e.gathering() })
	e.scope.Listen(pc, "connectionstatechange", func(js.Value) { e.stateChanged() })
	e.scope.Listen(pc, "track", e.trackFound)
	e.scope.Listen(js.Global(), "online", func(js.Value) { p.networkChanged() })
	e.scope.Listen(pc, "datachannel", func(ev js.Value) { e.dataOpened(&dataPipe{dc: ev.Get("channel")}) })
	return e, nil
}

func configuration(o Options) map[string]any {
	servers := []any{}
	for _, s := range o.ICEServers {
		urls := []any{}
		for _, u := range s.URLs {
			urls = append(urls, u)
		}
		server := map[string]any{"urls": urls}
		if s.Username != "" || s.Credential != "" {
			server["username"], server["credential"] = s.Username, s.Credential
		}
		servers = append(servers, server)
	}
	c := map[string]any{"bundlePolicy": "max-bundle", "iceServers": servers}
	if o.RelayOnly {
		c["iceTransportPolicy"] = "relay"
	}
	return c
}

// do calls a method of the peer connection that returns a promise.
func (e *engine) do(ctx context.Context, method string, args ...any) (js.Value, error) {
	promise, err := call(e.pc, method, args...)
	if err != nil {
		return js.Undefined(), err
	}
	return e.await(ctx, promise)
}

// await is jsx.Await for promises of a peer connection, which do not settle once
// that is closed.
func (e *engine) await(ctx context.Context, promise js.Value) (js.Value, error) {
	type outcome struct {
		value js.Value
		err   error
	}
	settled := make(chan outcome, 1)
	stop := jsx.Then(promise, func(v js.Value, err error) { settled <- outcome{v, err} })
	defer stop()
	select {
	case o := <-settled:
		return o.value, o.err
	case <-ctx.Done():
		return js.Undefined(), ctx.Err()
	case <-e.gone:
		return js.Undefined(), errPeerClosed
	}
}

// stateChanged reports the state. Of the end Peer says so itself.
func (e *engine) stateChanged() {
	s := State(e.pc.Get("connectionState").String())
	if s == StateClosed {
		return
	}
	if s == StateConnected { // first: who hears of it may send at once
		e.setConnected()
	}
	e.peer.stateSeen(s)
}

// setConnected lets files play.
func (e *engine) setConnected() {
	if e.connected.Swap(true) {
		return
	}
	e.mu.Lock()
	senders := append([]*sender(nil), e.senders...)
	e.mu.Unlock()
	for _, s := range senders {
		s.update()
	}
}

func (e *engine) candidateFound(c js.Value) {
	if c.IsNull() {
		e.peer.candidateFound(nil)
		return
	}
	if text(c.Get("candidate")) == "" {
		return // the end of one m-line's
	}
	found := &client.Candidate{Candidate: c.Get("candidate").String(), SDPMid: text(c.Get("sdpMid"))}
	if index := c.Get("sdpMLineIndex"); index.Type() == js.TypeNumber {
		found.SDPMLineIndex = index.Int()
	}
	e.peer.candidateFound(found)
}

func (e *engine) addCandidate(c client.Candidate) error {
	args := []any{}
	if c.Candidate != "" {
		init := map[string]any{"candidate": c.Candidate, "sdpMLineIndex": c.SDPMLineIndex}
		if c.SDPMid != "" {
			init["sdpMid"] = c.SDPMid
		}
		args = append(args, init)
	}
	promise, err := call(e.pc, "addIceCandidate", args...)
	if err != nil {
		return err
	}
	// A candidate that is refused is one path less and nothing else; any function
	// that does nothing keeps it from being an unhandled rejection.
	promise.Call("catch", js.Global().Get("Boolean"))
	return nil
}

func (e *engine) receive(k Kind) error {
	if k != Audio && k != Video {
		return &OptionError{"Kind", "want Audio or Video"}
	}
	t, err := call(e.pc, "addTransceiver", k.String(), map[string]any{"direction": "recvonly"})
	if err != nil {
		return fmt.Errorf("media: receive: %w", err)
	}
	return e.transform(t)
}

// limitMessages takes what the other side takes; the browser has a limit, too.
func (e *engine) limitMessages(most int) {
	if sctp := e.pc.Get("sctp"); sctp.Type() == js.TypeObject {
		own := sctp.Get("maxMessageSize").Float()
		if most == 0 && own < 1<<30 || own < float64(most) {
			most = int(own)
		}
	}
	e.maxMessage.Store(int64(most))
}

func (e *engine) underlying() any { return e.pc }

// close ends everything.
func (e *engine) close() {
	e.mu.Lock()
	e.closed = true
	senders, channels := e.senders, e.channels
	tracks := append(e.tracks, e.orphans...)
	e.senders, e.tracks, e.channels, e.orphans = nil, nil, nil, nil
	e.mu.Unlock()
	e.shut()
	for _, s := range senders {
		s.retire()
	}
	for _, t := range tracks {
		t.finish()
	}
	for _, c := range channels {
		c.finish()
	}
}

func (e *engine) shut() {
	e.scope.Close()
	close(e.gone)
	e.pc.Call("close")
}

// retire ends the connection and leaves what it had to another engine.
func (e *engine) retire() remains {
	var left remains
	e.mu.Lock()
	e.closed = true
	senders := e.senders
	left.tracks, left.channels = append(e.tracks, e.orphans...), e.channels
	e.senders, e.tracks, e.channels, e.orphans = nil, nil, nil, nil
	left.sent, left.received = e.past.sent, e.past.received
	for id, n := range e.counted {
		if id[0] == '>' {
			left.sent += n
		} else {
			left.received += n
		}
	}
	e.mu.Unlock()
	e.connected.Store(false)
	for _, s := range senders {
		s.park()
	}
	for _, t := range left.tracks {
		t.park()
	}
	e.shut()
	return left
}

// inherit takes over what is counted, and the tracks that wait for their m-lines.
func (e *engine) inherit(left remains) {
	for _, t := range left.tracks {
		t.e = e
	}
	e.past.sent, e.past.received = left.sent, left.received
	e.orphans = append([]*track(nil), left.tracks...)
}
