package jsx

import "syscall/js"

// Try calls f and returns what JavaScript throws in it as an [*Error]. A call of
// something that is not there, a missing global say, is a [*js.ValueError].
// Other panics are none of its business.
func Try(f func() js.Value) (v js.Value, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case js.Error:
			err = ErrorOf(r.Value)
		case *js.ValueError:
			err = r
		default:
			panic(r) //nolint:forbidigo // it was one before
		}
	}()
	return f(), nil
}
