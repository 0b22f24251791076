//go:build js

// Command wasm is the program that the npm package bifrons runs in a page:
// packages client, media and plugins behind one function.
//
//	dispatch(op, ref, body, values, signal, timeoutMs) -> Promise
//
// op names an operation, such as "session.attach": a family, and a method of it. ref is the object it is for,
// as the operation that made the object gave it out. body is JSON text, values
// are what JSON cannot hold: elements, tracks, functions, bytes, and references
// of further objects. The result is JSON text, or such a value. An error is
// rejected as the object that describe makes of it. A panic rejects the one
// promise and touches nothing else.
//
// Nothing of the program is on the global object. The page that starts it names
// a function there for as long as the start takes; see main.
//
// A plugin adds a file like echotest.go and a line to families.
//
// The page's half is web/src, which starts with runtime.ts.
package main
