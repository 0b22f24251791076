package jsx

import "syscall/js"

// Promise runs f on a goroutine of its own and returns a promise for its
// result, which js.ValueOf must be able to convert; nil becomes undefined. An
// error rejects the promise with [Throwable] of it. So does a panic, which
// touches nothing else.
func Promise(f func() (any, error)) js.Value {
	var resolve, reject js.Value
	var scope Scope
	defer scope.Close()
	promise := js.Global().Get("Promise").New(scope.Func(func(args []js.Value) any {
		resolve, reject = args[0], args[1]
		return nil
	}))
	// It owns one call of f and ends with it. Whoever has the promise waits.
	go settle(f, resolve, reject)
	return promise
}

func settle(f func() (any, error), resolve, reject js.Value) {
	settled := false
	defer func() {
		if !settled { // f, or the conversion of its result, has panicked
			reject.Invoke(panicked(recover()))
		}
	}()
	v, err := f()
	switch {
	case err != nil:
		reject.Invoke(Throwable(err))
	case v == nil:
		resolve.Invoke(js.Undefined())
	default:
		resolve.Invoke(v)
	}
	settled = true
}
