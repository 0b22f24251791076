package videoroom

import (
	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/json"
)

// payload is everything the plugin is known to send without being asked.
type payload struct {
	VideoRoom string    `json:"videoroom"`
	Room      client.ID `json:"room"`
	ErrorCode *int      `json:"error_code"`
	Error     string    `json:"error"`

	Publishers  []Feed          `json:"publishers"`
	Unpublished client.ID       `json:"unpublished"`
	Leaving     client.ID       `json:"leaving"`
	Reason      *string         `json:"reason"`
	Kicked      client.ID       `json:"kicked"`
	Joining     *Attendee       `json:"joining"`
	ID          client.ID       `json:"id"`
	Display     *string         `json:"display"`
	Metadata    json.RawMessage `json:"metadata"`
	Moderation  string          `json:"moderation"`

	MID     string             `json:"mid"`
	MIndex  int                `json:"mindex"`
	Level   float64            `json:"audio-level-dBov-avg"`
	Bitrate int                `json:"current-bitrate"`
	Streams []SubscriberStream `json:"streams"`

	Substream     *int `json:"substream"`
	Temporal      *int `json:"temporal"`
	SpatialLayer  *int `json:"spatial_layer"`
	TemporalLayer *int `json:"temporal_layer"`
}

// decode gives an event of the plugin its type. What it does not know, or what
// has more to it than the type could hold, stays a *client.PluginEvent.
func decode(ev *client.PluginEvent) client.Event {
	if ev.Plugin != Plugin {
		return nil
	}
	var p payload
	if json.Unmarshal(ev.Data, &p) != nil || ev.JSEP != nil && p.VideoRoom != "updated" {
		return nil
	}
	base := func(kind string) client.EventBase {
		b := ev.EventBase
		b.Kind = "videoroom." + kind
		return b
	}
	switch p.VideoRoom {
	case "event":
		return p.event(ev, base)
	case "updated":
		if p.Streams == nil && ev.JSEP == nil {
			return nil // nothing changed; a late answer
		}
		return &Updated{base("updated"), p.Streams, ev.JSEP}
	case "talking", "stopped-talking":
		return &Talking{base("talking"), p.ID, p.MIndex, p.MID, p.VideoRoom == "talking", p.Level}
	case "slow_link":
		return &SlowLink{base("slow_link"), p.Bitrate}
	case "destroyed":
		return &Destroyed{base("destroyed"), p.Room}
	default:
		return nil
	}
}

// event is decode for those that the plugin calls just that.
func (p *payload) event(ev *client.PluginEvent, base func(string) client.EventBase) client.Event {
	display := func() string {
		if p.Display == nil {
			return ""
		}
		return *p.Display
	}
	switch {
	case p.ErrorCode != nil:
		return &Error{base("error"), &client.PluginError{
			PluginCode: client.PluginCode{Plugin: Plugin, Code: *p.ErrorCode}, Reason: p.Error, Raw: ev.Data}}
	case p.Publishers != nil:
		return &Published{base("published"), p.Publishers}
	case p.isAnswer(ev):
		return nil
	case !p.Unpublished.IsZero():
		return &Unpublished{base("unpublished"), p.Unpublished, display()}
	case !p.Leaving.IsZero() && p.Reason != nil:
		return &Left{base("left"), client.ID{}, display(), true, *p.Reason}
	case !p.Leaving.IsZero():
		return &Left{base("left"), p.Leaving, display(), false, ""}
	case !p.Kicked.IsZero():
		return &Kicked{base("kicked"), p.Kicked, display(), p.Metadata}
	case p.Joining != nil:
		return &Joined{base("joined"), *p.Joining}
	case p.Moderation == "muted" || p.Moderation == "unmuted":
		return &Moderated{base("moderated"), p.ID, p.MID, p.Moderation == "muted"}
	case !p.ID.IsZero() && (p.Display != nil || p.Metadata != nil):
		return &Changed{base("changed"), p.ID, p.Display, p.Metadata}
	case p.Substream != nil || p.Temporal != nil || p.SpatialLayer != nil || p.TemporalLayer != nil:
		return &LayerChanged{base("layer_changed"), p.MID, p.Substream, p.Temporal, p.SpatialLayer, p.TemporalLayer}
	default:
		return nil
	}
}

// isAnswer reports whether the event is the "ok" of a request nobody waits for
// any more, and not news of somebody whose id is that word.
func (p *payload) isAnswer(ev *client.PluginEvent) bool {
	ok := client.StrID("ok")
	return ev.Transaction != "" && p.Reason == nil && (p.Unpublished == ok || p.Leaving == ok)
}
