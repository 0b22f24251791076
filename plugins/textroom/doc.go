// Package textroom is a typed client of janus.plugin.textroom, chat rooms whose
// members talk over data channels.
//
//	text, err := textroom.Attach(ctx, s, nil)
//	peer, err := media.NewPeer(text, nil)
//	ch, err := peer.OpenData(ctx, textroom.Label, nil)
//	conn, err := text.Open(ctx, peer, ch)
//	others, err := conn.Join(ctx, textroom.JoinRequest{Room: client.NumID(1234), Username: "ann"})
//	_, err = conn.Message(ctx, textroom.MessageRequest{Room: client.NumID(1234), Text: "hello"})
//	for ev, err := range text.Events(ctx) { … }
//
// Rooms are managed over the Janus API as well, with the methods of [Rooms] on a
// [Handle]: that needs neither a connection nor media.
//
// # Events
//
// Beside the core events of package client, the stream of a [Handle] carries what
// comes over its data channel,
//
//	*Joined, *Left, *Message, *Announcement, *Kicked, *Destroyed, *Rejoined, *Ghost,
//	*Resynced, *Lost, *Error
//
// in the order of that channel, and *client.PluginEvent for whatever the plugin
// may say in future. The Raw of an event is the message on the channel.
//
// # Errors
//
// A refusal of the plugin is the error of the request, a [*client.PluginError]
// that errors.Is matches against the codes of this package. Only one that nobody
// waits for comes as an [*Error] event.
//
// # Lost connections
//
// A [Conn] outlives what it stands on, as far as its peer does, which a *media.Peer
// does by default. After the session was claimed the rooms are compared with what
// is known of them. After it was rebuilt, or the connection to the gateway broke,
// there is another one under the same Conn, and the rooms are joined again; see
// [Handle.Open]. What changed meanwhile comes as ordinary events, with *[Resynced]
// or *[Rejoined] behind them.
//
// # Concurrency
//
// All methods may be called concurrently, but for Next and Events. Open, Restart
// and Stop wait for each other. A request may be made while an event is handled.
//
// The plugin is described at https://janus.conf.meetecho.com/docs/textroom.html.
package textroom
