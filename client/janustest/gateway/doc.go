// Package gateway is janustest with media: a Janus gateway inside the process
// whose plugins really send and receive, on pion/webrtc.
//
//	gw := gateway.New(t, nil)
//	c, err := gw.Client(ctx, nil)
//
// The echo test, the video room, the text room, the video call and one
// streaming mountpoint are there. What they answer is what Janus 1.1.2 was seen
// to answer, as far as DIFFERENCES.md of janustest does not say otherwise.
//
// It is a test double and says so in its info. It is no server: it binds
// addresses of this machine's loopback and no other, knows no TURN, does not
// record, and trusts whoever connects.
//
// # Media
//
// Each handle has one peer connection, with the role of the gateway's: it
// answers offers, and offers to those who receive only. One codec is agreed on
// for an m-line, and packets are forwarded, not decoded. Sequence numbers,
// timestamps and VP8's picture numbers go on where a source changes.
//
// # Targets and concurrency
//
// Native only; for the signalling in a page there is package janustest. All
// methods may be called concurrently.
//
// Specifications: RFC 8829 (JSEP), RFC 3550 (RTP), RFC 4585 and RFC 5104
// (feedback), RFC 8853 (simulcast), RFC 7741 (VP8), RFC 8831 (data channels);
// https://janus.conf.meetecho.com/docs/ for the plugins.
package gateway
