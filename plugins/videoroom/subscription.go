package videoroom

import (
	"encoding/json"

	"github.com/bifrons-rtc/bifrons/client"
)

// Subscription asks for one m-line of a feed, or for all of them.
type Subscription struct {
	Feed client.ID `json:"feed"`
	MID  string    `json:"mid,omitempty"` // of the feed; default: all
	// CrossRefID comes back in [SubscriberStream], for the application's own use.
	CrossRefID string `json:"crossrefid,omitempty"`
	Relay
}

// Relay says how the gateway relays an m-line to one subscriber. Nil fields are
// left as they are, which is the default at first.
type Relay struct {
	Send *bool `json:"send,omitempty"` // false: relay nothing for now; default true

	// Substream and Temporal choose a simulcast layer, from 0, the lowest, to 2,
	// the default. [LayerChanged] says when it is reached.
	Substream *int `json:"substream,omitempty"`
	Temporal  *int `json:"temporal,omitempty"`
	// Fallback is how long a layer may be silent until a lower one is taken, in
	// microseconds. Default: 250000.
	Fallback *int `json:"fallback,omitempty"`

	// SpatialLayer and TemporalLayer, from 0 to 2, choose a layer of scalable
	// coding (SVC).
	SpatialLayer  *int `json:"spatial_layer,omitempty"`
	TemporalLayer *int `json:"temporal_layer,omitempty"`

	// MinDelay and MaxDelay are what the gateway puts into the playout-delay
	// header extension, in units of 10 ms. Default: what the publisher sends.
	MinDelay *int `json:"min_delay,omitempty"`
	MaxDelay *int `json:"max_delay,omitempty"`
}

// Unsubscription names what to give up: an m-line of the subscription by SubMID
// alone, or a feed, or one m-line of a feed.
type Unsubscription struct {
	Feed   client.ID `json:"feed,omitzero"`
	MID    string    `json:"mid,omitempty"`     // of the feed; default: all of them
	SubMID string    `json:"sub_mid,omitempty"` // of the subscription
}

// SwitchStream puts an m-line of another feed where one of the subscription is.
type SwitchStream struct {
	Feed   client.ID `json:"feed"`
	MID    string    `json:"mid"`     // of the feed
	SubMID string    `json:"sub_mid"` // of the subscription

	// The layers to begin with; Janus 1.1.4 and later.
	Substream     *int `json:"substream,omitempty"`
	Temporal      *int `json:"temporal,omitempty"`
	SpatialLayer  *int `json:"spatial_layer,omitempty"`
	TemporalLayer *int `json:"temporal_layer,omitempty"`
}

// ConfigureStream changes how one m-line of a subscription is relayed.
type ConfigureStream struct {
	MID string `json:"mid"` // of the subscription
	Relay
	AudioLevelAverage  *int `json:"audio_level_average,omitempty"`  // dBov below 0, 127 being silence
	AudioActivePackets *int `json:"audio_active_packets,omitempty"` // packets that are averaged
}

// SubscriberStream is an m-line of a subscription: what comes on it, if
// anything. All data channels share one m-line, which has SourceIDs in the place
// of FeedID.
type SubscriberStream struct {
	MIndex     int    `json:"mindex"`
	MID        string `json:"mid"`  // the one of media.Track, and of [ConfigureStream]
	Type       string `json:"type"` // "audio", "video" or "data"
	Active     bool   `json:"active"`
	Ready      bool   `json:"ready"` // the connection is up
	Send       bool   `json:"send"`  // see [Relay]
	CrossRefID string `json:"crossrefid,omitempty"`

	FeedID          client.ID       `json:"feed_id,omitzero"`
	FeedMID         string          `json:"feed_mid,omitempty"`
	FeedDisplay     string          `json:"feed_display,omitempty"`
	FeedMetadata    json.RawMessage `json:"feed_metadata,omitempty"` // Janus 1.3.0 and later
	FeedDescription string          `json:"feed_description,omitempty"`
	SourceIDs       []client.ID     `json:"source_ids,omitempty"` // data: the feeds that send some

	Codec        string           `json:"codec,omitempty"`
	H264Profile  string           `json:"h264-profile,omitempty"`
	VP9Profile   string           `json:"vp9-profile,omitempty"`
	PlayoutDelay *PlayoutDelay    `json:"playout-delay,omitempty"`
	Simulcast    *SimulcastLayers `json:"simulcast,omitempty"`
	SVC          *SVCLayers       `json:"svc,omitempty"`

	Raw json.RawMessage `json:"-"` // as received
}

// UnmarshalJSON implements json.Unmarshaler.
func (s *SubscriberStream) UnmarshalJSON(data []byte) error {
	type plain SubscriberStream
	return keep(data, (*plain)(s), &s.Raw)
}

// PlayoutDelay is what goes into the header extension, in units of 10 ms.
type PlayoutDelay struct {
	Min int `json:"min-delay"`
	Max int `json:"max-delay"`
}

// SimulcastLayers are the layers of a simulcast video that are relayed and
// wanted, from 0; -1 where nothing was relayed yet.
type SimulcastLayers struct {
	Substream       int `json:"substream"`
	SubstreamTarget int `json:"substream-target"`
	Temporal        int `json:"temporal-layer"`
	TemporalTarget  int `json:"temporal-layer-target"`
	Fallback        int `json:"fallback,omitempty"` // microseconds
}

// SVCLayers is the same for scalable coding.
type SVCLayers struct {
	Spatial        int `json:"spatial-layer"`
	SpatialTarget  int `json:"target-spatial-layer"`
	Temporal       int `json:"temporal-layer"`
	TemporalTarget int `json:"target-temporal-layer"`
}

// check refuses layers that do not exist: Janus 1.1.2 does not bear all of them.
func (r *Relay) check(op string) error {
	for name, layer := range map[string]*int{
		"Substream": r.Substream, "Temporal": r.Temporal,
		"SpatialLayer": r.SpatialLayer, "TemporalLayer": r.TemporalLayer,
	} {
		if layer != nil && (*layer < 0 || *layer > 2) {
			return &client.ArgumentError{Op: op, Reason: name + " must be 0, 1 or 2"}
		}
	}
	return nil
}
