// Package faultproxy makes connections between a client and a gateway go wrong,
// message by message and by a plan: for tests.
//
//	faults := faultproxy.New(faultproxy.Fault{Dir: faultproxy.ToServer, Frame: 3, Kind: faultproxy.Reset})
//	proxy, err := faultproxy.Listen(faults, gw.WS())
//	defer proxy.Close()
//	c, err := client.Dial(ctx, proxy.URL(), nil)
//
// [Listen] stands before a gateway on sockets. It reads the frames of WebSockets
// and the exchanges of HTTP, so that a fault hits a whole one and not a random
// byte. [Faults.Dialer] does the same in memory, where package testing/synctest
// decides how fast time runs: there a frame is a message.
//
// # What is a frame
//
// Frames count from 0, in each direction of each connection, and connections
// count from 0 in the order they came. The handshake of a WebSocket is no frame;
// pings and the close frame are. HTTP counts exchanges over all its connections,
// as connection 0: frame n to the server is the n-th request, and frame n to the
// client the answer to it.
//
// # What the layers cannot do alike
//
// On a WebSocket [Split] makes two fragments of a frame and [Merge] two frames
// in one segment: both are legal, and a client must not notice. In memory, where
// nothing is below a message, they make two halves of one message and one message
// of two, which no gateway says. Over HTTP, where each exchange is alone,
// [Reorder] and [Merge] hold an exchange back while others pass, and Split sends
// an answer in two parts.
//
// What happened is in [Faults.Log]. Everything is bounded: a frame has 16 MiB at
// most, a direction holds 64 frames, the log the last 4096 entries. All methods
// may be called concurrently.
package faultproxy
