package media

import (
	"errors"
	"slices"
	"sync"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

// feed is the inside of a Source in a browser: a MediaStreamTrack. Each sender
// gets a copy, so that it can be muted by itself.
type feed struct {
	track  js.Value
	kind   Kind
	kept   bool    // it belongs to somebody else
	player *player // nil: it plays by itself
	scope  jsx.Scope
	ended  chan struct{}

	mu     sync.Mutex // protects what follows
	copies []js.Value
	over   bool
	cause  error
}

// pageSource is a Source of a page.
type pageSource struct{ feed *feed }

var _ Source = (*pageSource)(nil)

func (s *pageSource) Kind() Kind            { return s.feed.kind }
func (s *pageSource) Done() <-chan struct{} { return s.feed.done() }
func (s *pageSource) Err() error            { return s.feed.err() }
func (s *pageSource) Close() error          { return s.feed.close() }
func (s *pageSource) Underlying() any       { return s.feed.track }
func (s *pageSource) source() *feed         { return s.feed }

// errEnded is why a source of a page ends by itself.
var errEnded = errors.New("media: the capture has ended: the user stopped it, or the device is gone")

func newSource(track js.Value) *pageSource {
	f := &feed{track: track, kind: kindOf(track), ended: make(chan struct{})}
	f.scope.Listen(track, "ended", func(js.Value) { f.end(errEnded) })
	if text(track.Get("readyState")) == "ended" {
		f.end(errEnded)
	}
	return &pageSource{feed: f}
}

func externalSource(track any) (Source, error) {
	v, ok := track.(js.Value)
	class := js.Global().Get("MediaStreamTrack")
	switch {
	case class.Type() != js.TypeFunction:
		return nil, unsupported("an external track", noPage)
	case !ok || !v.InstanceOf(class):
		return nil, &OptionError{"External", "want a MediaStreamTrack as a js.Value"}
	}
	s := newSource(v)
	s.feed.kept = true
	return s, nil
}

// copy returns a track for a sender, who gives it back to drop.
func (f *feed) copy() js.Value {
	c := f.track.Call("clone")
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.over {
		c.Call("stop")
	}
	f.copies = append(f.copies, c)
	return c
}

func (f *feed) drop(c js.Value) {
	c.Call("stop")
	f.mu.Lock()
	defer f.mu.Unlock()
	f.copies = slices.DeleteFunc(f.copies, c.Equal)
}

// count takes note of somebody who plays the source (+1) or no longer does (-1).
func (f *feed) count(n int) {
	if f.player != nil {
		f.player.count(n)
	}
}

func (f *feed) done() <-chan struct{} { return f.ended }

func (f *feed) err() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.cause
}

// end ends the feed; only the first cause counts.
func (f *feed) end(cause error) {
	f.mu.Lock()
	if f.over {
		f.mu.Unlock()
		return
	}
	f.over, f.cause = true, cause
	copies := slices.Clone(f.copies)
	close(f.ended)
	f.mu.Unlock()
	f.scope.Close()
	for _, c := range copies {
		c.Call("stop")
	}
	if !f.kept {
		f.track.Call("stop")
	}
	if f.player != nil {
		f.player.release()
	}
}

func (f *feed) close() error {
	f.end(fmt.Errorf("media: source: %w", ErrClosed))
	return nil
}
