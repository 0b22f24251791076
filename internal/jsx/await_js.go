package jsx

import (
	"context"
	"syscall/js"
)

// Await waits until promise settles, or returns ctx.Err() when ctx ends first;
// the promise then goes on, and nobody hears of its result. A rejection is an
// [*Error]. What is no promise counts as the value of one.
//
// It must not be called in a callback, where it would wait for ever.
func Await(ctx context.Context, promise js.Value) (js.Value, error) {
	type outcome struct {
		value js.Value
		err   error
	}
	settled := make(chan outcome, 1)
	id := remember(func(args []js.Value) any {
		var o outcome
		switch {
		case args[0].Bool():
			o.value = argument(args, 1)
		default:
			o.err = ErrorOf(argument(args, 1))
		}
		select {
		case settled <- o:
		default: // a foreign thenable that settles twice
		}
		return nil
	})
	defer forget(id)
	js.Global().Get("Promise").Call("resolve", promise).Call("then", bound(id, true), bound(id, false))
	select {
	case o := <-settled:
		return o.value, o.err
	case <-ctx.Done():
		return js.Undefined(), ctx.Err()
	}
}

// argument returns an argument that the caller may have left out.
func argument(args []js.Value, i int) js.Value {
	if i < len(args) {
		return args[i]
	}
	return js.Undefined()
}
