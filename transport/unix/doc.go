// Package unix is the transport of Janus over Unix sockets, for the scheme
// unix and a gateway on the same machine.
//
//	reg := transport.Registry{"unix": &unix.Dialer{}}
//	conn, err := reg.Dial(ctx, "unix:///run/janus/api", transport.Janus)
//
// Janus makes one socket for the client API and another for the admin API, of
// type SOCK_SEQPACKET or, if told to, SOCK_DGRAM. A datagram socket does not
// notice that the gateway is gone before the next Write.
//
// # Limits
//
// Each message is one packet, and Janus drops packets of 8192 bytes or more
// without a word, so Write refuses them with a [*SizeError]. An offer with many
// media lines can be that large: use a WebSocket for those.
//
// # Concurrency
//
// A Dialer may be used by any number of goroutines as long as nobody changes
// its fields. A connection follows [transport.Conn] and has no goroutines.
//
// # Targets
//
// Under GOOS=js the package is empty: a page has no sockets.
//
// The protocol is described at
// https://janus.conf.meetecho.com/docs/rest.html#unix.
package unix
