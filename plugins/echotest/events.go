package echotest

import (
	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/json"
)

type (
	// Done says that the echo ended, for whatever reason, or lost its connection
	// and is to go on with another. The gateway sends it ahead of the core's
	// *client.Hangup, and also when it was told to hang up and there was nothing
	// to hang up.
	Done struct{ client.EventBase }

	// SlowLink says that packets are lost and the plugin asks for less.
	SlowLink struct {
		client.EventBase
		Media   string // "audio" or "video"
		Bitrate int    // the limit it asks for, in bits per second; 0 for none, and for audio
	}

	// LayerChanged says which layer of a simulcast or SVC video is coming back
	// now. Of the fields one is set, besides VideoCodec.
	LayerChanged struct {
		client.EventBase
		VideoCodec    string
		Substream     *int // simulcast
		Temporal      *int // simulcast
		SpatialLayer  *int // SVC, Janus 1.1.4 and later
		TemporalLayer *int // SVC, Janus 1.1.4 and later
	}

	// Error is a refusal nobody waits for: its request was cancelled, or sent
	// with Send.
	Error struct {
		client.EventBase
		Err *client.PluginError
	}
)

// payload is everything the plugin is known to send.
type payload struct {
	EchoTest  string `json:"echotest"`
	Result    string `json:"result"`
	Event     string `json:"event"`
	ErrorCode *int   `json:"error_code"`
	Error     string `json:"error"`

	Media   string `json:"media"`
	Bitrate int    `json:"current-bitrate"`

	VideoCodec    string `json:"videocodec"`
	Substream     *int   `json:"substream"`
	Temporal      *int   `json:"temporal"`
	SpatialLayer  *int   `json:"spatial_layer"`
	TemporalLayer *int   `json:"temporal_layer"`
}

// decode gives an event of the plugin its type. What it does not know, or what
// has more to it than the type could hold, stays a *client.PluginEvent.
func decode(ev *client.PluginEvent) client.Event {
	if ev.Plugin != Plugin || ev.JSEP != nil {
		return nil
	}
	var p payload
	if err := json.Unmarshal(ev.Data, &p); err != nil || p.EchoTest != "event" {
		return nil
	}
	base := func(kind string) client.EventBase {
		b := ev.EventBase
		b.Kind = "echotest." + kind
		return b
	}
	switch {
	case p.ErrorCode != nil:
		return &Error{base("error"), &client.PluginError{
			PluginCode: client.PluginCode{Plugin: Plugin, Code: *p.ErrorCode}, Reason: p.Error, Raw: ev.Data}}
	case p.Result == "done":
		return &Done{base("done")}
	case p.Event == "slow_link":
		return &SlowLink{base("slow_link"), p.Media, p.Bitrate}
	case p.Substream != nil || p.Temporal != nil || p.SpatialLayer != nil || p.TemporalLayer != nil:
		return &LayerChanged{base("layer_changed"), p.VideoCodec, p.Substream, p.Temporal, p.SpatialLayer, p.TemporalLayer}
	default:
		return nil
	}
}
