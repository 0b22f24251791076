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
	stop := Then(promise, func(v js.Value, err error) { settled <- outcome{v, err} })
	defer stop()
	select {
	case o := <-settled:
		return o.value, o.err
	case <-ctx.Done():
		return js.Undefined(), ctx.Err()
	}
}
