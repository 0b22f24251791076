package media

import (
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

const noPage = "only in a page, not in a Worker or in Node"

// callable reports whether v has a method of that name.
func callable(v js.Value, method string) bool {
	return v.Type() == js.TypeObject && v.Get(method).Type() == js.TypeFunction
}

// call calls a method that may throw.
func call(v js.Value, method string, args ...any) (js.Value, error) {
	return jsx.Try(func() js.Value { return v.Call(method, args...) })
}

// items returns what is in an array.
func items(array js.Value) []js.Value {
	all := make([]js.Value, array.Length())
	for i := range all {
		all[i] = array.Index(i)
	}
	return all
}

// text returns a string, and nothing for null and undefined.
func text(v js.Value) string {
	if v.Type() != js.TypeString {
		return ""
	}
	return v.String()
}

// kindOf returns the kind of a MediaStreamTrack.
func kindOf(track js.Value) Kind {
	if text(track.Get("kind")) == "audio" {
		return Audio
	}
	return Video
}
