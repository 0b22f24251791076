//go:build !js

package janusproc

import (
	"bytes"
	"io"
	"strings"
	"sync"
)

// tailSize is how much output a server remembers.
const tailSize = 64 << 10

// tail keeps the end of what is written to it. It is safe for concurrent use.
type tail struct {
	copyTo io.Writer // nil: nobody; only Write uses it

	mu  sync.Mutex // protects buf
	buf []byte
}

// Write implements io.Writer. It never fails: a copy that cannot be written
// must not stop the process that prints.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	t.buf = append(t.buf, p...)
	if over := len(t.buf) - tailSize; over > 0 {
		t.buf = append(t.buf[:0], t.buf[over:]...)
	}
	t.mu.Unlock()
	if t.copyTo != nil {
		_, _ = t.copyTo.Write(p)
	}
	return len(p), nil
}

// String returns what is kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.buf)
}

// count says how often text is in what is kept.
func (t *tail) count(text string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return bytes.Count(t.buf, []byte(text))
}

// line returns the first line that holds text, without its time, or "".
func (t *tail) line(text string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	for line := range bytes.Lines(t.buf) {
		if bytes.Contains(line, []byte(text)) {
			return clean(line)
		}
	}
	return ""
}

// last returns the last line, without its time.
func (t *tail) last() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := bytes.TrimSpace(t.buf)
	return clean(text[bytes.LastIndexByte(text, '\n')+1:])
}

// clean drops the white space around a line and the time it begins with.
func clean(line []byte) string {
	text := strings.TrimSpace(string(line))
	if stamp, rest, ok := strings.Cut(text, "] "); ok && strings.HasPrefix(stamp, "[") && strings.Contains(stamp, ":") {
		return rest
	}
	return text
}

// reset forgets everything.
func (t *tail) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = nil
}
