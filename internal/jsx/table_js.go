package jsx

import (
	"sync"
	"syscall/js"
)

// table holds every Go function that JavaScript may call.
var table = struct {
	mu    sync.Mutex // protects what follows
	last  int
	funcs map[int]func(args []js.Value) any
}{funcs: make(map[int]func(args []js.Value) any)}

// dispatch is the one js.Func. JavaScript holds it as functions that are bound
// to an id: whoever keeps one of those keeps nothing of Go alive, and a call
// after forget finds nothing.
var dispatch = js.FuncOf(func(_ js.Value, args []js.Value) (result any) {
	id := args[0].Int()
	table.mu.Lock()
	f := table.funcs[id]
	table.mu.Unlock()
	if f == nil {
		return nil
	}
	defer func() {
		if r := recover(); r != nil {
			report(panicked(r))
			result = nil
		}
	}()
	return js.ValueOf(f(args[1:])) // here, where its panic is caught
})

// remember enters f and returns its id.
func remember(f func(args []js.Value) any) int {
	table.mu.Lock()
	defer table.mu.Unlock()
	table.last++
	table.funcs[table.last] = f
	return table.last
}

func forget(id int) {
	table.mu.Lock()
	defer table.mu.Unlock()
	delete(table.funcs, id)
}

// bound returns the JavaScript function for id, with leading arguments.
func bound(id int, first ...any) js.Value {
	return dispatch.Call("bind", append([]any{nil, id}, first...)...)
}

// Live returns how many functions JavaScript may call at this moment: those of
// open Scopes, and those of promises somebody waits for. It is for tests that
// look for leaks, and for metrics.
func Live() int {
	table.mu.Lock()
	defer table.mu.Unlock()
	return len(table.funcs)
}

// report hands an exception nobody can catch to the page, as a listener that
// throws would.
func report(exception js.Value) {
	if f := js.Global().Get("reportError"); f.Type() == js.TypeFunction {
		f.Invoke(exception)
		return
	}
	js.Global().Get("console").Call("error", exception) // Node has no better place
}
