// Package client speaks the Janus protocol: gateway, sessions and handles.
//
//	c, err := client.Dial(ctx, "ws://127.0.0.1:8188/", nil)
//	s, err := c.NewSession(ctx)
//	h, err := s.Attach(ctx, "janus.plugin.echotest", nil)
//	resp, err := h.Request(ctx, map[string]any{"audio": true}, nil)
//	for ev, err := range h.Events(ctx) { … }
//
// Packages under plugins/ give the plugins their types. Package media moves
// audio, video and data.
//
// # Concurrency
//
// All methods may be called concurrently, but for Next and Events: a stream
// has one consumer. A request can be made from anywhere, also while handling
// an event.
//
// # Goroutines
//
//	read loop   one per client; reads, routes and queues, never waits for a
//	            consumer, and dials again after a loss; ends with the client;
//	            Close waits for it
//	keepalive   one per client, over HTTP from its first session on; ends with
//	            the client; Close waits for it
//	the page    in a browser only: watches it being hidden and left; ends with
//	            the client; Close waits for it
//	resumption  one per session while it is claimed or rebuilt; ends with that or
//	            with the connection; Close waits for it
//	a move      reads the connection it goes to, and ends the one it leaves; both
//	            end with the connections; Close waits for them
//
// Nothing else runs: no goroutine belongs to a handle or a message.
//
// # Matching answers
//
// A message that carries the transaction of a waiting request is its answer;
// an event may overtake the ack. A message whose transaction nobody waits for
// is an event: some plugins reuse the transaction of a request for everything
// that follows from it.
//
// # What the gateway can do
//
// [Client.Capabilities] asks the gateway once, and the keepalive does so soon after
// the first session. From then on nothing is sent that cannot work: a plugin that
// is not there, an offer of data channels where there are none ([FeatureError]). A
// request that is newer than the gateway has it asked, and is a [VersionError].
//
// # Peer connections
//
// A handle has one at a time. It knows of it from the descriptions that pass, so
// that [Handle.Hangup] returns when it is gone, and an offer waits until the
// gateway is done with the one before ([Handle.Settle]).
//
// # When the connection is lost
//
// A client that [Dial] made dials again, as its [Reconnect] says, the same server
// and then those of [Options.Servers], and claims its sessions; those the gateway
// did not keep it rebuilds. Every stream says [Interrupted], then [Resumed], and
// goes on. When the client gives up, streams, sessions and client end with the
// reason. Credentials that are refused twice are one. [Client.State] says where it
// is, [Client.NextState] follows it, and [Client.Move] goes to another server
// before a connection is lost.
//
// A call on its way ends at once with [ErrOutcomeUnknown], since the gateway may
// have executed it, unless it does no harm twice: then it is sent again, as
// [Handle.Query] is. Calls that were not sent yet, and new ones, wait, as many as
// [Options.SendBuffer] says, and at most for [Options.RequestTimeout]. Where there
// is no way back, they get [ErrInterrupted].
//
// A claimed session keeps its peer connections. Events that the gateway sent
// meanwhile are lost.
//
// # When the gateway gives a session up
//
// A Session and a Handle are not their ids, which change under them when the
// session is rebuilt: after a loss, by [Session.Rebuild], and by itself after a
// timeout if a plugin said how to restore its handle ([AttachOptions]). Its peer
// connections are gone then.
//
// The protocol is described at https://janus.conf.meetecho.com/docs/rest.html.
package client
