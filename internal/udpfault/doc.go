// Package udpfault is a UDP relay that treats packets badly: it loses, delays,
// reorders, slows down and swallows them, by a seed. It is for tests of media, which it gets
// hold of when it stands before a TURN server:
//
//	relay, err := udpfault.Listen(turnServer, seed, udpfault.Faults{Loss: 5, Delay: 200 * time.Millisecond})
//	defer relay.Close()
//	peer, err := media.NewPeer(h, &media.Options{RelayOnly: true, ICEServers: …relay.Addr()…})
//
// A [Detour] needs no TURN server: it stands where the signalling passes, and has
// the media of peer connections that are none the wiser go through relays.
//
// Every client of a relay has a socket of its own towards the target, so that
// the target can tell them apart.
//
// All but this file is native only.
package udpfault
