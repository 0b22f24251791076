// Command wasmstd writes what go build -overlay reads to give a program the
// packages of a folder in place of the standard library's.
//
//	go run ./internal/wasmstd wasm/_std > bin/overlay.json
//
// A page uses a few names of encoding/json, fmt and os, and next to nothing of
// internal/godebug. But what such a package has to do when a program starts keeps
// most of it in the program: 29 KB of what a page loads. So a page has packages of
// these names that hold what it uses. The compiler's error names what is missing
// there, or what should not be used in a page.
package main
