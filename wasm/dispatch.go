//go:build js

package main

import (
	"context"
	"slices"
	"strings"
	"syscall/js"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/json"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

// program is what one page has started. Its methods may be called concurrently.
type program struct{ objects table }

// family does what a page asks for. Its result is nil, a js.Value that goes as it
// is, or what becomes JSON.
type family func(ctx context.Context, c *call) (any, error)

// call is what a page has asked for.
type call struct {
	*program
	op     string
	method string // the second half of op
	ref    int
	body   js.Value
	values js.Value
}

// dispatch is the function the page has: see the package's comment.
func (p *program) dispatch(args []js.Value) any {
	return jsx.Promise(func() (any, error) {
		c := &call{program: p, op: args[0].String(), ref: args[1].Int(), body: args[2], values: args[3]}
		ctx, cancel := jsx.Context(context.Background(), args[4])
		defer cancel()
		if ms := args[5].Float(); ms >= 0 {
			var stop context.CancelFunc
			ctx, stop = context.WithTimeout(ctx, milliseconds(ms))
			defer stop()
		}
		result, err := c.run(ctx)
		if err != nil {
			return nil, &failure{describe(c.op, err)}
		}
		return result, nil
	})
}

// milliseconds is a duration of the page's.
func milliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

// run does it and brings the result over.
func (c *call) run(ctx context.Context) (any, error) {
	if c.op == "release" {
		c.objects.release(c.ref, c.value(0).Int())
		return nil, nil
	}
	name, method, _ := strings.Cut(c.op, ".")
	c.method = method
	do, ok := families[name]
	if !ok {
		return nil, errUnknown
	}
	result, err := do(ctx, c)
	if err != nil || result == nil {
		return nil, err
	}
	if v, ok := result.(js.Value); ok {
		return v, nil
	}
	return c.encode(result), nil
}

// errUnknown is the error of an operation that is not there.
var errUnknown = &client.ArgumentError{
	Op: "dispatch", Reason: "bifrons.wasm does not have this; it is older than the script, copy both from one package"}

// decode reads the body into v; without a body it leaves v alone.
func (c *call) decode(v any) error {
	if c.body.Type() != js.TypeString {
		return nil
	}
	if err := json.Unmarshal([]byte(c.body.String()), v); err != nil {
		return &client.ArgumentError{Op: c.op, Reason: strings.TrimPrefix(err.Error(), "json: ")}
	}
	return nil
}

// value returns one of the values, undefined if there are not as many.
func (c *call) value(i int) js.Value { return c.values.Index(i) }

// given reports whether v is something.
func given(v js.Value) bool { return !v.IsUndefined() && !v.IsNull() }

// lookup returns the object of a reference.
func lookup[T any](c *call, ref int) (object T, err error) {
	thing := c.objects.get(ref)
	if thing == nil {
		return object, errGone
	}
	object, ok := thing.(T)
	if !ok {
		return object, &client.ArgumentError{Op: c.op, Reason: "an object of another kind was given"}
	}
	return object, nil
}

// argument returns the object whose reference is a value of the call, the zero
// value for none.
func argument[T any](c *call, i int) (object T, err error) {
	switch ref := c.value(i); {
	case !given(ref):
		return object, nil
	case ref.Type() != js.TypeNumber:
		return object, &client.ArgumentError{Op: c.op, Reason: "an object of this package is wanted"}
	default:
		return lookup[T](c, ref.Int())
	}
}

// ender is an object whose end can be waited for.
type ender interface {
	Done() <-chan struct{}
	Err() error
}

// ended waits for the end of an object and returns why it came, nothing if it was
// closed; asked is what its error is then.
func (c *call) ended(ctx context.Context, object ender, asked ...kind) (any, error) {
	if err := wait(ctx, object.Done()); err != nil {
		return nil, err
	}
	err := object.Err()
	if err == nil {
		return nil, nil
	}
	why := describe("", err)
	if slices.Contains(asked, why.Kind) {
		return nil, nil
	}
	return why, nil
}

// wait waits for something to happen.
func wait(ctx context.Context, happened <-chan struct{}) error {
	select {
	case <-happened:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
