// Package videocall is a typed client of janus.plugin.videocall, calls between
// two users of a gateway who know each other by name.
//
//	ann, err := videocall.Attach(ctx, s, nil)
//	err = ann.Register(ctx, "ann")
//	peer, err := media.NewPeer(ann, nil)
//	err = ann.Call(ctx, "bob", peer)
//	for ev, err := range ann.Events(ctx) { … }
//
// and on the other side
//
//	case *videocall.Incoming:
//		peer, err := media.NewPeer(bob, nil)
//		err = bob.Accept(ctx, ev, peer)
//
// # Events
//
// Beside the core events of package client, the stream of a [Handle] carries
//
//	*Incoming, *Accepted, *Updated, *Ended, *Registered, *Resynced, *LayerChanged, *SlowLink, *Error
//
// and *client.PluginEvent for whatever the plugin may say in future. A call is
// over with the core's *client.Hangup, which comes once.
//
// The descriptions of the other side come as events, so the stream has to be
// read for a call to come about and to be renegotiated: [Handle.Next] gives them
// to the peer.
//
// # Errors
//
// A refusal of the plugin is the error of the request, a [*client.PluginError]
// that errors.Is matches against the codes of this package. Only one that nobody
// waits for comes as an [*Error] event.
//
// # Lost connections
//
// After the session was claimed, the gateway is asked whether it still has our
// name and our call; *[Resynced] says what was found. After it was rebuilt the
// name is registered again, and the settings made before a call are sent again. A
// call that ran is over then, with *[Ended] and *client.Hangup. So is one whose
// peer connection the gateway gave up; as long as it has it, a *media.Peer gets an
// ICE restart when its path breaks.
//
// # Concurrency
//
// All methods may be called concurrently, but for Next and Events, and from
// within the handling of an event. Those that exchange descriptions or hang up
// wait for each other.
//
// The plugin is described at https://janus.conf.meetecho.com/docs/videocall.html.
package videocall
