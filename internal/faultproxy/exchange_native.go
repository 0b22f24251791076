//go:build !js

package faultproxy

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"strconv"
)

// answer is next for the answer to an exchange, which has its number.
func (f *Faults) answer(l lane, n int) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.frames[l]++
	return f.at(l, n)
}

// cuts says whether the connection does not outlive k.
func (k Kind) cuts() bool { return k >= Reset }

// cutError is why an exchange under way ended.
type cutError struct{ kind Kind }

// Error implements error.
func (e *cutError) Error() string { return "faultproxy: " + e.kind.String() }

// cut ends every exchange under way.
func (p *Proxy) cut(k Kind) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, cancel := range p.exchanges {
		cancel(&cutError{k})
	}
}

// begin makes an exchange one that cut ends.
func (p *Proxy) begin(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last++
	n := p.last
	p.exchanges[n] = cancel
	return ctx, func() {
		cancel(nil)
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.exchanges, n)
	}
}

// exchange serves one HTTP exchange.
func (p *Proxy) exchange(w http.ResponseWriter, r *http.Request) {
	body, err := readAll(r.Body)
	if err != nil {
		p.abort(r.Context(), w, Reset)
		return
	}
	ctx, done := p.begin(r.Context())
	defer done()
	n, up := p.faults.next(lane{0, ToServer})
	if refused := p.faults.refused(); refused != Pass {
		up = Fault{Kind: refused}
	}
	requests := 1
	sent := frame{bare: true, payload: body}
	switch {
	case up.Kind.cuts():
		if up.After {
			_, _ = p.ask(ctx, r, body)
		}
		p.abort(ctx, w, up.Kind)
		return
	case up.Kind == Drop:
		p.abort(ctx, w, Silence)
		return
	case up.Kind == Duplicate:
		requests = 2
	case up.Kind == Truncate:
		sent = sent.truncate(up.At)
	case up.Kind == Flip:
		sent = sent.flip(up.At)
	default:
		if p.late(ctx, w, up) {
			return
		}
	}
	var got *reply
	for range requests {
		if got, err = p.ask(ctx, r, sent.payload); err != nil {
			p.abort(ctx, w, Reset)
			return
		}
	}
	p.answer(ctx, w, got, p.faults.answer(lane{0, ToClient}, n))
}

// late waits where the fault says so, and reports whether the exchange was cut
// meanwhile.
func (p *Proxy) late(ctx context.Context, w http.ResponseWriter, f Fault) bool {
	switch f.Kind {
	case Delay, Reorder, Merge:
	default:
		return false
	}
	if wait(ctx, f.hold()) == nil {
		return false
	}
	p.abort(ctx, w, Reset)
	return true
}

// reply is what the gateway answered.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// ask has the gateway answer.
func (p *Proxy) ask(ctx context.Context, r *http.Request, body []byte) (*reply, error) {
	ask := r.Clone(ctx)
	ask.RequestURI = ""
	ask.Body, ask.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	resp, err := p.client.RoundTrip(ask)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := readAll(resp.Body)
	return &reply{resp.StatusCode, resp.Header, answer}, err
}

// readAll reads a body, which is as large as a frame at most.
func readAll(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxFrame+1))
	if err == nil && len(b) > maxFrame {
		err = errTooLarge
	}
	return b, err
}

// answer gives the client the answer with its fault.
func (p *Proxy) answer(ctx context.Context, w http.ResponseWriter, got *reply, down Fault) {
	body := frame{bare: true, payload: got.body}
	parts := []frame{body}
	switch {
	case down.Kind.cuts() && !down.After:
		p.abort(ctx, w, down.Kind)
		return
	case down.Kind == Drop:
		p.abort(ctx, w, Silence)
		return
	case down.Kind == Truncate:
		parts[0] = body.truncate(down.At)
	case down.Kind == Flip:
		parts[0] = body.flip(down.At)
	case down.Kind == Split:
		parts = body.split(down.At)
	default:
		if p.late(ctx, w, down) {
			return
		}
	}
	maps.Copy(w.Header(), got.header)
	w.Header().Set("Content-Length", strconv.Itoa(len(join(parts))))
	w.WriteHeader(got.status)
	for _, part := range parts {
		if _, err := w.Write(part.payload); err != nil {
			return
		}
		_ = http.NewResponseController(w).Flush()
	}
	if down.Kind.cuts() {
		p.abort(ctx, w, down.Kind)
	}
}

// abort ends an exchange without an answer: as Faults.Cut said, if it did, else
// by k.
func (p *Proxy) abort(ctx context.Context, w http.ResponseWriter, k Kind) {
	var cut *cutError
	if errors.As(context.Cause(ctx), &cut) {
		k = cut.kind
	}
	c, err := hijack(w)
	if err != nil {
		return
	}
	if k == Reset {
		reset(c)
		return
	}
	if k == Silence && p.keep(c) {
		// Nothing comes until one side has had enough.
		_, _ = c.Read(make([]byte, 1))
	}
	p.drop(c)
}
