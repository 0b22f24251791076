// Command wasmpack makes a WebAssembly program of the Go linker a sixth smaller
// to transfer.
//
//	go run ./internal/wasmpack in.wasm out.wasm
//
// It joins data segments. The linker leaves zeros out of the data section
// wherever that saves a byte before compression, and so cuts it into 80000
// segments whose offsets do not compress. Joined, the file grows by a seventh,
// and what a browser loads of it with brotli or gzip shrinks by a tenth. The
// program finds the same bytes in its memory.
//
// And it drops line numbers, as a minifier does, and the names of the standard
// library's functions. The traceback of a panic names the program's functions,
// with "?:0" in place of file and line. A program that was not packed has them.
//
// https://webassembly.github.io/spec/core/binary/modules.html#data-section
package main
