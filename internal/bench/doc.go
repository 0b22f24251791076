// Command bench measures the client beside a floor, in one run, and prints the
// ratios that the performance goals P1 to P6 are about. Absolute figures move
// with the machine; the ratios of one run do not move much.
//
// The floor is coder/websocket with hand-built bytes, no parsing and no
// multiplexing. The mux floor adds what any concurrent client must have: one
// reading goroutine and a table of waiters. Rounds of the client and of its
// floor alternate, and the medians are compared.
//
// The server is a child process: a stub that answers at once, or Debian's
// Janus. CPU is the user and system time of this process alone.
//
//	go run ./internal/bench          # everything
//	go run ./internal/bench -only P1,P3
package main
