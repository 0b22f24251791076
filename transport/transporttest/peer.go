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
	// Objects says that what does not begin with { is no message at all, as in
	// the HTTP API, where it is a page of a proxy.
	Objects bool
}

// Open makes a connection for one test. It registers with t.Cleanup what ends
// the peer; the suite closes the Conn.
type Open func(t *testing.T) (transport.Conn, Peer)

// Run checks that what open makes is a [transport.Conn] in every respect. A
// Conn that is a [transport.SessionPoller] is told to poll session 1.
//
// Tests that read run twice, because a transport may well take another way when
// the context of Read cannot end.
func Run(t *testing.T, open Open, limits Limits) {
	t.Helper()
	for _, test := range []struct {
		name  string
		reads bool
		run   func(t *testing.T, s *suite)
	}{
		{"Echo", true, testEcho},
		{"ReadOrder", true, testReadOrder},
		{"WriteOrder", false, testWriteOrder},
		{"ManyWriters", false, testManyWriters},
		{"BothWays", true, testBothWays},
		{"WriteTakesACopy", false, testWriteTakesACopy},
		{"ReadLendsUntilNextRead", true, testReadLends},
		{"CancelledBefore", false, testCancelledBefore},
		{"CancelledRead", true, testCancelledRead},
		{"CancelledReadsLoseNothing", false, testCancelledReads},
		{"CancelledWrite", false, testCancelledWrite},
		{"LargeRead", true, testLargeRead},
		{"TooLarge", true, testTooLarge},
		{"LargeWrite", false, testLargeWrite},
		{"AnyInput", true, testAnyInput},
		{"CloseUnblocksRead", true, testCloseUnblocksRead},
		{"CloseUnblocksWrite", false, testCloseUnblocksWrite},
		{"CloseTwice", false, testCloseTwice},
		{"UseAfterClose", true, testUseAfterClose},
		{"Loss", true, testLoss},
		{"LossUnblocksWrite", false, testLossUnblocksWrite},
	} {
		t.Run(test.name, func(t *testing.T) {
			runOne(t, open, limits, false, test.run)
		})
		if test.reads {
			t.Run(test.name+"/background", func(t *testing.T) {
				runOne(t, open, limits, true, test.run)
			})
		}
	}
}

func runOne(t *testing.T, open Open, limits Limits, background bool, test func(t *testing.T, s *suite)) {
	before := len(stacks())
	t.Run("conn", func(t *testing.T) {
		conn, peer := open(t)
		// Whatever the test does, the connection ends with it.
		t.Cleanup(func() { within(t, "Close", conn.Close) })
		if p, ok := conn.(transport.SessionPoller); ok {
			p.Poll(1, transport.Auth{})
		}
		test(t, &suite{conn: conn, peer: peer, limits: limits, background: background})
	})
	settle(t, before)
}
