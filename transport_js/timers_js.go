package transportjs

import (
	"context"
	_ "embed" // the Worker's script
	"errors"
	"os"
	"sync"
	"syscall/js"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

// tickInterval is how late a timer of a hidden page may be.
const tickInterval = time.Second

// tickerScript runs in the Worker.
//
//go:embed ticker.js
var tickerScript string

// tickerVariable is the environment variable that names the URL of a copy of
// ticker.js, for pages whose policy allows no Worker from a Blob.
const tickerVariable = "BIFRONS_TICKER"

// ticker is a Worker that wakes the program up. Browsers slow down the timers of
// a page that nobody sees, but not those of its Workers, and not messages. Any
// message will do: Go looks after its timers whenever it runs.
type ticker struct {
	mu       sync.Mutex // protects what follows
	worker   js.Value
	blob     js.Value // the URL of the Blob, if it is of one
	scope    *jsx.Scope
	interval time.Duration
	stopped  bool
	first    sync.Once

	ready  chan struct{} // closed when it is there
	failed chan struct{} // closed when it will not be
}

// startTicker makes a ticker that does not tick yet.
func startTicker() (*ticker, error) {
	t := &ticker{ready: make(chan struct{}), failed: make(chan struct{})}
	t.mu.Lock()
	defer t.mu.Unlock()
	if url := os.Getenv(tickerVariable); url != "" && t.spawn(js.ValueOf(url)) == nil {
		return t, nil
	}
	if err := t.spawnBlob(); err != nil {
		t.end()
		return nil, err
	}
	return t, nil
}

// spawn starts a Worker. t.mu is held.
func (t *ticker) spawn(url js.Value) error {
	worker, err := jsx.Try(func() js.Value { return js.Global().Get("Worker").New(url) })
	if err != nil {
		return err
	}
	t.worker, t.scope = worker, new(jsx.Scope)
	t.scope.Listen(worker, "message", func(js.Value) { t.first.Do(func() { close(t.ready) }) })
	t.scope.Listen(worker, "error", func(js.Value) { t.fell() })
	if t.interval > 0 {
		worker.Call("postMessage", t.interval.Milliseconds())
	}
	return nil
}

// spawnBlob starts a Worker that needs no file. t.mu is held.
func (t *ticker) spawnBlob() error {
	_, err := jsx.Try(func() js.Value {
		blob := js.Global().Get("Blob").New([]any{tickerScript}, map[string]any{"type": "text/javascript"})
		t.blob = js.Global().Get("URL").Call("createObjectURL", blob)
		return js.Undefined()
	})
	if err != nil {
		return err
	}
	return t.spawn(t.blob)
}

// fell is what happens when the Worker does not start: its file may be missing.
func (t *ticker) fell() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopped {
		return
	}
	if !t.blob.Truthy() {
		t.scope.Close()
		if t.spawnBlob() == nil {
			return
		}
	}
	t.first.Do(func() { close(t.failed) })
}

// tick sets the time between two ticks; zero means none.
func (t *ticker) tick(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.interval = d
	t.worker.Call("postMessage", d.Milliseconds())
}

// broken says whether it has failed to start.
func (t *ticker) broken() bool {
	select {
	case <-t.failed:
		return true
	default:
		return false
	}
}

func (t *ticker) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.end()
}

// end is stop; t.mu is held.
func (t *ticker) end() {
	t.stopped = true
	if t.scope != nil {
		t.scope.Close()
	}
	if t.worker.Truthy() {
		t.worker.Call("terminate")
	}
	if t.blob.Truthy() {
		js.Global().Get("URL").Call("revokeObjectURL", t.blob)
	}
}

// keeper keeps the time of the program. There is one, as there is one page.
var keeper struct {
	mu     sync.Mutex // protects what follows
	holds  int
	scope  *jsx.Scope // listens for the page being hidden, while there are holds
	ticker *ticker    // made when the page is first hidden
	broken bool       // there is no making one; trying again would only write to the console
}

// HoldTimers keeps Go's timers from being late, by more than a second, while the
// page is hidden, until release is called. Open connections hold them already;
// it is for what waits without one, as a client does that is about to dial
// again. In a Worker and in Node, where timers are never late, it does nothing.
func HoldTimers() (release func()) {
	document := js.Global().Get("document")
	if !listens(document) {
		return func() {}
	}
	keeper.mu.Lock()
	defer keeper.mu.Unlock()
	keeper.holds++
	if keeper.holds == 1 {
		keeper.scope = new(jsx.Scope)
		keeper.scope.Listen(document, "visibilitychange", func(js.Value) { keepTime(document) })
		updateTicker(document)
	}
	return sync.OnceFunc(func() {
		keeper.mu.Lock()
		defer keeper.mu.Unlock()
		keeper.holds--
		if keeper.holds > 0 {
			return
		}
		keeper.scope.Close()
		if keeper.ticker != nil {
			keeper.broken = keeper.ticker.broken()
			keeper.ticker.stop()
			keeper.ticker = nil
		}
	})
}

func keepTime(document js.Value) {
	keeper.mu.Lock()
	defer keeper.mu.Unlock()
	updateTicker(document)
}

// updateTicker has the ticker tick while the page is hidden. The caller holds
// keeper.mu.
func updateTicker(document js.Value) {
	hidden := document.Get("hidden").Bool()
	if keeper.ticker == nil {
		if !hidden || keeper.broken || keeper.holds == 0 {
			return
		}
		t, err := startTicker()
		if err != nil {
			keeper.broken = true // CheckTimers tells
			return
		}
		keeper.ticker = t
	}
	if hidden {
		keeper.ticker.tick(tickInterval)
	} else {
		keeper.ticker.tick(0)
	}
}

// CheckTimers reports whether [HoldTimers] works here: nil when it does, or when
// there is no need. Otherwise the error matches errors.ErrUnsupported, and a
// session may time out while the page is hidden.
func CheckTimers(ctx context.Context) error {
	if !listens(js.Global().Get("document")) {
		return nil
	}
	t, err := startTicker()
	if err != nil {
		return noTicker(err)
	}
	defer t.stop()
	select {
	case <-t.ready:
		return nil
	case <-t.failed:
		return noTicker(errors.New("it does not start"))
	case <-ctx.Done():
		return ctx.Err()
	}
}

func noTicker(err error) error {
	return fmt.Errorf("a Worker for timers: %w: %w (serve a copy of transport_js/ticker.js and name its URL in the variable "+
		tickerVariable+", or allow worker-src blob: in the page's Content-Security-Policy)", errors.ErrUnsupported, harmless(err))
}
