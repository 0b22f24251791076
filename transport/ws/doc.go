// Package ws is the native WebSocket transport of Janus, for the schemes ws and
// wss, on top of coder/websocket.
//
//	d := &ws.Dialer{PingInterval: 15 * time.Second}
//	reg := transport.Registry{"ws": d, "wss": d}
//	conn, err := reg.Dial(ctx, "ws://127.0.0.1:8188/", transport.Janus)
//
// # Concurrency
//
// A Dialer may be used by any number of goroutines as long as nobody changes
// its fields. A connection follows [transport.Conn]: one reader, any number of
// writers. Messages that several goroutines write at the same time leave in one
// system call.
//
// # Targets
//
// Under GOOS=js the package is empty: transport_js has the transport of pages.
//
// The protocol is described at
// https://janus.conf.meetecho.com/docs/rest.html#WS and in RFC 6455.
package ws
