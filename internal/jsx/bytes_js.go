package jsx

import "syscall/js"

// Bytes copies an ArrayBuffer, or what views one, into Go. Anything else gives
// nil.
func Bytes(v js.Value) []byte {
	view := js.Global().Get("Uint8Array")
	switch buffer := js.Global().Get("ArrayBuffer"); {
	case v.Type() != js.TypeObject:
		return nil
	case v.InstanceOf(buffer):
		v = view.New(v)
	case v.InstanceOf(view):
	case buffer.Call("isView", v).Bool():
		v = view.New(v.Get("buffer"), v.Get("byteOffset"), v.Get("byteLength"))
	default:
		return nil
	}
	b := make([]byte, v.Get("length").Int())
	js.CopyBytesToGo(b, v)
	return b
}

// Uint8Array copies b into JavaScript.
func Uint8Array(b []byte) js.Value {
	v := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(v, b)
	return v
}
