//go:build !js

package chrome

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

// ErrGone is matched by every error that comes of the browser, or of the tab,
// having ended.
var ErrGone = errors.New("the page is gone")

// pipe speaks the DevTools protocol: JSON objects, each ended by a zero byte.
type pipe struct {
	out io.WriteCloser
	in  io.ReadCloser

	writeMu sync.Mutex // serialises writes to out

	mu       sync.Mutex // protects what follows
	last     int
	waiting  map[int]chan<- answer
	sessions map[string]func(method string, params json.RawMessage)
	gone     chan struct{} // closed when nothing comes any more
}

type answer struct {
	result json.RawMessage
	err    error
}

// frame is any message of the protocol.
type frame struct {
	ID        int             `json:"id,omitempty"`
	SessionID string          `json:"sessionId,omitempty"`
	Method    string          `json:"method,omitempty"`
	Params    json.RawMessage `json:"params,omitempty"`
	Result    json.RawMessage `json:"result,omitempty"`
	Error     *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

func newPipe(out io.WriteCloser, in io.ReadCloser) *pipe {
	p := &pipe{
		out: out, in: in,
		waiting:  make(map[int]chan<- answer),
		sessions: make(map[string]func(string, json.RawMessage)),
		gone:     make(chan struct{}),
	}
	// It owns the reading side and ends when the browser closes it; whoever
	// waits for the browser to end waits for it by gone.
	go p.read()
	return p
}

func (p *pipe) read() {
	defer p.end()
	r := bufio.NewReaderSize(p.in, 64<<10)
	for {
		b, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var f frame
		if json.Unmarshal(bytes.TrimSuffix(b, []byte{0}), &f) != nil {
			continue
		}
		p.mu.Lock()
		if f.ID != 0 {
			if w := p.waiting[f.ID]; w != nil {
				delete(p.waiting, f.ID)
				a := answer{result: f.Result}
				if f.Error != nil {
					a.err = fmt.Errorf("%s (%d)", f.Error.Message, f.Error.Code)
				}
				w <- a
			}
			p.mu.Unlock()
			continue
		}
		on := p.sessions[f.SessionID]
		p.mu.Unlock()
		if on != nil {
			on(f.Method, f.Params)
		}
	}
}

// end tells everybody that nothing comes any more.
func (p *pipe) end() {
	close(p.gone)
	p.mu.Lock()
	sessions := p.sessions
	p.sessions = nil
	p.mu.Unlock()
	for _, on := range sessions {
		on("Inspector.detached", nil)
	}
}

// listen has the events of a session go to on, which must be quick. A nil on
// ends that.
func (p *pipe) listen(session string, on func(method string, params json.RawMessage)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case on == nil:
		delete(p.sessions, session)
	case p.sessions != nil:
		p.sessions[session] = on
	}
}

// call sends one command and decodes its result into result, unless that is nil.
func (p *pipe) call(ctx context.Context, session, method string, params, result any) error {
	f := frame{SessionID: session, Method: method}
	if params != nil {
		b, err := json.Marshal(params)
		if err != nil {
			return fmt.Errorf("chrome: %s: %w", method, err)
		}
		f.Params = b
	}
	done := make(chan answer, 1)
	p.mu.Lock()
	p.last++
	f.ID = p.last
	p.waiting[f.ID] = done
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.waiting, f.ID)
		p.mu.Unlock()
	}()
	if err := p.write(f); err != nil {
		return fmt.Errorf("chrome: %s: %w (%w)", method, ErrGone, err)
	}
	select {
	case a := <-done:
		if a.err != nil {
			return fmt.Errorf("chrome: %s: %w", method, a.err)
		}
		if result == nil {
			return nil
		}
		return json.Unmarshal(a.result, result)
	case <-p.gone:
		return fmt.Errorf("chrome: %s: %w", method, ErrGone)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *pipe) write(f frame) error {
	b, err := json.Marshal(f)
	if err != nil {
		return err
	}
	p.writeMu.Lock()
	defer p.writeMu.Unlock()
	_, err = p.out.Write(append(b, 0))
	return err
}
