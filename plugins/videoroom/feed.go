package videoroom

import (
	"encoding/json"

	"github.com/bifrons-rtc/bifrons/client"
)

// Feed is somebody who publishes.
type Feed struct {
	ID       client.ID       `json:"id"`
	Display  string          `json:"display,omitempty"`
	Metadata json.RawMessage `json:"metadata,omitempty"` // Janus 1.3.0 and later
	Dummy    bool            `json:"dummy,omitempty"`    // sends nothing, see [CreateRequest]
	Talking  *bool           `json:"talking,omitempty"`  // nil: the room does not listen for it
	Streams  []Stream        `json:"streams"`
	Raw      json.RawMessage `json:"-"` // as received
}

// UnmarshalJSON implements json.Unmarshaler.
func (f *Feed) UnmarshalJSON(data []byte) error {
	type plain Feed
	return keep(data, (*plain)(f), &f.Raw)
}

// Stream is an m-line of a feed.
type Stream struct {
	Type        string          `json:"type"` // "audio", "video" or "data"
	MIndex      int             `json:"mindex"`
	MID         string          `json:"mid"`
	Disabled    bool            `json:"disabled,omitempty"` // nothing comes, and the rest is not set
	Codec       string          `json:"codec,omitempty"`    // e.g. "opus", "vp8"
	Description string          `json:"description,omitempty"`
	Stereo      bool            `json:"stereo,omitempty"`
	FEC         bool            `json:"fec,omitempty"`
	DTX         bool            `json:"dtx,omitempty"`
	Talking     *bool           `json:"talking,omitempty"`
	H264Profile string          `json:"h264_profile,omitempty"`
	VP9Profile  string          `json:"vp9_profile,omitempty"`
	Simulcast   bool            `json:"simulcast,omitempty"`
	SVC         bool            `json:"svc,omitempty"`
	Moderated   bool            `json:"moderated,omitempty"` // muted by [Handle.Moderate]
	Raw         json.RawMessage `json:"-"`                   // as received
}

// UnmarshalJSON implements json.Unmarshaler.
func (s *Stream) UnmarshalJSON(data []byte) error {
	type plain Stream
	return keep(data, (*plain)(s), &s.Raw)
}

// Attendee is somebody in a room who does not publish.
type Attendee struct {
	ID       client.ID       `json:"id"`
	Display  string          `json:"display,omitempty"`
	Metadata json.RawMessage `json:"metadata,omitempty"` // Janus 1.3.0 and later
	Raw      json.RawMessage `json:"-"`                  // as received
}

// UnmarshalJSON implements json.Unmarshaler.
func (a *Attendee) UnmarshalJSON(data []byte) error {
	type plain Attendee
	return keep(data, (*plain)(a), &a.Raw)
}
