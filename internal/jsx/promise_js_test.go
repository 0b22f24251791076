package jsx_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"syscall/js"
	"testing"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/stretchr/testify/require"
)

// eval runs JavaScript, an expression.
func eval(code string) js.Value { return js.Global().Get("Function").New("return " + code).Invoke() }

// balanced fails the test when it leaves a function behind.
func balanced(t *testing.T) {
	before := jsx.Live()
	t.Cleanup(func() { require.Equal(t, before, jsx.Live(), "functions that JavaScript may call") })
}

func TestAwait(t *testing.T) {
	balanced(t)
	v, err := jsx.Await(t.Context(), eval(`new Promise(r => setTimeout(r, 1, 42))`))
	require.NoError(t, err)
	require.Equal(t, 42, v.Int())

	v, err = jsx.Await(t.Context(), js.ValueOf("no promise"))
	require.NoError(t, err)
	require.Equal(t, "no promise", v.String())

	_, err = jsx.Await(t.Context(), eval(`Promise.reject(new RangeError("too far"))`))
	var e *jsx.Error
	require.ErrorAs(t, err, &e)
	require.EqualError(t, err, "RangeError: too far")
	require.ErrorIs(t, err, jsx.Name("RangeError"))
	require.NotErrorIs(t, err, jsx.Name("TypeError"))
	require.NotContains(t, err.Error(), "\n")
	require.Contains(t, e.Stack(), "RangeError: too far")

	v, err = jsx.Await(t.Context(), eval(`Promise.resolve()`))
	require.NoError(t, err)
	require.True(t, v.IsUndefined())
}

func TestThen(t *testing.T) {
	balanced(t)
	type outcome struct {
		v   js.Value
		err error
	}
	got := make(chan outcome, 3)
	then := func(code string) (stop func()) {
		return jsx.Then(eval(code), func(v js.Value, err error) { got <- outcome{v, err} })
	}
	then(`Promise.resolve(42)`)
	require.Equal(t, 42, (<-got).v.Int())
	then(`Promise.reject(new RangeError("too far"))`)
	require.EqualError(t, (<-got).err, "RangeError: too far")
	then(`Promise.resolve(1)`)()
	then(`new Promise(() => {})`)()
	then(`new Promise(r => setTimeout(r, 5, 2))`)
	require.Equal(t, 2, (<-got).v.Int(), "those that were stopped say nothing")
}

func TestAwaitCancelled(t *testing.T) {
	balanced(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err := jsx.Await(ctx, eval(`new Promise(() => {})`))
	require.ErrorIs(t, err, context.DeadlineExceeded)

	// A promise that settles later harms nobody, not even by a rejection.
	promise := eval(`new Promise((_, no) => setTimeout(no, 5, new Error("late")))`)
	_, err = jsx.Await(ctx, promise)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	_, err = jsx.Await(t.Context(), eval(`new Promise(r => setTimeout(r, 20))`))
	require.NoError(t, err)
}

func TestPromise(t *testing.T) {
	balanced(t)
	for _, test := range []struct {
		f    func() (any, error)
		want any
		err  string
	}{
		{func() (any, error) { return "done", nil }, "done", ""},
		{func() (any, error) { return nil, nil }, nil, ""},
		{func() (any, error) { return eval(`Promise.resolve(7)`), nil }, 7, ""},
		{func() (any, error) { return nil, errors.New("no luck") }, nil, "Error: no luck"},
		{func() (any, error) { return struct{}{}, nil }, nil, "GoPanic: panic: ValueOf: invalid value"},
		{func() (any, error) { var p *int; return *p, nil }, nil, "GoPanic: panic: runtime error: invalid memory address or nil pointer dereference"},
		{func() (any, error) { panic("oh dear") }, nil, "GoPanic: panic: oh dear"},
		{func() (any, error) { runtime.Goexit(); return nil, nil }, nil, "GoPanic: the goroutine has ended"},
	} {
		v, err := jsx.Await(t.Context(), jsx.Promise(test.f))
		if test.err != "" {
			require.EqualError(t, err, test.err)
			continue
		}
		require.NoError(t, err)
		if test.want == nil {
			require.True(t, v.IsUndefined())
			continue
		}
		require.True(t, v.Equal(js.ValueOf(test.want)), test.want)
	}
}

type special struct{ error }

func (special) JSValue() js.Value { return js.ValueOf("special") }

func TestThrowable(t *testing.T) {
	_, err := jsx.Try(func() js.Value { return eval(`null.x`) })
	require.ErrorIs(t, err, jsx.Name("TypeError"))
	require.Equal(t, "TypeError", jsx.Throwable(err).Get("name").String())
	v := jsx.Throwable(fmt.Errorf("play: %w", err))
	require.Equal(t, "TypeError", v.Get("name").String())
	require.Equal(t, "play: "+err.Error(), v.Get("message").String())
	require.Equal(t, "TypeError", v.Get("cause").Get("name").String())
	require.Equal(t, "special", jsx.Throwable(fmt.Errorf("x: %w", special{err})).String())
}

func TestTry(t *testing.T) {
	v, err := jsx.Try(func() js.Value { return js.ValueOf(1) })
	require.NoError(t, err)
	require.Equal(t, 1, v.Int())
	for code, want := range map[string]string{
		`(() => { throw new SyntaxError("hm") })()`:      "SyntaxError: hm",
		`(() => { throw "text" })()`:                     "text",
		`(() => { throw undefined })()`:                  "undefined",
		`(() => { throw {} })()`:                         "[object Object]",
		`(() => { throw Object.create(null) })()`:        "an exception that has no text",
		`(() => { throw {name: "N", message: ""} })()`:   "N",
		`(() => { throw {message: "M", name: 42} })()`:   "M",
		`(() => { throw new DOMException("m", "n") })()`: "n: m",
	} {
		_, err := jsx.Try(func() js.Value { return eval(code) })
		require.EqualError(t, err, want, code)
	}
	_, err = jsx.Try(func() js.Value { return js.Global().Get("nothing").New() })
	var missing *js.ValueError
	require.ErrorAs(t, err, &missing)
	require.PanicsWithValue(t, "mine", func() { _, _ = jsx.Try(func() js.Value { panic("mine") }) })
}
