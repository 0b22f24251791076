//go:build !js

package media

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"time"
)

// usualGap is how long a picture lasts when nothing says so.
const usualGap = 40 * time.Millisecond

// part is one file of a player.
type part struct {
	name string
	open func() (io.ReadCloser, error)
	feed *feed

	file io.Closer
	in   frames
	head frame // to be played next
	gap  time.Duration
	end  time.Duration // of the last frame
	at   bool          // head is there
	dead bool          // closed, or broken: it plays no more

	passed bool // the end was reached in this round
}

// start opens the file and reads its first frame.
func (t *part) start() (Codec, error) {
	t.close()
	f, err := t.open()
	if err != nil {
		return Codec{}, unopened(t.name, err)
	}
	t.file = f
	var c Codec
	if t.in, c, err = demux(t.name, f); err != nil {
		t.close()
		return c, err
	}
	t.at, t.passed, t.end, t.gap = false, false, 0, usualGap
	if err := t.advance(); err != nil {
		t.close()
		return c, err
	}
	if !t.at {
		t.close()
		return c, &FileError{Name: t.name, Reason: "the file has no frames", Fix: fixFile, Err: io.ErrUnexpectedEOF}
	}
	return c, nil
}

// advance reads the next frame into head; at the end there is none.
func (t *part) advance() error {
	before, had := t.head.pts, t.at
	f, err := t.in.next()
	t.at = err == nil
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return damaged(t.name, err)
	}
	t.head = f
	if f.duration == 0 {
		if had && f.pts > before {
			t.gap = f.pts - before
		}
		f.duration = t.gap
	}
	t.end = max(t.end, f.pts+f.duration)
	return nil
}

// due is when something is to be done for the part: its next frame, or its end.
func (t *part) due() time.Duration {
	if t.at {
		return t.head.pts
	}
	return t.end
}

func (t *part) close() {
	if t.file != nil {
		_ = t.file.Close() // it was only read
		t.file = nil
	}
}

func unopened(name string, err error) error {
	e := &FileError{Name: name, Reason: "cannot be opened: " + err.Error(), Err: err}
	var path *fs.PathError
	if errors.As(err, &path) {
		e.Reason = "cannot be opened: " + path.Err.Error()
	}
	if errors.Is(err, fs.ErrNotExist) {
		e.Reason, e.Fix = "no such file", "check the path"
	}
	return e
}

func newBytesReader(b []byte) io.Reader { return bytes.NewReader(bytes.Clone(b)) }

func hasPrefix(s, prefix string) bool { return strings.HasPrefix(s, prefix) }

// printable shows bytes of a file in an error.
func printable(s string) string { return strconv.QuoteToASCII(s) }
