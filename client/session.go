package client

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// Session is one Janus session. It is kept alive until Destroy or the end of
// its Client.
type Session struct {
	client  *Client
	id      atomic.Uint64
	claimed bool
	last    atomic.Int64 // when the last request went out, since Client.start
	stream  stream
	life    life
	gate    atomic.Pointer[chan struct{}] // while ids change; see Rebuild
	down    atomic.Pointer[chan struct{}] // while there is no connection; see hold
	half    atomic.Bool                   // a rebuild has begun and was not finished
	leaving atomic.Bool                   // Destroy was called: it is not polled any more

	handles map[uint64]*Handle // by the gateway's id; guarded by Client.mu
}

func newSession(c *Client) *Session {
	s := &Session{client: c, handles: make(map[uint64]*Handle)}
	s.stream.init(c.opts.EventBuffer, nil)
	return s
}

// ID returns the gateway's id of the session.
func (s *Session) ID() uint64 { return s.id.Load() }

// Client returns the client the session belongs to.
func (s *Session) Client() *Client { return s.client }

// Next returns the next event of the session itself: its timeout, the loss of
// the connection, errors without a request and, on a claimed session, events of
// handles nobody adopted. Once the session is gone, the error matches
// [ErrDestroyed] or [ErrClosed]. Calls must not overlap.
func (s *Session) Next(ctx context.Context) (Event, error) { return s.stream.next(ctx) }

// Events ranges over Next; the last pair carries the error. Leaving the loop
// loses nothing.
func (s *Session) Events(ctx context.Context) iter.Seq2[Event, error] { return s.stream.events(ctx) }

// Done is closed when the session has ended; Err then says why.
func (s *Session) Done() <-chan struct{} { return s.life.wait() }

// Err says why the session ended; nil until then.
func (s *Session) Err() error { return s.life.cause() }

// Destroy ends the session, its handles and their peer connections at the
// gateway. Streams end with [ErrDestroyed]. A session that is gone already is
// no error.
func (s *Session) Destroy(ctx context.Context) error {
	if err := s.passGate(ctx); err != nil {
		return fmt.Errorf("destroy: %w", err)
	}
	if s.life.ended() {
		return nil
	}
	// Before the session is gone, which a poll would take for a timeout.
	s.leaving.Store(true)
	s.client.unpoll(s.ID())
	r := &request{op: "destroy", safe: true}
	l := s.client.link.Load()
	a, err := s.do(ctx, r)
	if err != nil {
		a, err = s.client.persist(ctx, l, r, err, func(ctx context.Context) (answer, error) {
			if err := s.passGate(ctx); err != nil {
				return answer{}, fmt.Errorf("destroy: %w", err)
			}
			s.client.unpoll(s.ID())
			return s.do(ctx, r)
		})
	}
	if err != nil && s.life.ended() {
		return nil
	}
	if err != nil && !errors.Is(err, SessionNotFound) {
		s.leaving.Store(false)
		s.client.repoll()
		return err
	}
	if err == nil && a.kind != kindSuccess {
		return unexpected("destroy", a)
	}
	s.client.forget(s.ID())
	s.end(ErrDestroyed)
	return nil
}

// Attach creates a handle on a plugin, named by its package, e.g.
// "janus.plugin.echotest". An unknown plugin gives an error that matches
// [PluginNotFound] and lists the plugins the gateway has; once those are known
// ([Client.Capabilities]), nothing is sent for it.
func (s *Session) Attach(ctx context.Context, plugin string, opts *AttachOptions) (*Handle, error) {
	if plugin == "" {
		return nil, &ArgumentError{Op: "attach", Reason: `no plugin; name one, e.g. "janus.plugin.echotest"`}
	}
	if err := s.passGate(ctx); err != nil {
		return nil, fmt.Errorf("attach: %w", err)
	}
	if err := s.client.checkSecure(opts != nil && opts.Token != ""); err != nil {
		return nil, err
	}
	if err := s.client.Known().CheckPlugin("attach", plugin); err != nil {
		return nil, err
	}
	h := newHandle(s, plugin, opts)
	l := s.client.link.Load()
	err := s.attach(ctx, h)
	if err != nil {
		_, err = s.client.persist(ctx, l, &request{op: "attach"}, err, func(ctx context.Context) (answer, error) {
			if err := s.passGate(ctx); err != nil {
				return answer{}, fmt.Errorf("attach: %w", err)
			}
			return answer{}, s.attach(ctx, h)
		})
	}
	if err != nil {
		return nil, s.explain(ctx, err)
	}
	return h, nil
}

// attach gives h a handle at the gateway.
func (s *Session) attach(ctx context.Context, h *Handle) error { return s.attachOn(ctx, nil, h) }

// attachOn is attach at the gateway of l; nil is the present one.
func (s *Session) attachOn(ctx context.Context, l *link, h *Handle) error {
	p := buffers.Get().(*[]byte)
	b := append((*p)[:0], `,"plugin":`...)
	b = appendString(b, h.plugin)
	if h.opaque != "" {
		b = append(b, `,"opaque_id":`...)
		b = appendString(b, h.opaque)
	}
	if h.loop != nil {
		b = append(b, `,"loop_index":`...)
		b = strconv.AppendInt(b, int64(*h.loop), 10)
	}
	bound := false
	a, err := s.do(ctx, &request{op: "attach", link: l, token: *h.token, extra: b, bind: func(data []byte) {
		if id, ok := dataID(data); ok {
			s.adopt(h, id)
			bound = true
		}
	}})
	putBuffer(p, b)
	if err == nil && !bound {
		return unexpected("attach", a)
	}
	return err
}

// Adopt returns a Handle for one that exists at the gateway, as the handles of
// a claimed session do. Nothing is sent: a wrong id shows with the first
// request, as [HandleNotFound].
func (s *Session) Adopt(id uint64, plugin string, opts *AttachOptions) (*Handle, error) {
	if id == 0 {
		return nil, &ArgumentError{Op: "adopt", Reason: "0 is no handle id"}
	}
	h := newHandle(s, plugin, opts)
	s.adopt(h, id)
	return h, nil
}

// adopt enters h into the routing table under id.
func (s *Session) adopt(h *Handle, id uint64) {
	h.id.Store(id)
	h.conn.end(false)
	s.client.mu.Lock()
	s.handles[id] = h
	s.client.mu.Unlock()
	if err := s.life.cause(); err != nil {
		h.end(err)
	}
}

func (s *Session) forget(handle uint64) {
	s.client.mu.Lock()
	delete(s.handles, handle)
	s.client.mu.Unlock()
}

// do sends a request of the session, which counts as a sign of life.
func (s *Session) do(ctx context.Context, r *request) (answer, error) {
	if err := s.life.cause(); err != nil {
		return answer{}, fmt.Errorf("%s: %w", r.op, err)
	}
	r.session = s.ID()
	s.touch()
	a, err := s.client.do(ctx, r)
	// Only who is silent hears of it by a keepalive.
	if errors.Is(err, SessionNotFound) && r.op != "destroy" && r.session == s.ID() && s.client.forget(r.session) {
		s.expire(nil) //nolint:contextcheck // the rebuild outlives the request
	}
	return a, err
}

func (s *Session) touch() { s.last.Store(int64(time.Since(s.client.start))) }

// explain adds the gateway's plugins to a complaint about an unknown one.
func (s *Session) explain(ctx context.Context, err error) error {
	var e *Error
	if !errors.As(err, &e) || e.Code != PluginNotFound {
		return err
	}
	if info, infoErr := s.client.Capabilities(ctx); infoErr == nil {
		e.Hint = info.pluginHint()
	}
	return err
}

func (s *Session) receive(env *envelope, data []byte) {
	raw := bytes.Clone(data)
	if env.kind == kindEvent {
		s.stream.pushRaw(raw)
		return
	}
	s.stream.push(decodeCore(env, raw))
}

// all returns the handles there are.
func (s *Session) all() []*Handle {
	s.client.mu.Lock()
	defer s.client.mu.Unlock()
	list := make([]*Handle, 0, len(s.handles))
	for id, h := range s.handles {
		if h.ID() == id { // a rebuild has it under two
			list = append(list, h)
		}
	}
	return list
}

// expire ends or rebuilds the session because the gateway gave it up.
func (s *Session) expire(raw []byte) {
	base := EventBase{Kind: "timeout", Session: s.ID(), Raw: raw}
	for _, h := range s.all() {
		base.Handle = h.ID()
		h.publish(&SessionTimeout{base})
	}
	base.Handle = 0
	s.stream.push(&SessionTimeout{base})
	if slices.ContainsFunc(s.all(), func(h *Handle) bool { return h.restore != nil }) {
		s.client.revive(s)
		return
	}
	s.end(fmt.Errorf("%w: %w", ErrDestroyed, ErrSessionTimeout))
}

// interrupt tells everybody that the connection was lost.
func (s *Session) interrupt(err error) {
	for _, h := range s.all() {
		h.publish(&Interrupted{EventBase: EventBase{Kind: "interrupted", Session: s.ID(), Handle: h.ID()}, Err: err})
	}
	s.stream.push(&Interrupted{EventBase: EventBase{Kind: "interrupted", Session: s.ID()}, Err: err})
}

// end ends the session and its handles for the given reason.
func (s *Session) end(err error) {
	if !s.life.end(err) {
		return
	}
	s.stream.queue.Close(err)
	s.release()
	for _, h := range s.all() {
		h.end(err)
	}
}
