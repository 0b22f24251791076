// Package roster tells who is in a room of Janus' VideoRoom plugin: a small
// client of a plugin, written once for native programs and for pages. It sends
// and receives no media.
//
//	h, err := roster.Attach(ctx, s)
//	room, err := h.Join(ctx, client.NumID(1234), "Ann")
//	for ev, err := range h.Events(ctx) {
//		room.Update(ev)
//	}
//
// Beside the events of package client, the stream of a [Handle] carries
//
//	*Joined, *Left
//
// All methods of a Handle may be called concurrently, but for Next and Events.
//
// The plugin is described at https://janus.conf.meetecho.com/docs/videoroom.html.
package roster
