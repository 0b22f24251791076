package transportjs

import (
	"context"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/internal/evq"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/bifrons-rtc/bifrons/transport"
)

// Change is something that happened to the page as a whole.
type Change uint8

const (
	// Hidden says that nobody sees the page any more.
	Hidden Change = iota + 1
	// Visible says that somebody does again.
	Visible
	// Frozen says that the page's code is about to be stopped, maybe for good:
	// the browser saves power, or keeps the page for the back button.
	Frozen
	// Resumed says that it goes on. Connections may be gone by now and may not
	// have said so.
	Resumed
	// Offline says that the browser has lost its network.
	Offline
	// Online says that it has one again, maybe another one.
	Online
	// Leaving says that the page ends now. What is written before the next wait
	// is sent: a WebSocket's message, or a request that destroys a session.
	Leaving
)

// String returns the name in lower case.
func (c Change) String() string {
	names := [...]string{"none", "hidden", "visible", "frozen", "resumed", "offline", "online", "leaving"}
	if int(c) >= len(names) {
		c = 0
	}
	return names[c]
}

// maxChanges is how many changes wait for Next; the oldest go first.
const maxChanges = 32

// Watcher reports changes. Use [Watch]. Calls of Next must not overlap.
type Watcher struct {
	scope  jsx.Scope
	queue  evq.Queue[Change]
	frozen bool // two events tell of each freeze that is for the back button
}

// Watch begins to watch the page. The caller must Close the Watcher. In a
// Worker there are Online and Offline only, in Node nothing ever happens.
func Watch() *Watcher {
	w := &Watcher{}
	w.queue.Init(maxChanges, maxChanges)
	window, document := js.Global(), js.Global().Get("document")
	if listens(window) {
		w.on(window, "online", func(js.Value) { w.push(Online) })
		w.on(window, "offline", func(js.Value) { w.push(Offline) })
	}
	if !listens(document) {
		return w
	}
	w.on(document, "visibilitychange", func(js.Value) {
		if document.Get("hidden").Bool() {
			w.push(Hidden)
		} else {
			w.push(Visible)
		}
	})
	w.on(document, "freeze", func(js.Value) { w.freeze(true) })
	w.on(document, "resume", func(js.Value) { w.freeze(false) })
	w.on(window, "pageshow", func(ev js.Value) {
		if ev.Get("persisted").Bool() {
			w.freeze(false)
		}
	})
	w.on(window, "pagehide", func(ev js.Value) {
		if ev.Get("persisted").Bool() {
			w.freeze(true)
		} else {
			w.push(Leaving)
		}
	})
	return w
}

func (w *Watcher) on(target js.Value, event string, f func(ev js.Value)) {
	w.scope.Listen(target, event, f)
}

func (w *Watcher) push(c Change) { w.queue.Push(c, 1) }

func (w *Watcher) freeze(on bool) {
	if on == w.frozen {
		return
	}
	w.frozen = on
	if on {
		w.push(Frozen)
	} else {
		w.push(Resumed)
	}
}

// Next returns the next change. It waits for one until ctx ends or Close; the
// error then is ctx.Err() or matches [transport.ErrClosed].
//
// A goroutine that waits here runs before the browser goes on with what has
// happened; up to its next wait it is as good as a listener of the page.
func (w *Watcher) Next(ctx context.Context) (Change, error) {
	for {
		c, dropped, err := w.queue.Pop(ctx)
		if err != nil || dropped == 0 {
			return c, err
		}
	}
}

// Close ends the Watcher. It is idempotent.
func (w *Watcher) Close() error {
	w.scope.Close()
	w.queue.Close(errWatcherClosed)
	return nil
}

var errWatcherClosed = fmt.Errorf("watch: %w", transport.ErrClosed)
