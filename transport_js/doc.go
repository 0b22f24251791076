// Package transportjs has the transports of web pages: the browser's own
// WebSocket and fetch, as [transport.Dialer]s.
//
//	w, f := transportjs.WebSocket{}, transportjs.Fetch{}
//	reg := transport.Registry{"ws": w, "wss": w, "http": f, "https": f}
//	conn, err := reg.Dial(ctx, "wss://gateway.example.org/", transport.Janus)
//
// They behave as their native siblings, transport/ws and transport/rest, and
// pass the same suite. They run in a page, in a Worker, and in Node, which has a
// WebSocket from version 22 on, or with --experimental-websocket.
//
// # What a page cannot do
//
// A page chooses neither headers of a WebSocket nor its TLS settings, sends no
// pings, and is not told why a connection failed; errors name the likely causes.
// It opens six connections to one server in HTTP/1.1: with more than five
// sessions polled at once, requests wait for polls. Use a WebSocket, or HTTP/2.
//
// # Time
//
// A browser slows the timers of a hidden page down to one a minute, which is
// Janus' session timeout. While a connection is open, and for as long as
// somebody wants by [HoldTimers], a Worker keeps Go's timers to the second. The
// Worker comes from the URL in the environment variable BIFRONS_TICKER, where the
// page serves a copy of ticker.js, else from a Blob URL, which a
// Content-Security-Policy has to allow with worker-src blob:. [CheckTimers] tells
// whether it starts. [Watch] reports when the page is hidden, frozen, resumed,
// left, offline or online.
//
// # Concurrency
//
// Everything may be used by any number of goroutines; a connection follows
// [transport.Conn].
//
// All but this file is for GOOS=js.
package transportjs
