// Command wasmpack makes a WebAssembly program of the Go linker a third smaller
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
// It writes columns of numbers that only rise as their differences, which compress
// to next to nothing, and adds a function that sums them up when the program is
// instantiated.
//
// It rewrites functions, without changing what they do. A jump forward branches to
// where it goes, in place of setting the number of a block and going through the
// table of all blocks; an address on the stack is computed in 32 bits; and a function
// has its own address, which it leaves for each function it calls to return to, in a
// variable. The sequence of a call, which is on every other line of a program, is
// the same bytes then but for the callee and one number.
//
// And it drops line numbers and the names of functions, as a minifier does, and
// what is only for printing arguments or for signals, which js does not have. The
// traceback of a panic names the packages it goes through, with "?:0" in place of
// file and line. A program that was not packed has them all.
//
// https://webassembly.github.io/spec/core/binary/modules.html#data-section
package main
