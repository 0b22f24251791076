package transportjs

import (
	"context"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

// turn returns when the events that wait for the page by now have been handled,
// or ctx ends. A page that is busy calling Go for seconds, as one that awaits ten
// thousand sends in a loop is, handles none all the while.
func turn(ctx context.Context) {
	channel := js.Global().Get("MessageChannel").New() // a timer would take a minute in a hidden page
	port := channel.Get("port1")
	defer port.Call("close")
	scope := new(jsx.Scope)
	defer scope.Close()
	done := make(chan struct{})
	scope.Listen(port, "message", func(js.Value) { close(done) })
	port.Call("start")
	channel.Get("port2").Call("postMessage", js.Null())
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// CatchUp implements [transport.CatchUpper].
func (c *conn) CatchUp(ctx context.Context) { turn(ctx) }

// CatchUp implements [transport.CatchUpper].
func (p *polled) CatchUp(ctx context.Context) { turn(ctx) }
