package client

import "encoding/json"

// Event is an unsolicited message from the gateway, or news of the connection.
// Only types that embed [EventBase] implement it: the ones below, those of
// package media and those of the plugin packages.
//
//	*WebRTCUp, *MediaState, *SlowLink, *Hangup, *ICEFailed, *RemoteCandidate,
//	*Detached, *SessionTimeout, *Interrupted, *Resumed, *Dropped,
//	*GatewayError, *PluginEvent
//
// Gateways add events; a switch over events needs its default.
type Event interface {
	// Base returns the part every event shares.
	Base() *EventBase
	sealed()
}

// EventBase is the part every event shares. Plugin packages embed it, in this
// module and in others.
type EventBase struct {
	Kind    string // stable name, e.g. "webrtcup" or "echotest.done"
	Session uint64 // the gateway's id; zero for news of the connection
	Handle  uint64 // zero for news of the session
	// Transaction is what the message carried. Plugins reuse old ones, so it
	// does not make an event an answer.
	Transaction string
	Raw         json.RawMessage // the message as received; nil for news of ours
}

// Base returns b.
func (b *EventBase) Base() *EventBase { return b }

func (b *EventBase) sealed() {}

type (
	// WebRTCUp says that ICE and DTLS are done. It comes once for a peer
	// connection, not again after an ICE restart.
	WebRTCUp struct{ EventBase }

	// MediaState says that the gateway started or stopped receiving media.
	MediaState struct {
		EventBase
		MID       string
		Media     string // "audio" or "video"
		Receiving bool
		Substream *int // simulcast layer the news is about; nil without simulcast
		Seconds   int  // how long nothing came; 0 when Receiving
	}

	// SlowLink says that packets are lost. The gateway sends it when its
	// slowlink_threshold is set.
	SlowLink struct {
		EventBase
		MID    string
		Media  string // "audio" or "video"
		Uplink bool   // the gateway's view: true is about media it sends to us
		Lost   int    // packets in the last second
	}

	// Hangup says that the peer connection is gone. The handle can start another.
	Hangup struct {
		EventBase
		Reason string // e.g. "Janus API", "DTLS alert", "ICE failed"
	}

	// ICEFailed says that ICE broke; a Hangup follows unless an ICE restart
	// mends it. Janus 1.2.0 and later.
	ICEFailed struct{ EventBase }

	// RemoteCandidate is a candidate of a gateway in full-trickle mode.
	RemoteCandidate struct {
		EventBase
		Candidate *Candidate // nil: the gateway has no more
	}

	// Detached says that the handle is gone. It is the last event of its stream.
	Detached struct{ EventBase }

	// SessionTimeout says that the gateway gave the session up. It is the last
	// event of the session's stream and of its handles' streams, unless a handle
	// has a [Restorer]: then the session is rebuilt.
	SessionTimeout struct{ EventBase }

	// Resumed says that the session goes on after an interruption or a timeout.
	Resumed struct {
		EventBase
		// Rebuilt says that the gateway knew the session no more: it has a new id, as
		// the handle has, and the peer connection is gone.
		Rebuilt bool
		Err     error // what could not be brought back; nil: all of it was
	}

	// Interrupted says that the connection was lost, and why. A [Resumed] follows
	// if it could be made again, else the stream ends.
	Interrupted struct {
		EventBase
		Err error
	}

	// Dropped says that the consumer was too slow: Count events before the next
	// one are gone.
	Dropped struct {
		EventBase
		Count int
	}

	// GatewayError is an error of the gateway that belongs to no request, such
	// as the refusal of a message it could not read.
	GatewayError struct {
		EventBase
		Err *Error
	}

	// PluginEvent is a plugin event no [Decoder] claimed, or any event of a
	// message kind this package does not know: then Plugin and Data are empty
	// and Raw holds all of it.
	PluginEvent struct {
		EventBase
		Plugin string
		Data   json.RawMessage
		JSEP   *JSEP
	}
)

// Decoder gives a plugin event its type. It runs on the goroutine that calls
// Next. Returning nil keeps ev, so that nothing the gateway sends is lost to a
// decoder.
type Decoder func(ev *PluginEvent) Event
