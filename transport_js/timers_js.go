package transportjs

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall/js"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

// tickInterval is how late a timer of a hidden page may be.
const tickInterval = time.Second

// tickerScript runs in the Worker. It says that it is there, then ticks as often
// as it was last told to.
const tickerScript = `let t;onmessage=e=>{clearInterval(t);if(e.data)t=setInterval(postMessage,e.data,0)};postMessage(0)`

// ticker is a Worker that wakes the program up. Browsers slow down the timers of
// a page that nobody sees, but not those of its Workers, and not messages. Any
// message will do: Go looks after its timers whenever it runs.
type ticker struct {
	worker js.Value
	url    js.Value
	scope  jsx.Scope

	ready  chan struct{} // closed when it is there
	failed chan struct{} // closed when it will not be
}

// startTicker makes a ticker that does not tick yet.
func startTicker() (*ticker, error) {
	t := &ticker{ready: make(chan struct{}), failed: make(chan struct{})}
	_, err := jsx.Try(func() js.Value {
		blob := js.Global().Get("Blob").New([]any{tickerScript}, map[string]any{"type": "text/javascript"})
		t.url = js.Global().Get("URL").Call("createObjectURL", blob)
		t.worker = js.Global().Get("Worker").New(t.url)
		return js.Undefined()
	})
	if err != nil {
		t.stop()
		return nil, err
	}
	var first sync.Once
	t.scope.Listen(t.worker, "message", func(js.Value) { first.Do(func() { close(t.ready) }) })
	t.scope.Listen(t.worker, "error", func(js.Value) { first.Do(func() { close(t.failed) }) })
	return t, nil
}

// tick sets the time between two ticks; zero means none.
func (t *ticker) tick(d time.Duration) { t.worker.Call("postMessage", d.Milliseconds()) }

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
	t.scope.Close()
	if t.worker.Truthy() {
		t.worker.Call("terminate")
	}
	if t.url.Truthy() {
		js.Global().Get("URL").Call("revokeObjectURL", t.url)
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
	return fmt.Errorf("a Worker from a Blob URL: %w: %w (allow worker-src blob: in the page's Content-Security-Policy)",
		errors.ErrUnsupported, harmless(err))
}
