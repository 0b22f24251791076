package jsx

import "syscall/js"

// Then calls f with the outcome of promise, once, as a callback: it must not
// block. A rejection is an [*Error]. What is no promise counts as the value of
// one. After stop f is not called any more; a promise that never settles keeps f
// until then.
func Then(promise js.Value, f func(v js.Value, err error)) (stop func()) {
	id := 0
	id = remember(func(args []js.Value) any {
		forget(id)
		if args[0].Bool() {
			f(argument(args, 1), nil)
		} else {
			f(js.Undefined(), ErrorOf(argument(args, 1)))
		}
		return nil
	})
	js.Global().Get("Promise").Call("resolve", promise).Call("then", bound(id, true), bound(id, false))
	return func() { forget(id) }
}

// argument returns an argument that the caller may have left out.
func argument(args []js.Value, i int) js.Value {
	if i < len(args) {
		return args[i]
	}
	return js.Undefined()
}
