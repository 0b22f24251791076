package client

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"sync"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/json"
	"github.com/bifrons-rtc/bifrons/internal/jsonscan"
	"github.com/bifrons-rtc/bifrons/transport"
)

// request is one request before it has a transaction.
type request struct {
	op      string // the "janus" field
	session uint64
	handle  uint64
	token   string // instead of the client's own; empty: the client's
	extra   []byte // further fields, each with its comma before it
	want    want
	accept  func(*Response) bool
	bind    func(answer []byte)
	kick    chan struct{}
	public  bool // the gateway asks for no credentials
	safe    bool // executing it twice does no harm
	link    *link
}

// answer is the gateway's reply to a request, never an error.
type answer struct {
	kind kind
	data []byte
}

// do sends r and waits for the answer, again after a reconnection where it may. A
// request of a session is the session's to send again, with the ids it has by
// then.
func (c *Client) do(ctx context.Context, r *request) (answer, error) {
	if r.session != 0 || r.link != nil {
		return c.authorized(ctx, r)
	}
	c.alone.touch()
	l := c.link.Load()
	a, err := c.admitted(ctx, r)
	if err == nil {
		return a, nil
	}
	return c.persist(ctx, l, r, err, func(ctx context.Context) (answer, error) { return c.admitted(ctx, r) })
}

// admitted sends r when there is a connection.
func (c *Client) admitted(ctx context.Context, r *request) (answer, error) {
	if err := c.pass(ctx, c.away.Load()); err != nil {
		return answer{}, fmt.Errorf("%s: %w", r.op, err)
	}
	return c.authorized(ctx, r)
}

// authorized sends r and waits for the answer. A refusal for bad credentials is
// tried once more with fresh ones: the gateway checks them before anything else,
// so nothing was executed. When they are no better, and the gateway has taken
// credentials of this client before, they have run out for good: of many requests
// that were refused, one finds that out.
func (c *Client) authorized(ctx context.Context, r *request) (answer, error) {
	a, gen, err := c.once(ctx, r)
	if err == nil || r.public || r.token != "" || !errors.Is(err, Unauthorized) {
		return a, err
	}
	within, cancel := c.bound(ctx)
	turn, refreshErr := c.auth.enter(within, gen)
	if turn {
		defer func() { <-c.auth.turn }()
	}
	again := false
	if refreshErr == nil {
		again, refreshErr = c.auth.refresh(within, gen)
	}
	cancel()
	if refreshErr != nil {
		return answer{}, fmt.Errorf("%w; new credentials: %w", err, refreshErr)
	}
	if again {
		if r.link == nil { // a Move has the polls in hand
			c.repoll()
		}
		a, gen, err = c.once(ctx, r)
	}
	switch {
	case err == nil:
		c.auth.taken.Store(int64(gen))
	case r.session != 0 && r.link == nil && errors.Is(err, Unauthorized):
		c.deny(err)
	}
	return a, err
}

// once is one attempt of do. The int is the generation of the credentials.
func (c *Client) once(ctx context.Context, r *request) (answer, int, error) {
	if err := ctx.Err(); err != nil {
		return answer{}, 0, fmt.Errorf("%s: %w", r.op, err)
	}
	var fields []byte
	var gen int
	if !r.public {
		k, err := c.keys(ctx)
		if err != nil {
			return answer{}, 0, fmt.Errorf("%s: credentials: %w", r.op, err)
		}
		fields, gen = k.fragment, k.gen
	}
	call, err := c.calls.begin(r, c.linkFor(r), c.patience(ctx))
	if err != nil {
		return answer{}, 0, fmt.Errorf("%s: %w", r.op, err)
	}
	defer c.calls.release(call)
	call.ctx.set(ctx, call.deadline)
	if err := c.write(call, r, fields); err != nil { //nolint:contextcheck // call.ctx is ctx with the timeout
		if !c.calls.abandon(call) {
			<-call.done
		}
		return answer{}, 0, writeError(ctx, r.op, err)
	}
	if done := ctx.Done(); done == nil {
		<-call.done // much cheaper than the select
	} else {
		select {
		case <-call.done:
		case <-done:
			if c.calls.abandon(call) {
				return answer{}, 0, fmt.Errorf("%s: %w", r.op, ctx.Err())
			}
			<-call.done
		}
	}
	if call.err != nil {
		return answer{}, 0, fmt.Errorf("%s: %w", r.op, call.err)
	}
	a := answer{call.kind, call.data}
	if a.kind == kindError {
		return answer{}, gen, parseError(r.op, a.data)
	}
	return a, gen, nil
}

// linkFor returns the connection for r.
func (c *Client) linkFor(r *request) *link {
	if r.link != nil {
		return r.link
	}
	return c.link.Load()
}

// write encodes r into the buffer of call and hands it to the connection.
func (c *Client) write(call *call, r *request, credentials []byte) error {
	b := append(call.buf[:0], `{"janus":"`...)
	b = append(b, r.op...)
	b = append(b, `","transaction":"`...)
	b = append(b, call.txn[:]...)
	b = append(b, '"')
	if r.session != 0 {
		b = append(b, `,"session_id":`...)
		b = strconv.AppendUint(b, r.session, 10)
	}
	if r.handle != 0 {
		b = append(b, `,"handle_id":`...)
		b = strconv.AppendUint(b, r.handle, 10)
	}
	if r.token != "" {
		b = appendCredentials(b, Credentials{Token: r.token, APISecret: c.auth.load().APISecret})
	} else {
		b = append(b, credentials...)
	}
	b = append(b, r.extra...)
	b = append(b, '}')
	call.buf = b
	if t := c.opts.Trace; t != nil && t.Sent != nil {
		t.Sent(Redact(b))
	}
	m := transport.Message{Session: r.session, Handle: r.handle, Data: b}
	l := call.link
	if l.direct == nil {
		return l.conn.Write(call.ctx, m)
	}
	data, err := l.direct.Exchange(call.ctx, m)
	if data != nil {
		c.receive(l, data) // here, to spare two goroutines the hand-over
	}
	return err
}

// writeError says what a failed write means for the request.
func writeError(ctx context.Context, op string, err error) error {
	switch {
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return fmt.Errorf("%s: %w", op, err)
	case errors.Is(err, transport.ErrUncertain):
		return fmt.Errorf("%s: %w: %w", op, ErrOutcomeUnknown, err)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s: %w: %w", op, ErrTimeout, hideDeadline{err})
	default:
		return fmt.Errorf("%s: %w: %w", op, ErrInterrupted, err)
	}
}

// hideDeadline keeps the text of an error that came from our own timeout, which
// must not match context.DeadlineExceeded: that is for the caller's deadline.
type hideDeadline struct{ err error }

func (h hideDeadline) Error() string { return h.err.Error() }

// parseError reads the gateway's "error" message.
func parseError(op string, data []byte) *Error {
	body := jsonscan.Get(data, "error")
	e := &Error{Op: op, Code: UnknownError}
	if n, ok := jsonscan.Uint(jsonscan.Get(body, "code")); ok {
		e.Code = Code(n)
	}
	if s, ok := jsonscan.String(jsonscan.Get(body, "reason")); ok {
		e.Reason = string(s)
	}
	switch e.Code {
	case Unauthorized:
		e.Hint = "set Options.Credentials to the gateway's token or API secret"
	case UnauthorizedPlugin:
		e.Hint = "allow the plugin for this token (admin API), or sign a token that lists it"
	}
	return e
}

// appendString appends s as a JSON string.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' {
			q, err := json.Marshal(s)
			if err != nil {
				return append(b, `""`...)
			}
			return append(b, q...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// appendObject appends v, which must encode to a JSON object. Nil is an empty
// one. Raw JSON is checked and taken as it is.
func appendObject(b []byte, op string, v any) ([]byte, error) {
	var raw []byte
	switch v := v.(type) {
	case nil:
		return append(b, '{', '}'), nil
	case json.RawMessage:
		if !json.Valid(v) {
			return b, &ArgumentError{Op: op, Reason: "the body is not valid JSON"}
		}
		raw = v
	default:
		var err error
		if raw, err = json.Marshal(v); err != nil {
			return b, fmt.Errorf("%s: encode the body: %w", op, err)
		}
	}
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '{' {
		return b, &ArgumentError{Op: op, Reason: "the body must be a JSON object: pass a struct, a map or raw JSON that is one"}
	}
	return append(b, raw...), nil
}

// buffers holds scratch space for the extra fields of requests.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

func putBuffer(p *[]byte, b []byte) {
	if cap(b) <= maxKeptBuffer {
		*p = b[:0]
		buffers.Put(p)
	}
}
