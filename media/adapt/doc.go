// Package adapt fits video to the network and to where it is shown: what is
// received by choosing among the layers of simulcast, what is sent by its bitrate.
// It is off until somebody turns it on, one line for each stream:
//
//	// an echo, or anything else whose layers can be set
//	r := adapt.Receive(peer, track.MID, func(ctx context.Context, l adapt.Layer) error {
//		return echo.Configure(ctx, echotest.Config{Substream: &l.Substream, Temporal: &l.Temporal})
//	}, nil)
//	defer r.Stop()
//
//	// what a publisher sends
//	s := adapt.Send(peer, sender.MID(), func(ctx context.Context, bitrate int) error {
//		return sender.Configure(ctx, media.SendParameters{MaxBitrate: &bitrate})
//	}, nil)
//
// # What it goes by
//
// Once a second it reads the statistics of the peer, and it hears the gateway's
// *client.SlowLink. An interval is bad when more than a tenth of the packets was
// lost, when the gateway said that the link is slow, when the picture froze, or
// when the round trip takes twice as long as the quickest and 300 ms more. It is
// terrible when a quarter was lost, and good when less than a fiftieth was and
// nothing else is bad. An interval without packets tells nothing.
//
// # What it does
//
// It goes down at once: one step when an interval was bad, two when it was
// terrible, and then not again for two seconds, as what comes next is the tail of
// the same trouble. It goes up slowly: one step when every interval was good for
// eight seconds. A step up that brings trouble within ten seconds doubles these
// eight, up to two minutes, and one that does not brings them back.
//
// The steps of a receiver are the three substreams of simulcast, each without and
// with its upper temporal layers. The steps of a sender are a fifth down, or a
// half, and a twelfth up, the first after eight good seconds and then one every
// two; what a browser estimates to be available is a limit at once.
//
// # Concurrency
//
// The methods may be called concurrently. The functions that are given are called
// one at a time, on a goroutine of this package.
package adapt
