package jsx

import (
	"context"
	"syscall/js"
)

// Context returns a context that ends with parent or with signal, an
// AbortSignal, whose reason is then its context.Cause: an [*Error]. Undefined and
// null mean no signal. The caller must call cancel, which gives the listener
// back.
func Context(parent context.Context, signal js.Value) (ctx context.Context, cancel context.CancelFunc) {
	ctx, end := context.WithCancelCause(parent)
	if signal.IsUndefined() || signal.IsNull() {
		return ctx, func() { end(nil) }
	}
	abort := func() { end(ErrorOf(signal.Get("reason"))) }
	if signal.Get("aborted").Bool() {
		abort()
		return ctx, func() {}
	}
	scope := new(Scope)
	scope.Listen(signal, "abort", func(js.Value) { abort() })
	return ctx, func() {
		scope.Close()
		end(nil)
	}
}
