package client

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/json"
)

// Handle is one attachment of a session to a plugin.
type Handle struct {
	session *Session
	plugin  string
	token   *string
	opaque  string
	loop    *int
	restore Restorer
	order   uint64 // of attachment, within the client
	id      atomic.Uint64
	stream  stream
	life    life
	conn    connection
	leaving atomic.Bool   // Detach was called: what the gateway says of it is no news
	doubted atomic.Uint64 // the id that the gateway says is gone, and it is not known why

	mu        sync.Mutex
	observers []*observer
}

type observer struct{ f func(Event) bool }

func newHandle(s *Session, plugin string, opts *AttachOptions) *Handle {
	h := &Handle{session: s, plugin: plugin, token: new(string), order: s.client.attached.Add(1)}
	size := s.client.opts.EventBuffer
	var decode Decoder
	if opts != nil {
		*h.token, h.opaque, h.loop, h.restore = opts.Token, opts.OpaqueID, opts.LoopIndex, opts.Restore
		decode = opts.Decode
		if opts.EventBuffer > 0 {
			size = opts.EventBuffer
		}
	}
	h.stream.init(size, decode)
	return h
}

// ID returns the gateway's id of the handle.
func (h *Handle) ID() uint64 { return h.id.Load() }

// Plugin returns the package name of the plugin, e.g. "janus.plugin.echotest".
func (h *Handle) Plugin() string { return h.plugin }

// Session returns the session the handle belongs to.
func (h *Handle) Session() *Session { return h.session }

// Response is a plugin's answer to one request.
type Response struct {
	Data  json.RawMessage // the plugin's own part
	JSEP  *JSEP           // nil: none
	Async bool            // it came as an event, not as the synchronous reply
}

// Request sends a plugin message and returns the plugin's answer: the
// synchronous reply, or the event that carries the same transaction. The body
// is a struct, a map or raw JSON that encodes to an object; nil is an empty
// one. A plugin's refusal is a [*PluginError], with the Response beside it.
//
// An offer waits for [Handle.Settle]; one that wants data channels gives a
// [*FeatureError] where the gateway is known to have none.
//
// Some plugin requests are acknowledged and then never answered; Request ends
// at its deadline there, and [Handle.Send] is the method to use.
func (h *Handle) Request(ctx context.Context, body any, jsep *JSEP) (Response, error) {
	return h.message(ctx, body, jsep, wantEvent, nil, false)
}

// Query is Request for a message that may be executed twice, such as one that only
// asks: when the connection is lost before its answer comes, it is sent once more
// on the next, in place of [ErrOutcomeUnknown].
func (h *Handle) Query(ctx context.Context, body any) (Response, error) {
	return h.message(ctx, body, nil, wantEvent, nil, true)
}

// RequestUntil is Request for plugins that answer in several events, as SIP
// does: it returns the first answer that accept approves or that is an error;
// the others become events. accept runs on the read loop: it must not block
// and must not call the client.
func (h *Handle) RequestUntil(ctx context.Context, body any, jsep *JSEP, accept func(*Response) bool) (Response, error) {
	return h.message(ctx, body, jsep, wantEvent, accept, false)
}

// Send sends a plugin message and returns once the gateway accepted it. What
// the plugin has to say later comes as events; a plugin that answers at once
// with a refusal gives a [*PluginError].
func (h *Handle) Send(ctx context.Context, body any, jsep *JSEP) error {
	_, err := h.message(ctx, body, jsep, wantAnswer, nil, false)
	return err
}

func (h *Handle) message(ctx context.Context, body any, jsep *JSEP, w want, accept func(*Response) bool, safe bool) (Response, error) {
	p := buffers.Get().(*[]byte)
	b, err := appendMessage((*p)[:0], body, jsep)
	sent := func(error) {}
	if err == nil && jsep != nil {
		if err = h.ready(ctx, jsep); err == nil {
			sent = h.conn.sending(jsep)
		}
	}
	if err != nil {
		putBuffer(p, b)
		return Response{}, err
	}
	a, err := h.do(ctx, &request{op: "message", extra: b, want: w, accept: accept, safe: safe})
	putBuffer(p, b)
	sent(err)
	if err != nil || a.kind == kindAck {
		return Response{}, err
	}
	if a.kind != kindEvent && a.kind != kindSuccess {
		return Response{}, unexpected("message", a)
	}
	return parseResponse(a.kind, a.data)
}

// appendMessage appends what a plugin message has besides the rest.
func appendMessage(b []byte, body any, jsep *JSEP) ([]byte, error) {
	b = append(b, `,"body":`...)
	b, err := appendObject(b, "message", body)
	if err == nil && jsep != nil {
		var j []byte
		if j, err = json.Marshal(jsep); err == nil {
			b = append(b, `,"jsep":`...)
			b = append(b, j...)
		}
	}
	return b, err
}

// ready waits until the gateway takes a description, and refuses what it cannot
// take.
func (h *Handle) ready(ctx context.Context, jsep *JSEP) error {
	if jsep.Type != "offer" {
		return nil
	}
	if wantsData(jsep.SDP) {
		if err := h.session.client.Known().CheckData("offer"); err != nil {
			return err
		}
	}
	if err := h.Settle(ctx); err != nil {
		return fmt.Errorf("message: %w", err)
	}
	return nil
}

// Trickle sends local ICE candidates to the gateway, all in one message. With
// none it says that there are no more.
func (h *Handle) Trickle(ctx context.Context, candidates ...Candidate) error {
	var v any
	key := `,"candidate":`
	switch len(candidates) {
	case 0:
		v = struct {
			Completed bool `json:"completed"`
		}{true}
	case 1:
		v = candidates[0]
	default:
		key, v = `,"candidates":`, candidates
	}
	j, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("trickle: %w", err)
	}
	if len(candidates) > 0 {
		h.conn.candidate()
	}
	_, err = h.do(ctx, &request{op: "trickle", extra: append([]byte(key), j...)})
	return err
}

// Detach ends the handle and its peer connection. Its stream ends with
// [ErrDetached]. A handle that is gone already is no error.
func (h *Handle) Detach(ctx context.Context) error {
	if h.life.ended() {
		return nil
	}
	h.leaving.Store(true)
	_, err := h.do(ctx, &request{op: "detach", safe: true})
	if err != nil && !h.life.ended() && !errors.Is(err, HandleNotFound) && !errors.Is(err, SessionNotFound) {
		h.leaving.Store(false)
		return err
	}
	h.session.forget(h.ID())
	h.end(ErrDetached)
	return nil
}

// do sends a request of the handle, again after a reconnection where it may.
func (h *Handle) do(ctx context.Context, r *request) (answer, error) {
	c := h.session.client
	l := c.link.Load()
	a, err := h.admitted(ctx, r)
	if err == nil {
		return a, nil
	}
	return c.persist(ctx, l, r, err, func(ctx context.Context) (answer, error) { return h.admitted(ctx, r) })
}

// admitted sends a request of the handle when there is a connection.
func (h *Handle) admitted(ctx context.Context, r *request) (answer, error) {
	if err := h.life.cause(); err != nil {
		return answer{}, fmt.Errorf("%s: %w", r.op, err)
	}
	if err := h.session.passGate(ctx); err != nil {
		return answer{}, fmt.Errorf("%s: %w", r.op, err)
	}
	r.handle, r.token = h.ID(), *h.token
	return h.session.do(ctx, r)
}

// Next returns the next event, in the order the gateway sent them. It waits
// for one until ctx ends. Once the handle is gone and its events are read, the
// error matches [ErrDetached], [ErrDestroyed] or [ErrClosed]. A stream has one
// consumer: calls must not overlap.
func (h *Handle) Next(ctx context.Context) (Event, error) { return h.stream.next(ctx) }

// Events ranges over Next until ctx ends or the stream does; the last pair
// carries the error. Leaving the loop early neither detaches nor loses events.
func (h *Handle) Events(ctx context.Context) iter.Seq2[Event, error] { return h.stream.events(ctx) }

// Done is closed when the handle is gone; Err then says why.
func (h *Handle) Done() <-chan struct{} { return h.life.wait() }

// Err says why the handle is gone: it matches [ErrDetached], [ErrDestroyed] or
// [ErrClosed]. It is nil until then.
func (h *Handle) Err() error { return h.life.cause() }

// Post adds ev to the handle's stream, for a layer such as media that has news
// of its own. The ids are filled in.
func (h *Handle) Post(ev Event) {
	if b := ev.Base(); b.Handle == 0 {
		b.Session, b.Handle = h.session.ID(), h.ID()
	}
	h.stream.push(ev)
}

// Observe shows every event of the core, which is all but the plugin's own, to
// f before the stream gets it; true keeps it out. It lets a layer such as media
// join the one stream a handle has. f runs on the read loop: it must not block
// and must not call the client. stop ends the observation; f may be running
// when it returns.
func (h *Handle) Observe(f func(ev Event) bool) (stop func()) {
	o := &observer{f}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.observers = append(slices.Clip(h.observers), o)
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		// A new slice: publish may be ranging over the old one.
		h.observers = slices.DeleteFunc(slices.Clone(h.observers), func(x *observer) bool { return x == o })
	}
}

// receive queues a message of the gateway.
func (h *Handle) receive(env *envelope, data []byte) {
	raw := bytes.Clone(data)
	if env.kind == kindEvent {
		h.stream.pushRaw(raw)
		return
	}
	h.publish(decodeCore(env, raw))
}

// detached ends the handle because the gateway says so, unless the session is
// gone as well and will be rebuilt.
func (h *Handle) detached(ev Event) {
	if h.restore != nil && !h.leaving.Load() {
		h.session.client.doubt(h, ev)
		return
	}
	h.goAway(ev)
}

// goAway ends the handle with ev as the last event.
func (h *Handle) goAway(ev Event) {
	h.session.forget(h.ID())
	if !h.leaving.Load() {
		h.publish(ev)
	}
	h.end(ErrDetached)
}

// publish shows ev to the observers and queues it unless one keeps it. Who waits
// for the end of the connection goes on when the observers know of it, and who
// reads of it finds that it has ended.
func (h *Handle) publish(ev Event) {
	h.mu.Lock()
	observers := h.observers
	h.mu.Unlock()
	kept := slices.ContainsFunc(observers, func(o *observer) bool { return o.f(ev) })
	h.conn.observe(ev)
	if !kept {
		h.stream.push(ev)
	}
}

// end ends the handle for the given reason.
func (h *Handle) end(err error) {
	if h.life.end(err) {
		h.stream.queue.Close(err)
	}
}
