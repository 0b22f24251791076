// Package netns makes network namespaces for tests: a machine of its own, as far
// as the network goes, behind one link whose troubles a test decides about.
//
//	n, err := netns.New(ctx)
//	defer n.Close()
//	cmd := n.Command(ctx, "program") // runs inside, where only n.Inside() leads out
//	err = n.Link(ctx, false)         // the cable is pulled
//
// It takes root and the program ip (iproute2); without, the error of New matches
// [ErrNotPermitted]. A slow link takes tc as well, and one that loses packets nft.
// Everything is on Linux only; elsewhere that is the error.
package netns

import "errors"

// ErrNotPermitted is matched when this process may not make network namespaces.
var ErrNotPermitted = errors.New("network namespaces cannot be made here; it takes root on Linux, and iproute2")
