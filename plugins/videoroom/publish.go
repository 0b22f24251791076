package videoroom

import (
	"encoding/json"
	"slices"
	"strconv"
)

// PublishRequest says how to publish, or changes it. Nil and empty fields are
// left as they are.
type PublishRequest struct {
	Descriptions []StreamDescription `json:"descriptions,omitempty"` // shown to the others

	// AudioCodec and VideoCodec choose among the codecs of the room. They belong
	// to an offer; a renegotiation repeats them. Default: the first of the room's
	// that the offer has.
	AudioCodec string `json:"audiocodec,omitempty"`
	VideoCodec string `json:"videocodec,omitempty"`

	// Bitrate is the limit the gateway asks us to keep, by REMB, in bits per
	// second. 0 is the room's, which is the default.
	Bitrate *int `json:"bitrate,omitempty"`

	// Record starts or ends a recording on the gateway's disk, whose files begin
	// with Filename; default: a made-up name. Secret is that of the room, where
	// it has lock_record.
	Record   *bool   `json:"record,omitempty"`
	Filename *string `json:"filename,omitempty"`
	Secret   string  `json:"secret,omitempty"`

	Display  *string         `json:"display,omitempty"`
	Metadata json.RawMessage `json:"metadata,omitempty"` // an object; Janus 1.3.0 and later

	Keyframe           *bool `json:"keyframe,omitempty"`             // have the gateway ask us for a keyframe now
	AudioLevelAverage  *int  `json:"audio_level_average,omitempty"`  // dBov below 0, 127 being silence
	AudioActivePackets *int  `json:"audio_active_packets,omitempty"` // packets that are averaged

	Streams []PublishStream `json:"streams,omitempty"`
}

// StreamDescription labels an m-line.
type StreamDescription struct {
	MID         string `json:"mid"`
	Description string `json:"description"`
}

// PublishStream changes one m-line of ours.
type PublishStream struct {
	MID      string `json:"mid"`
	Send     *bool  `json:"send,omitempty"` // false: the gateway drops what we send; default true
	Keyframe *bool  `json:"keyframe,omitempty"`
	MinDelay *int   `json:"min_delay,omitempty"` // playout delay, in units of 10 ms
	MaxDelay *int   `json:"max_delay,omitempty"`
}

// PublishReply is what the gateway made of an offer.
type PublishReply struct {
	AudioCodec string          `json:"audio_codec,omitempty"` // of the first m-line of sound
	VideoCodec string          `json:"video_codec,omitempty"`
	Streams    []Stream        `json:"streams,omitempty"`
	Raw        json.RawMessage `json:"-"` // as received
}

// UnmarshalJSON implements json.Unmarshaler.
func (p *PublishReply) UnmarshalJSON(data []byte) error {
	type plain PublishReply
	return keep(data, (*plain)(p), &p.Raw)
}

// negotiated returns the part of p that has to be in every offer. The rest the
// gateway keeps, and must not get again: a repeated record would begin new files.
func (p *PublishRequest) negotiated() PublishRequest {
	return PublishRequest{AudioCodec: p.AudioCodec, VideoCodec: p.VideoCodec, Descriptions: p.Descriptions}
}

// part returns the request for a publication that was made anew so often: its
// recording must not take the place of the one before.
func (p *PublishRequest) part(renewals int) *PublishRequest {
	cfg := *p
	if cfg.Filename != nil && renewals > 0 {
		cfg.Filename = new(*cfg.Filename + "-" + strconv.Itoa(renewals+1))
	}
	return &cfg
}

// keepSettings takes over what a publication keeps.
func (p *PublishRequest) keepSettings(over *PublishRequest) {
	set(&p.Bitrate, over.Bitrate)
	set(&p.Record, over.Record)
	set(&p.Filename, over.Filename)
	set(&p.Display, over.Display)
	set(&p.AudioLevelAverage, over.AudioLevelAverage)
	set(&p.AudioActivePackets, over.AudioActivePackets)
	if over.Descriptions != nil {
		p.Descriptions = slices.Clone(over.Descriptions)
	}
	if over.Metadata != nil {
		p.Metadata = over.Metadata
	}
	if over.Secret != "" {
		p.Secret = over.Secret
	}
}

// keep takes over all of a request, as it is now.
func (p *PublishRequest) keep(cfg *PublishRequest) {
	*p = *cfg
	p.Descriptions = slices.Clone(cfg.Descriptions)
	p.Streams = slices.Clone(cfg.Streams)
	p.keepSettings(cfg)
}
