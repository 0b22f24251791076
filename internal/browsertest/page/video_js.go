package page

import (
	"context"
	"syscall/js"
	"testing"
	"time"
)

// Video is a <video> element of the page.
type Video struct{ Element js.Value }

// NewVideo puts one into the page until the test ends.
func NewVideo(t testing.TB) *Video {
	t.Helper()
	document := js.Global().Get("document")
	el := document.Call("createElement", "video")
	document.Get("body").Call("append", el)
	t.Cleanup(func() { el.Call("remove") })
	return &Video{el}
}

// Moves waits until the picture has this size and changes.
func (v *Video) Moves(ctx context.Context, t testing.TB, width, height int) {
	t.Helper()
	Until(ctx, t, "a picture of its size", func() bool {
		return v.Element.Get("videoWidth").Int() == width && v.Element.Get("videoHeight").Int() == height
	})
	seen := map[string]bool{}
	Until(ctx, t, "a picture that moves", func() bool {
		seen[v.pixels()] = true
		return len(seen) > 3
	})
}

// pixels returns a small copy of what it shows.
func (v *Video) pixels() string {
	canvas := js.Global().Get("document").Call("createElement", "canvas")
	canvas.Set("width", 64)
	canvas.Set("height", 48)
	c := canvas.Call("getContext", "2d")
	c.Call("drawImage", v.Element, 0, 0, 64, 48)
	data := c.Call("getImageData", 0, 0, 64, 48).Get("data")
	b := make([]byte, data.Length())
	js.CopyBytesToGo(b, data)
	return string(b)
}

// Until waits for what the page does not tell.
func Until(ctx context.Context, t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("in vain: %s", what)
		}
	}
}
