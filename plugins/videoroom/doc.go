// Package videoroom is a typed client of janus.plugin.videoroom: rooms in which
// everybody can send, and everybody chooses what to receive.
//
// # A room
//
// [Join] returns a [Room], which is what most programs want. It knows who is
// there, publishes, receives what is declared as wanted over one connection, and
// keeps it so:
//
//	newPeer := func(h *client.Handle) (client.Negotiator, error) { return media.NewPeer(h, nil) }
//	room, err := videoroom.Join(ctx, s, videoroom.RoomOptions{
//		Join:    videoroom.JoinRequest{Room: client.NumID(1234), Display: "me"},
//		NewPeer: newPeer,
//		Wanted:  videoroom.Wanted{All: true},
//	})
//	_, err = room.Publish(ctx, videoroom.PublishRequest{}, newSendingPeer)
//	for ev, err := range room.Events(ctx) {
//		switch ev := ev.(type) {
//		case *media.TrackAdded:
//			from := room.Stream(ev.Track.MID).FeedID
//			…
//		}
//	}
//	err = room.Leave(ctx)
//
// An m-line carries one feed after another: the track of media ends, and another
// begins with the same MID.
//
// # One request at a time
//
// [Attach] returns a [Handle], whose methods manage rooms. [Handle.Join] makes it
// a [Publisher], [Handle.Subscribe] a [Subscriber]: each has the requests that its
// role may send. All 31 requests of the plugin are there, without the fields it
// calls deprecated. Structs mirror the wire; what they lack is in their Raw.
//
// Ids of rooms and feeds are numbers, or strings on a gateway with string_ids:
// see [client.ID].
//
// # When connections are lost
//
// A Room, a Publisher and a Subscriber bring back what they were, without their
// program:
//
//   - After a claim (*client.Resumed) a Room compares who is there with what it
//     knew, for a gateway does not repeat what it said meanwhile, and tells the
//     difference by the ordinary events, then [*Resynced]. A Subscriber asks what
//     its subscription is. Where nothing changed, media is not touched.
//   - After a rebuild (*client.Resumed, Rebuilt) a Room and a Publisher join again
//     with the same id, publish the same, and a Room and a Subscriber subscribe to
//     the same again. Members of before have 10 s to come back, and count as [*Left]
//     then. [*Ghost] tells of an id that somebody has.
//   - A peer connection that breaks or is hung up by the network is mended by ICE
//     restarts, then renewed.
//
// Peers that are a [client.Mender], as a *media.Peer is, stay the same in all of
// this, and so do their tracks where the feed is the same.
//
// # Events
//
// Beside the core events of package client and those of a peer, the streams carry
// what the plugin says to publishers,
//
//	*Published, *Unpublished, *Joined, *Left, *Kicked, *Moderated, *Changed,
//	*Talking, *SlowLink, *Destroyed, *Error
//
// to subscribers,
//
//	*Updated, *LayerChanged
//
// what this package adds,
//
//	*SubscriptionFailed, *PublicationFailed, *Resynced, *Ghost
//
// and client.PluginEvent for whatever the plugin may say in future.
//
// # Errors
//
// A refusal of the plugin is the error of the request, a [*client.PluginError]
// that errors.Is matches against the codes of this package. A request that the
// gateway is too old for is a [*client.VersionError]. Where the plugin answers nothing,
// calls end with [client.ErrTimeout] after 10 s, or with their context.
//
// # Concurrency
//
// All methods may be called concurrently, but for Next and Events. A Subscriber
// has one goroutine, which reads its handle and ends with it; a Room has two more,
// which end with the room. A peer that can be mended has one that does it. None of
// them waits for the consumer of events, which may lose the oldest: *client.Dropped
// says so.
//
// The plugin is described at https://janus.conf.meetecho.com/docs/videoroom.html.
package videoroom
