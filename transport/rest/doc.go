// Package rest is the native HTTP transport of Janus, for the schemes http and
// https: requests are POSTs, and events come from long polls.
//
//	d := &rest.Dialer{}
//	reg := transport.Registry{"http": d, "https": d}
//	conn, err := reg.Dial(ctx, "http://127.0.0.1:8088/janus", transport.Janus)
//
// HTTP costs a round trip and a poll where a WebSocket costs a frame; use it
// where nothing else gets through.
//
// # Concurrency
//
// A Dialer may be used by any number of goroutines as long as nobody changes
// its fields; it must not be copied after its first Dial. A connection follows
// [transport.Conn] and [transport.SessionPoller]. All connections of a Dialer,
// and of all zero Dialers, share one pool of sockets.
//
// # Credentials
//
// Requests carry them in their bodies. Polls carry them in the query of the
// URL, because Janus reads them nowhere else: use https, and mind the logs of
// proxies. No error shows them.
//
// # Targets
//
// Under GOOS=js the package is empty: transport_js has the transport of pages.
//
// The protocol is described at
// https://janus.conf.meetecho.com/docs/rest.html#plainhttp.
package rest
