package admin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/jsonscan"
	"github.com/bifrons-rtc/bifrons/transport"
)

// Request is one request of the admin API.
type Request struct {
	Name    string // the "janus" field, e.g. "get_status"
	Session uint64 // for requests about a session or a handle; zero: none
	Handle  uint64 // for requests about a handle; zero: none
	// Body has the other fields: anything that encodes to a JSON object, raw JSON
	// among it. Nil: there are none.
	Body any

	slow bool // the gateway waits for others before it answers
}

// fields are the body of a request.
type fields map[string]any

// slowTimeout bounds requests that make the gateway wait: its resolver gives up
// after some 10 s for each name server, a STUN test after 5 s.
const slowTimeout = 30 * time.Second

// Call sends r and reads the gateway's whole answer into result, unless that is
// nil: a pointer to a struct with the fields wanted, or to a json.RawMessage.
// It is the way in for every request that has no method of its own.
//
// When ctx ends before the answer, the gateway may have executed the request.
func (c *Client) Call(ctx context.Context, r Request, result any) error {
	data, err := c.do(ctx, &r)
	if err == nil {
		err = refusal(r.Name, data)
	}
	if err != nil {
		return c.explain(ctx, &r, err)
	}
	return decode(r.Name, data, result)
}

// do sends r and returns the answer, whatever it is.
func (c *Client) do(ctx context.Context, r *Request) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", r.Name, err)
	}
	txn, answer, err := c.begin()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.Name, err)
	}
	defer c.forget(txn)
	data, err := c.encode(r, txn)
	if err != nil {
		return nil, err
	}
	ctx, cancel := c.bound(ctx, r)
	defer cancel()
	if t := c.opts.Trace; t != nil && t.Sent != nil {
		t.Sent(client.Redact(data))
	}
	m := transport.Message{Session: r.Session, Handle: r.Handle, Data: data}
	if c.direct != nil {
		return c.exchange(ctx, r, m)
	}
	if err := c.conn.Write(ctx, m); err != nil {
		return nil, writeError(ctx, r.Name, err)
	}
	select {
	case data := <-answer:
		return data, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("%s: %w", r.Name, ended(ctx))
	case <-c.done:
	}
	select {
	case data := <-answer: // it came before the connection went
		return data, nil
	default:
		return nil, fmt.Errorf("%s: %w: %w", r.Name, client.ErrOutcomeUnknown, c.Err())
	}
}

// exchange is the second half of do where the answer comes by itself.
func (c *Client) exchange(ctx context.Context, r *Request, m transport.Message) ([]byte, error) {
	data, err := c.direct.Exchange(ctx, m)
	if err != nil {
		return nil, writeError(ctx, r.Name, err)
	}
	if data == nil {
		return nil, fmt.Errorf("%s: %w: the gateway takes longer than it lets an HTTP request wait, 10 s; use the WebSocket of the admin API",
			r.Name, client.ErrOutcomeUnknown)
	}
	if t := c.opts.Trace; t != nil && t.Received != nil {
		t.Received(client.Redact(data))
	}
	return data, nil
}

// bound returns ctx with the timeout of r, if ctx has none.
func (c *Client) bound(ctx context.Context, r *Request) (context.Context, context.CancelFunc) {
	timeout := c.opts.RequestTimeout
	if _, has := ctx.Deadline(); has || timeout < 0 {
		return context.WithCancel(ctx)
	}
	if r.slow {
		timeout = max(timeout, slowTimeout)
	}
	return context.WithTimeoutCause(ctx, timeout, client.ErrTimeout)
}

// encode returns r as JSON.
func (c *Client) encode(r *Request, txn string) ([]byte, error) {
	if r.Name == "" {
		return nil, &client.ArgumentError{Op: "call", Reason: "Request.Name is empty: it is the request, e.g. get_status"}
	}
	if r.Handle != 0 && r.Session == 0 {
		return nil, &client.ArgumentError{Op: r.Name, Reason: "a handle needs its session: set Request.Session"}
	}
	name, err := json.Marshal(r.Name)
	if err != nil {
		return nil, &client.ArgumentError{Op: "call", Reason: err.Error()}
	}
	b := append([]byte(`{"janus":`), name...)
	b = append(b, `,"transaction":"`...)
	b = append(b, txn...)
	b = append(b, '"')
	if c.opts.Secret != "" {
		secret, err := json.Marshal(c.opts.Secret)
		if err != nil {
			return nil, &client.ArgumentError{Op: r.Name, Reason: "Options.Secret cannot be encoded"}
		}
		b = append(b, `,"admin_secret":`...)
		b = append(b, secret...)
	}
	if r.Session != 0 {
		b = append(b, `,"session_id":`...)
		b = strconv.AppendUint(b, r.Session, 10)
	}
	if r.Handle != 0 {
		b = append(b, `,"handle_id":`...)
		b = strconv.AppendUint(b, r.Handle, 10)
	}
	return appendBody(b, r)
}

// appendBody appends the members of r.Body and the closing brace.
func appendBody(b []byte, r *Request) ([]byte, error) {
	body, err := object(r.Name, r.Body)
	if err != nil {
		return nil, err
	}
	o := jsonscan.Open(body)
	for o.Next() {
		switch key := string(o.Key); key {
		case "janus", "transaction", "admin_secret", "session_id", "handle_id":
			return nil, &client.ArgumentError{Op: r.Name, Reason: "the body must not hold " + key + ": use the fields of Request and Options"}
		}
	}
	if len(body) > len(`{}`) {
		b = append(b, ',')
	}
	return append(b, body[1:]...), nil
}

// object encodes v, which must be a JSON object, without white space. Nil is an
// empty one.
func object(op string, v any) ([]byte, error) {
	if v == nil {
		return []byte(`{}`), nil
	}
	body, err := json.Marshal(v) // checks and compacts raw JSON, too
	if err != nil {
		return nil, &client.ArgumentError{Op: op, Reason: "encode the body: " + err.Error()}
	}
	if body[0] != '{' {
		return nil, &client.ArgumentError{Op: op, Reason: "the body must be a JSON object: pass a struct, a map or raw JSON that is one"}
	}
	return body, nil
}

// decode reads an answer into result. A field of another type than expected
// keeps its zero value.
func decode(op string, data []byte, result any) error {
	if result == nil {
		return nil
	}
	err := json.Unmarshal(data, result)
	if _, field := errors.AsType[*json.UnmarshalTypeError](err); err == nil || field {
		return nil
	}
	return &client.ProtocolError{Op: op, Reason: err.Error(), Data: excerpt(data)}
}

// excerpt returns the start of data, without secrets, for errors.
func excerpt(data []byte) []byte { return client.Redact(data[:min(len(data), 256)]) }
