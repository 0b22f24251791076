package loud

import (
	"syscall/js"
	"testing"
)

func TestLoud(t *testing.T) {
	js.Global().Get("console").Call("error", "this makes the run fail")
}
