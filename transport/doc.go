// Package transport carries Janus messages between a client and a gateway.
//
// It holds the contract, [Dialer] and [Conn], and the table that picks a
// Dialer by URL scheme, [Registry]. Implementations live in other packages and
// import this one; it imports nothing but the standard library and never
// learns who implements it.
//
//	reg := transport.Registry{"ws": &ws.Dialer{}, "http": &rest.Dialer{}}
//	conn, err := reg.Dial(ctx, "ws://127.0.0.1:8188/", transport.Janus)
//
// # Concurrency
//
// One goroutine reads a Conn, any number write to it, and Close may come from
// anywhere. Package transporttest checks an implementation against every
// sentence of the contract.
//
// The transports of the gateway itself are described at
// https://janus.conf.meetecho.com/docs/rest.html.
package transport
