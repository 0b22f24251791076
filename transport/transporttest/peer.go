package transporttest

import (
	"context"
	"testing"

	"github.com/bifrons-rtc/bifrons/transport"
)

// Peer is the gateway side of a connection under test. Send and Receive may be
// called at the same time, each by one goroutine.
type Peer interface {
	// Receive returns the next message that the Conn wrote. It must not be
	// needed for the Conn to close: a peer reads on its own and keeps some
	// messages, tens of them, before it stops taking any.
	Receive(ctx context.Context) ([]byte, error)
	// Send sends one message, which may be anything, as an event of session 1.
	Send(ctx context.Context, data []byte) error
	// Drop loses the connection without a word.
	Drop()
}

// Limits says what a transport cannot carry.
type Limits struct {
	// Read is the largest message that Read returns, in bytes; a larger one has
	// to end the connection with [*transport.TooLargeError]. Zero means there is
	// no limit to test.
	Read int
	// Write is the largest message that Write takes, in bytes. Zero means that
	// there is no limit below 1 MiB.
	Write int
}

// Open makes a connection for one test. It registers with t.Cleanup what ends
// the peer; the suite closes the Conn.
type Open func(t *testing.T) (transport.Conn, Peer)

// Run checks that what open makes is a [transport.Conn] in every respect. A
// Conn that is a [transport.SessionPoller] is told to poll session 1.
func Run(t *testing.T, open Open, limits Limits) {
	t.Helper()
	for _, test := range []struct {
		name string
		run  func(t *testing.T, s *suite)
	}{
		{"Echo", testEcho},
		{"ReadOrder", testReadOrder},
		{"WriteOrder", testWriteOrder},
		{"ManyWriters", testManyWriters},
		{"BothWays", testBothWays},
		{"WriteTakesACopy", testWriteTakesACopy},
		{"ReadLendsUntilNextRead", testReadLends},
		{"CancelledBefore", testCancelledBefore},
		{"CancelledRead", testCancelledRead},
		{"CancelledReadsLoseNothing", testCancelledReads},
		{"CancelledWrite", testCancelledWrite},
		{"LargeRead", testLargeRead},
		{"TooLarge", testTooLarge},
		{"LargeWrite", testLargeWrite},
		{"AnyInput", testAnyInput},
		{"CloseUnblocksRead", testCloseUnblocksRead},
		{"CloseUnblocksWrite", testCloseUnblocksWrite},
		{"CloseTwice", testCloseTwice},
		{"UseAfterClose", testUseAfterClose},
		{"Loss", testLoss},
		{"LossAfterMessages", testLossAfterMessages},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := goroutines()
			t.Run("conn", func(t *testing.T) {
				conn, peer := open(t)
				s := &suite{conn: conn, peer: peer, limits: limits}
				// Whatever the test did, the connection ends with it.
				t.Cleanup(func() { within(t, "Close", func() error { return conn.Close() }) })
				if p, ok := conn.(transport.SessionPoller); ok {
					p.Poll(1, transport.Auth{})
				}
				test.run(t, s)
			})
			settle(t, before)
		})
	}
}
