package jsx_test

import (
	"context"
	"syscall/js"
	"testing"

	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/stretchr/testify/require"
)

func TestScope(t *testing.T) {
	balanced(t)
	before := jsx.Live()
	var s jsx.Scope
	add := s.Func(func(args []js.Value) any { return args[0].Int() + args[1].Int() })
	require.Equal(t, 5, add.Invoke(2, 3).Int())
	target := eval(`new EventTarget()`)
	var got []string
	s.Listen(target, "a", func(ev js.Value) { got = append(got, ev.Get("type").String()) })
	s.Listen(target, "b", func(js.Value) { s.Close() }) // also from its own callback
	require.Equal(t, before+3, jsx.Live())
	send := func(event string) { target.Call("dispatchEvent", eval(`new Event("`+event+`")`)) }
	send("a")
	send("b")
	send("a")
	require.Equal(t, []string{"a"}, got)
	require.True(t, add.Invoke(2, 3).IsNull())
	s.Close()
	s.Listen(target, "a", func(js.Value) { t.Error("a listener of a closed Scope") })
	send("a")
	require.True(t, s.Func(func([]js.Value) any { return 1 }).Invoke().IsNull())
}

// A panic at an entry is the exception of the page, and the program goes on.
func TestScopePanic(t *testing.T) {
	balanced(t)
	var s jsx.Scope
	defer s.Close()
	reported := js.Undefined()
	catch := s.Func(func(args []js.Value) any { reported = args[0]; return nil })
	for _, name := range []string{"reportError"} {
		old := js.Global().Get(name)
		js.Global().Set(name, catch)
		defer js.Global().Set(name, old)
	}
	for _, f := range []func([]js.Value) any{
		func([]js.Value) any { panic("in a callback") },
		func([]js.Value) any { return struct{}{} },
		func(args []js.Value) any { return args[5] },
	} {
		reported = js.Undefined()
		require.True(t, s.Func(f).Invoke().IsNull())
		require.Equal(t, "GoPanic", reported.Get("name").String())
		require.Contains(t, reported.Get("stack").String(), "goroutine")
	}
	require.Equal(t, 1, s.Func(func([]js.Value) any { return 1 }).Invoke().Int())
}

func TestContext(t *testing.T) {
	balanced(t)
	abort := eval(`new AbortController()`)
	ctx, cancel := jsx.Context(t.Context(), abort.Get("signal"))
	require.NoError(t, ctx.Err())
	abort.Call("abort")
	<-ctx.Done()
	require.ErrorIs(t, ctx.Err(), context.Canceled)
	require.ErrorIs(t, context.Cause(ctx), jsx.Name("AbortError"))
	cancel()
	cancel()

	abort.Call("abort") // once more, and a signal that has been sent before
	ctx, cancel = jsx.Context(t.Context(), abort.Get("signal"))
	require.ErrorIs(t, context.Cause(ctx), jsx.Name("AbortError"))
	cancel()

	ctx, cancel = jsx.Context(t.Context(), eval(`AbortSignal.timeout(1)`))
	<-ctx.Done()
	require.ErrorIs(t, context.Cause(ctx), jsx.Name("TimeoutError"))
	cancel()

	parent, end := context.WithCancel(t.Context())
	ctx, cancel = jsx.Context(parent, eval(`new AbortController().signal`))
	end()
	<-ctx.Done()
	cancel()

	for _, none := range []js.Value{js.Undefined(), js.Null()} {
		ctx, cancel = jsx.Context(t.Context(), none)
		require.NoError(t, ctx.Err())
		cancel()
		require.ErrorIs(t, ctx.Err(), context.Canceled)
	}
}

func TestBytes(t *testing.T) {
	want := []byte{0, 1, 254, 255}
	v := jsx.Uint8Array(want)
	require.Equal(t, want, jsx.Bytes(v))
	require.Equal(t, want, jsx.Bytes(v.Get("buffer")))
	require.Equal(t, want[1:3], jsx.Bytes(v.Call("subarray", 1, 3)))
	js.Global().Set("bytesForTest", v)
	defer js.Global().Delete("bytesForTest")
	require.Equal(t, want[2:], jsx.Bytes(eval(`new DataView(bytesForTest.buffer, 2, 2)`)))
	require.Equal(t, want, jsx.Bytes(eval(`new Int16Array(bytesForTest.buffer)`)))
	for _, code := range []string{`{}`, `null`, `undefined`, `"text"`, `5`, `[1, 2]`} {
		require.Nil(t, jsx.Bytes(eval("("+code+")")), code)
	}
	require.Empty(t, jsx.Bytes(jsx.Uint8Array(nil)))
}

func BenchmarkCallback(b *testing.B) {
	var s jsx.Scope
	defer s.Close()
	f := s.Func(func(args []js.Value) any { return nil })
	for b.Loop() {
		f.Invoke(1)
	}
}

func BenchmarkFuncOf(b *testing.B) {
	f := js.FuncOf(func(js.Value, []js.Value) any { return nil })
	defer f.Release()
	for b.Loop() {
		f.Invoke(1)
	}
}

func BenchmarkAwait(b *testing.B) {
	promise := eval(`Promise.resolve(1)`)
	for b.Loop() {
		_, _ = jsx.Await(b.Context(), promise)
	}
}
