// Package transporttest is the conformance suite of transports. Every transport
// of Bifrons passes it on every target it builds for, and so should yours:
//
//	func TestConformance(t *testing.T) {
//		transporttest.Run(t, func(t *testing.T) (transport.Conn, transporttest.Peer) {
//			server := startServer(t) // ends with t.Cleanup
//			conn, err := mytransport.Dialer{}.Dial(t.Context(), server.URL, transport.Janus)
//			if err != nil {
//				t.Fatal(err)
//			}
//			return conn, server
//		}, transporttest.Limits{})
//	}
//
// The suite checks [transport.Conn] sentence by sentence: order, concurrency,
// cancellation, close, loss, sizes, bad input and ownership of bytes. Run it
// with the race detector. It needs no other package than the standard library,
// and no time to pass unless something is wrong.
package transporttest
