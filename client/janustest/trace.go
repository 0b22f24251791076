package janustest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

// maxLine bounds a line of a trace, in bytes.
const maxLine = 16 << 20

// Recorder writes what a client sends and receives, for [Replay] and for
// people. A trace has one JSON object in each line:
//
//	{"time":"2026-01-02T15:04:05.678Z","dir":"sent","data":{"janus":"create","transaction":"1"}}
//
// Dir is "sent" or "received", seen from the client. What was received and is
// no JSON stands under "text" instead of "data". Secrets are "***", see
// [client.Redact].
type Recorder struct {
	mu  sync.Mutex // guards what follows
	w   io.Writer
	err error
}

// traceLine is one line of a trace.
type traceLine struct {
	Time time.Time       `json:"time"`
	Dir  string          `json:"dir"`
	Data json.RawMessage `json:"data,omitempty"`
	Text string          `json:"text,omitempty"`
}

const (
	dirSent     = "sent"
	dirReceived = "received"
)

// NewRecorder returns a Recorder that writes to w, a line at a time. Nothing is
// buffered.
func NewRecorder(w io.Writer) *Recorder { return &Recorder{w: w} }

// Trace returns the hooks for [client.Options]. They may serve several clients,
// whose messages then mix.
func (r *Recorder) Trace() *client.Trace {
	return &client.Trace{
		Sent:     func(data []byte) { r.write(dirSent, data) },
		Received: func(data []byte) { r.write(dirReceived, data) },
	}
}

// Err returns the first error of the Writer, after which nothing is written.
func (r *Recorder) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

func (r *Recorder) write(dir string, data []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	line := traceLine{Time: time.Now().UTC().Truncate(time.Microsecond), Dir: dir, Data: data}
	if !json.Valid(data) {
		line.Data, line.Text = nil, string(data)
	}
	b, err := encode(line)
	if r.err == nil {
		r.err = err
	}
	if r.err == nil {
		_, r.err = r.w.Write(append(b, '\n'))
	}
}

// TraceError reports a line that is no line of a trace.
type TraceError struct {
	Line int // counted from 1
	Err  error
}

func (e *TraceError) Error() string {
	return fmt.Sprintf("janustest: line %d of the trace: %v; a Recorder writes such lines", e.Line, e.Err)
}

// Unwrap returns Err.
func (e *TraceError) Unwrap() error { return e.Err }

// readTrace reads all lines.
func readTrace(r io.Reader) ([]traceLine, error) {
	var list []traceLine
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, maxLine)
	n := 0
	for scanner.Scan() {
		n++
		if len(scanner.Bytes()) == 0 {
			continue
		}
		var line traceLine
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			return nil, &TraceError{n, err}
		}
		if line.Dir != dirSent && line.Dir != dirReceived {
			return nil, &TraceError{n, errors.New(`dir is neither "sent" nor "received"`)}
		}
		if line.Data != nil && kindOf(line.Data) != '{' || line.Data == nil && line.Dir == dirSent {
			return nil, &TraceError{n, errors.New("data is no JSON object")}
		}
		list = append(list, line)
	}
	if err := scanner.Err(); err != nil {
		return nil, &TraceError{n + 1, err}
	}
	return list, nil
}
