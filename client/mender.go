package client

import (
	"context"
	"strings"
)

// Mender is a [Negotiator] whose peer connection can be mended, and replaced by
// another under the same object. *media.Peer is one. Who negotiates for a handle
// mends its connection, as the plugin packages do, in three ways:
//
//   - A connection that was up and is HealthShaky for two seconds, or is
//     HealthBroken, gets Offer with restart, in whatever request takes an ICE
//     restart to the plugin, and once more if that has not helped in ten seconds.
//   - One that is HealthLost, or that nothing else helped, gets Renew, then
//     [Handle.Hangup], which does nothing where the gateway has no connection any
//     more, then a first negotiation like that of a new peer. A [Hangup] event
//     between Renew and the next Offer or Answer is about the connection before.
//   - While it is HealthAway there is nothing to do but wait.
//
// Methods may be called concurrently.
type Mender interface {
	Negotiator

	// Keep has the object outlive its connection from now on, until release: what
	// would end it, which is a [Hangup] that is a Fault, or a [Resumed] that is
	// Rebuilt, makes it HealthLost. Any other hangup ends it all the same.
	// One that is lost when release is called ends, with the reason it was lost
	// for. A second Keep takes the place of the first, whose release does nothing
	// any more. Without ok the object has ended, or was told not to be mended, and
	// there is nothing to release.
	Keep() (release func(), ok bool)

	// Health says how the connection is, with a channel that is closed when that
	// changes.
	Health() (Health, <-chan struct{})

	// Renew replaces the connection by a new one that sends the same, has the same
	// data channels, and takes over the remote tracks on m-lines of the same id
	// and kind, with what is attached to them. lost are the ids of m-lines whose
	// tracks end all the same, because something else comes on them now. Offer or
	// Answer has to follow. An error leaves the connection as it was.
	Renew(ctx context.Context, lost ...string) error
}

// Fault reports whether the network ended the connection, and nobody asked for it:
// then a new one is worth a try. It knows the reasons that Janus gives.
func (h *Hangup) Fault() bool {
	return strings.HasPrefix(h.Reason, "ICE") || strings.HasPrefix(h.Reason, "DTLS")
}

// Health is the state of a peer connection for those who mend it.
type Health uint8

// The states of a [Mender].
const (
	HealthNew    Health = iota // the connection was not up yet
	HealthGood                 // media can flow
	HealthShaky                // nothing arrives; that may mend itself
	HealthBroken               // no way through the network is left, or the network changed: restart ICE
	HealthLost                 // the gateway has no connection any more: renew it
	HealthAway                 // the gateway cannot be asked: [Resumed] will follow, or the end of the handle
	HealthEnded                // the peer is closed
)
