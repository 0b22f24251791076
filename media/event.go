package media

import "github.com/bifrons-rtc/bifrons/client"

// The events of a Peer, on the stream of its handle:
//
//	*TrackAdded, *TrackMuted, *TrackEnded, *PlayBlocked, *StateChanged, *DataOpened
type (
	// TrackAdded says that a remote track sends its first packet. Its Kind is
	// "media.track".
	TrackAdded struct {
		client.EventBase
		Track *Track
	}

	// TrackEnded says that a remote track is gone. Its Kind is "media.ended".
	TrackEnded struct {
		client.EventBase
		Track *Track
	}

	// TrackMuted says that nothing comes on a remote track any more, for the time
	// being, or that it comes again. Its Kind is "media.muted". Silence has to
	// last 2.5 s to be news. Browsers report it; a native build does not.
	TrackMuted struct {
		client.EventBase
		Track *Track
		Muted bool
	}

	// PlayBlocked says that the page may not play a track that was attached to an
	// element until its user clicks; then call Play of Sink. Its Kind is
	// "media.blocked".
	PlayBlocked struct {
		client.EventBase
		Track *Track
		Sink  *ElementSink
		Err   error // matches [ErrBlocked]
	}

	// StateChanged says that the peer connection changed its state. Its Kind is
	// "media.state". StateClosed comes once and is the peer's last event.
	StateChanged struct {
		client.EventBase
		State State
		Err   error // why, when the state is StateFailed or StateClosed; nil after Close
	}

	// DataOpened says that the other side opened a data channel. Its Kind is
	// "media.data".
	DataOpened struct {
		client.EventBase
		Channel *DataChannel
	}
)

var (
	_ client.Event = (*TrackAdded)(nil)
	_ client.Event = (*TrackMuted)(nil)
	_ client.Event = (*TrackEnded)(nil)
	_ client.Event = (*PlayBlocked)(nil)
	_ client.Event = (*StateChanged)(nil)
	_ client.Event = (*DataOpened)(nil)
)

// State is the state of a peer connection, RTCPeerConnectionState of WebRTC 1.0.
type State string

// The states of a peer connection.
const (
	StateNew          State = "new"
	StateConnecting   State = "connecting"
	StateConnected    State = "connected"
	StateDisconnected State = "disconnected" // may come back by itself
	StateFailed       State = "failed"       // comes back with an ICE restart only
	StateClosed       State = "closed"
)
