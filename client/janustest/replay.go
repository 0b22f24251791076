package janustest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/transport"
)

// Replay plays the gateway's side of a recorded trace: what the gateway
// answered then it answers now, and in that order. It needs no Janus and no
// plugin, and the ids are those of the trace.
//
// A request of the client answers to the first one of the trace that was not
// answered yet and has the same verb, session, handle, plugin and "request" of
// the body. What else is in it, and when it comes, does not matter. Keepalives
// and trickled candidates get an ack whenever they come. Events follow when
// everything ahead of them in the trace has happened. Connections one after the
// other continue where the last one was.
//
// A Replay may be used concurrently. Close it when done.
type Replay struct {
	ctx    context.Context //nolint:containedctx // the life of the goroutines; Close ends it
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu     sync.Mutex // guards what follows
	list   []*replayed
	txns   map[string]string // of the trace, to those of now
	errs   []error
	closed bool
}

// replayed is one message of the trace.
type replayed struct {
	traceLine
	fields fields
	txn    string
	done   bool // a request that was sent
}

// maxUnexpected bounds what Err keeps.
const maxUnexpected = 64

// NewReplay reads a trace, as a [Recorder] writes it. A line that is none is a
// [*TraceError].
func NewReplay(r io.Reader) (*Replay, error) {
	lines, err := readTrace(r)
	if err != nil {
		return nil, err
	}
	p := &Replay{txns: make(map[string]string)}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	free := map[string]bool{} // requests that are answered without the trace
	for _, line := range lines {
		m := &replayed{traceLine: line}
		_ = json.Unmarshal(line.Data, &m.fields) // an object, or nothing
		txn, hasTxn := m.fields.str("transaction")
		m.txn = txn
		if line.Dir == dirSent && anytime(m.fields) {
			free[txn] = true
			continue
		}
		if hasTxn && free[txn] {
			continue
		}
		p.list = append(p.list, m)
	}
	return p, nil
}

// anytime reports whether a request gets an ack whenever it comes.
func anytime(f fields) bool {
	verb, _ := f.str("janus")
	return strings.EqualFold(verb, "keepalive") || strings.EqualFold(verb, "trickle")
}

// Close ends the connections and waits for their goroutines. It is idempotent.
func (p *Replay) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.cancel()
	p.wg.Wait()
}

// Err returns what clients sent that is not in the trace, joined, or nil. Such
// a request is answered with the core's error 490.
func (p *Replay) Err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return errors.Join(p.errs...)
}

// Rest returns how many requests of the trace no client has sent so far.
func (p *Replay) Rest() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, m := range p.list {
		if m.Dir == dirSent && !m.done {
			n++
		}
	}
	return n
}

// Client dials p and returns what [client.Dial] does. Of opts only Transports
// is changed. The caller closes the Client, best before the Replay.
func (p *Replay) Client(ctx context.Context, opts *client.Options) (*client.Client, error) {
	return dialAt(ctx, p.Dialer(), opts)
}

// Dialer connects to p; put it under any scheme of a [transport.Registry].
func (p *Replay) Dialer() transport.Dialer { return replayDialer{p} }

type replayDialer struct{ p *Replay }

var _ transport.Dialer = replayDialer{}

// Dial implements [transport.Dialer].
func (d replayDialer) Dial(ctx context.Context, rawURL string, _ transport.API) (transport.Conn, error) {
	d.p.mu.Lock()
	defer d.p.mu.Unlock()
	err := ctx.Err()
	if d.p.closed {
		err = ErrServerClosed
	}
	if err != nil {
		return nil, &transport.DialError{URL: transport.Redact(rawURL), Err: err}
	}
	near, far := transport.Pipe()
	// It owns the gateway's end, and ends with the client's or with Close, which
	// waits for it.
	d.p.wg.Go(func() {
		defer func() { _ = far.Close() }()
		d.p.serve(far)
	})
	return near, nil
}

// serve answers requests until the client goes.
func (p *Replay) serve(conn transport.Conn) {
	for {
		data, err := conn.Read(p.ctx)
		if err != nil {
			return
		}
		for _, answer := range p.answers(data) {
			if conn.Write(p.ctx, transport.Message{Data: answer}) != nil {
				return
			}
		}
	}
}

// answers takes one request and returns what the trace has next.
func (p *Replay) answers(data []byte) [][]byte {
	var f fields
	_ = json.Unmarshal(data, &f) // what is no request is in no trace
	txn, _ := f.str("transaction")
	if anytime(f) {
		return [][]byte{told(object{{"janus", "ack"}, {"session_id", f["session_id"]}, {"transaction", txn}})}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.list {
		if m.Dir == dirSent && !m.done && alike(m.fields, f) {
			m.done = true
			p.txns[m.txn] = txn
			return p.advance()
		}
	}
	err := fmt.Errorf("janustest: the trace has no other %s", describe(f))
	if len(p.errs) < maxUnexpected {
		p.errs = append(p.errs, err)
	}
	return [][]byte{told(object{{"janus", "error"}, {"transaction", txn},
		{"error", frameError{client.UnknownError, err.Error()}}})}
}

// advance returns the messages of the gateway up to the next request that the
// client has not sent. p.mu is held.
func (p *Replay) advance() (list [][]byte) {
	for len(p.list) > 0 {
		m := p.list[0]
		if m.Dir == dirSent && !m.done {
			break
		}
		p.list = p.list[1:]
		switch {
		case m.Dir == dirSent:
		case m.Data == nil:
			list = append(list, []byte(m.Text))
		default:
			if _, ok := m.fields["transaction"]; ok {
				now := p.txns[m.txn] // empty for what answers nothing in the trace
				m.fields["transaction"] = told(now)
			}
			list = append(list, told(m.fields))
		}
	}
	return list
}

// told encodes what is known to be good.
func told(v any) json.RawMessage {
	b, err := encode(v)
	if err != nil {
		return json.RawMessage("{}") // out of reach
	}
	return b
}

// alike reports whether two requests are the same but for their details.
func alike(a, b fields) bool { return describe(a) == describe(b) }

// describe names what makes a request that one.
func describe(f fields) string {
	verb, _ := f.str("janus")
	var body fields
	_ = json.Unmarshal(f["body"], &body) // none, mostly
	s := strings.ToLower(verb)
	for _, id := range []string{"session_id", "handle_id"} {
		if n := f.id(id); n != 0 {
			s += " " + strings.TrimSuffix(id, "_id") + " " + utoa(n)
		}
	}
	for _, name := range []string{"plugin", "request"} {
		v, ok := f.str(name)
		if !ok {
			v, ok = body.str(name)
		}
		if ok {
			s += " " + name + " " + v
		}
	}
	return s
}
