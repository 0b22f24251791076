// Package jsx is what Go code needs beside syscall/js to live with JavaScript:
// promises, callbacks with an owner, exceptions as errors, bytes.
//
//	var scope jsx.Scope
//	defer scope.Close()
//	scope.Listen(socket, "message", func(ev js.Value) { … })
//	resp, err := jsx.Await(ctx, js.Global().Call("fetch", url))
//
// # Callbacks
//
// Every function that JavaScript may call belongs to a [Scope] and does nothing
// any more once that is closed; [Live] counts them. One js.Func, made when the
// program starts, serves them all, so none can leak or be called after its
// release. A callback copies what it needs, enqueues it and returns: while it
// runs, the page stands still. A panic in one is reported as the uncaught
// exception it would be in JavaScript, and the program lives on.
//
// # Concurrency
//
// The functions may be called by any goroutine but those that block, [Await]
// above all, which must not be called in a callback.
//
// All but this file is for GOOS=js.
package jsx
