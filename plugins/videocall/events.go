package videocall

import (
	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/json"
)

type (
	// Incoming says that somebody calls. Give it to [Handle.Accept], or
	// [Handle.Decline]. Its Kind is "videocall.incoming".
	Incoming struct {
		client.EventBase
		Username string       // the caller's
		JSEP     *client.JSEP // their offer
	}

	// Accepted says that somebody accepted our call. The peer has their answer
	// already; Err says what it thought of it, such as a *media.CodecError for an
	// m-line that was refused. Its Kind is "videocall.accepted".
	Accepted struct {
		client.EventBase
		Username string // theirs
		JSEP     *client.JSEP
		Err      error
	}

	// Updated says that the call was renegotiated: an offer of the other side was
	// answered, or they answered ours. Err says what went wrong with that; the
	// call goes on as it was then. Its Kind is "videocall.updated".
	Updated struct {
		client.EventBase
		JSEP *client.JSEP // theirs
		Err  error
	}

	// Ended says that a call ended, or came to nothing. It may come twice for one
	// call, with "Remote WebRTC hangup" as the reason of one of them, before or
	// after the core's *client.Hangup, which comes once. Where the gateway lost the
	// call, or it ended unseen, Username is empty, and Reason, which is the one of
	// the *client.Hangup as well, says more. Its Kind is "videocall.ended".
	Ended struct {
		client.EventBase
		Username string // of who ended it
		Reason   string
	}

	// Registered says that our name was registered again after the gateway had lost
	// it, and some time after the *client.Resumed whose Err said that somebody had
	// it: what the gateway still took for us, as a rule, until its session timed
	// out. With an error it was not registered, and will not be; Register another.
	// Its Kind is "videocall.registered".
	Registered struct {
		client.EventBase
		Username string
		Err      error
	}

	// Resynced says that the session was claimed after an [client.Interrupted]
	// connection, and the gateway was asked what is left. Its Kind is
	// "videocall.resynced".
	Resynced struct {
		client.EventBase
		// Over says that the call had ended meanwhile; its *Ended and *client.Hangup
		// came before.
		Over bool
		// Registered says that the gateway had lost our name, and has it again.
		Registered bool
		Err        error // what could not be asked or brought back; nil: nothing
	}

	// LayerChanged says which layer of the other side's simulcast video comes now.
	// One of Substream and Temporal is set. Its Kind is "videocall.layer_changed".
	LayerChanged struct {
		client.EventBase
		VideoCodec string
		Substream  *int
		Temporal   *int
	}

	// SlowLink says that packets of ours are lost on the way to the gateway. Its
	// Kind is "videocall.slow_link".
	SlowLink struct {
		client.EventBase
		Media   string // "audio" or "video"
		Bitrate int    // the limit there is, in bits per second; 0 for none, and for audio
	}

	// Error is a refusal nobody waits for: its request was cancelled, or sent with
	// Send. Its Kind is "videocall.error".
	Error struct {
		client.EventBase
		Err *client.PluginError
	}
)

// payload is everything the plugin is known to send of its own accord.
type payload struct {
	VideoCall string `json:"videocall"`
	ErrorCode *int   `json:"error_code"`
	Error     string `json:"error"`
	Result    struct {
		Event      string `json:"event"`
		Username   string `json:"username"`
		Reason     string `json:"reason"`
		VideoCodec string `json:"videocodec"`
		Substream  *int   `json:"substream"`
		Temporal   *int   `json:"temporal"`
		Media      string `json:"media"`
		Bitrate    int    `json:"current-bitrate"`
	} `json:"result"`
}

// decode gives an event of the plugin its type. What it does not know, or what
// has more or less to it than the type, stays a *client.PluginEvent.
func decode(ev *client.PluginEvent) client.Event {
	if ev.Plugin != Plugin {
		return nil
	}
	var p payload
	if err := json.Unmarshal(ev.Data, &p); err != nil || p.VideoCall != "event" {
		return nil
	}
	base := func(kind string) client.EventBase {
		b := ev.EventBase
		b.Kind = "videocall." + kind
		return b
	}
	r := &p.Result
	if ev.JSEP != nil {
		switch r.Event {
		case "incomingcall":
			return &Incoming{base("incoming"), r.Username, ev.JSEP}
		case "accepted":
			return &Accepted{EventBase: base("accepted"), Username: r.Username, JSEP: ev.JSEP}
		case "update":
			return &Updated{EventBase: base("updated"), JSEP: ev.JSEP}
		}
		return nil
	}
	switch {
	case p.ErrorCode != nil:
		return &Error{base("error"), &client.PluginError{
			PluginCode: client.PluginCode{Plugin: Plugin, Code: *p.ErrorCode}, Reason: p.Error, Raw: ev.Data}}
	case r.Event == "hangup":
		return &Ended{base("ended"), r.Username, r.Reason}
	case r.Event == "simulcast" && (r.Substream != nil || r.Temporal != nil):
		return &LayerChanged{base("layer_changed"), r.VideoCodec, r.Substream, r.Temporal}
	case r.Event == "slow_link":
		return &SlowLink{base("slow_link"), r.Media, r.Bitrate}
	}
	return nil
}
