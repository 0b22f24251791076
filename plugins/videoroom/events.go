package videoroom

import (
	"encoding/json"

	"github.com/bifrons-rtc/bifrons/client"
)

type (
	// Published says that feeds are there, or have other m-lines than before: a
	// feed replaces what was known of it. It comes when the publisher's
	// connection is up. Its Kind is "videoroom.published".
	Published struct {
		client.EventBase
		Feeds []Feed
	}

	// Unpublished says that somebody stopped publishing and is still in the
	// room. Janus sends it twice, and also when somebody leaves who did not
	// publish. Its Kind is "videoroom.unpublished".
	Unpublished struct {
		client.EventBase
		Feed    client.ID
		Display string // Janus 1.3.0 and later
	}

	// Joined says that somebody came who does not publish yet. The room must have
	// notify_joining. Its Kind is "videoroom.joined".
	Joined struct {
		client.EventBase
		Attendee Attendee
	}

	// Left says that somebody left the room: we ourselves when Own is set, and
	// then Reason says why. Its Kind is "videoroom.left".
	Left struct {
		client.EventBase
		Feed    client.ID
		Display string // Janus 1.3.0 and later
		Own     bool
		Reason  string // "kicked"
	}

	// Kicked says that somebody else was removed from the room. Its Kind is
	// "videoroom.kicked".
	Kicked struct {
		client.EventBase
		Feed     client.ID
		Display  string
		Metadata json.RawMessage
	}

	// Moderated says that the gateway stopped relaying an m-line, or relays it
	// again. Its Kind is "videoroom.moderated".
	Moderated struct {
		client.EventBase
		Feed  client.ID
		MID   string // of the feed
		Muted bool
	}

	// Changed says that somebody has another name or other metadata. Its Kind is
	// "videoroom.changed".
	Changed struct {
		client.EventBase
		Feed     client.ID
		Display  *string         // nil: as before
		Metadata json.RawMessage // nil: as before; Janus 1.3.0 and later
	}

	// Talking says that somebody began or stopped talking, ourselves included.
	// The room must have audiolevel_event. Its Kind is "videoroom.talking".
	Talking struct {
		client.EventBase
		Feed    client.ID
		MIndex  int
		MID     string // of the feed
		Talking bool
		Level   float64 // dBov below 0, on average: 0 is loud, 127 silent
	}

	// SlowLink says that the gateway misses packets of ours and asks for less.
	// Its Kind is "videoroom.slow_link".
	SlowLink struct {
		client.EventBase
		Bitrate int // the limit it asks for, in bits per second; 0 for none
	}

	// LayerChanged says which layer of a simulcast or SVC video is relayed now.
	// Not every change is told. Of the last four fields one is set. Its Kind is
	// "videoroom.layer_changed".
	LayerChanged struct {
		client.EventBase
		MID           string // of the subscription
		Substream     *int   // simulcast
		Temporal      *int   // simulcast
		SpatialLayer  *int   // SVC
		TemporalLayer *int   // SVC
	}

	// Updated says that a subscription changed. On the stream of a [Subscriber]
	// or a [Room] it comes after every change, whoever made it, with the offer
	// answered and Offer nil. Its Kind is "videoroom.updated".
	Updated struct {
		client.EventBase
		Streams []SubscriberStream
		Offer   *client.JSEP
	}

	// SubscriptionFailed says that an offer of the gateway could not be answered,
	// or that a [Room] could not subscribe. Its Kind is
	// "videoroom.subscription_failed".
	SubscriptionFailed struct {
		client.EventBase
		Feed client.ID // the feed that was refused, if it was about one; a Room tries again when it publishes anew
		Err  error
	}

	// PublicationFailed says that the connection of a [Publisher] or a [Room] could
	// not be mended or made anew after it was lost. Both go on trying, a Publisher
	// for a minute. Its Kind is "videoroom.publication_failed".
	PublicationFailed struct {
		client.EventBase
		Err error
	}

	// Ghost says that, after a rebuild of the session, somebody in the room had our
	// id: what the gateway had not yet cleared away of ourselves. Either it was
	// kicked, for which the join request needs the room's secret, and we have our id
	// again, or we are in the room beside it with another id. Then a [Room] does not
	// receive it. Its Kind is "videoroom.ghost".
	Ghost struct {
		client.EventBase
		ID        client.ID // of the ghost
		TakenOver bool      // it was kicked, and the id is ours again
	}

	// Resynced says that what happened while the connection was away is known: the
	// events before it tell of it, which the gateway did not. It counts them. Its
	// Kind is "videoroom.resynced".
	Resynced struct {
		client.EventBase
		Joined, Published, Unpublished, Left int  // members, on the stream of a [Room]
		Changed                              int  // other news of members
		Streams                              bool // the subscription was not what it was: an *[Updated] came
	}

	// Destroyed says that the room is gone. Its Kind is "videoroom.destroyed".
	Destroyed struct {
		client.EventBase
		Room client.ID
	}

	// Error is a refusal nobody waits for: its request was cancelled, or sent
	// with Send. Its Kind is "videoroom.error".
	Error struct {
		client.EventBase
		Err *client.PluginError
	}
)
