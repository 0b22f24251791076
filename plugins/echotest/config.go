package echotest

// Config is what can be set about an echo. Nil fields are left as they are;
// write new(true) or new(256000) for the others. A hangup returns everything
// to its default.
//
// https://janus.conf.meetecho.com/docs/echotest.html
type Config struct {
	Audio *bool `json:"audio,omitempty"` // send audio back; default true
	Video *bool `json:"video,omitempty"` // send video back; default true

	// Bitrate is the limit the gateway asks the sender to keep, by REMB, in
	// bits per second. 0, the default, is none. The gateway asks when a running
	// echo is configured, and again whenever the receiving side of the client
	// sends an estimate (REMB); one that sends none has to repeat a limit of
	// Start with Configure after *client.WebRTCUp.
	Bitrate *int `json:"bitrate,omitempty"`

	// Record starts or ends a recording on the gateway's disk. Every true
	// begins new files. Filename is their path without the endings
	// "-audio.mjr" and "-video.mjr"; default: a made-up name. It means nothing
	// without Record.
	Record   *bool   `json:"record,omitempty"`
	Filename *string `json:"filename,omitempty"`

	// Substream and Temporal choose a simulcast layer, from 0, the lowest, to 2,
	// the default. [LayerChanged] says when it is reached. A Substream that does
	// not come is asked for again, for a quarter of a minute.
	Substream *int `json:"substream,omitempty"`
	Temporal  *int `json:"temporal,omitempty"`
	// Fallback is how long a layer may be silent until a lower one is taken, in
	// microseconds. Default: 250000.
	Fallback *int `json:"fallback,omitempty"`

	// SVC, SpatialLayer and TemporalLayer, from 0 to 2, choose a layer of VP9 or
	// AV1 with scalable coding. Janus 1.1.4 and later; an older one gives a
	// [*client.VersionError].
	SVC           *bool `json:"svc,omitempty"`
	SpatialLayer  *int  `json:"spatial_layer,omitempty"`
	TemporalLayer *int  `json:"temporal_layer,omitempty"`

	// AudioCodec, VideoCodec, VideoProfile and OpusRED decide what the gateway
	// answers to an offer, so they belong into Start: "opus", "pcmu", "vp8",
	// "h264"; a profile such as "42e01f" for H.264 or "2" for VP9; redundant
	// audio (RED). Default: what the offer prefers, without RED. Renegotiate and
	// Restart repeat them.
	AudioCodec   *string `json:"audiocodec,omitempty"`
	VideoCodec   *string `json:"videocodec,omitempty"`
	VideoProfile *string `json:"videoprofile,omitempty"`
	OpusRED      *bool   `json:"opusred,omitempty"`

	// MinDelay and MaxDelay are what the gateway puts into the playout-delay
	// header extension, in units of 10 ms. Default: no extension.
	MinDelay *int `json:"min_delay,omitempty"`
	MaxDelay *int `json:"max_delay,omitempty"`
}

// merge sets in c what d sets.
func (c *Config) merge(d *Config) {
	set(&c.Audio, d.Audio)
	set(&c.Video, d.Video)
	set(&c.Bitrate, d.Bitrate)
	set(&c.Record, d.Record)
	set(&c.Filename, d.Filename)
	set(&c.Substream, d.Substream)
	set(&c.Temporal, d.Temporal)
	set(&c.Fallback, d.Fallback)
	set(&c.SVC, d.SVC)
	set(&c.SpatialLayer, d.SpatialLayer)
	set(&c.TemporalLayer, d.TemporalLayer)
	set(&c.AudioCodec, d.AudioCodec)
	set(&c.VideoCodec, d.VideoCodec)
	set(&c.VideoProfile, d.VideoProfile)
	set(&c.OpusRED, d.OpusRED)
	set(&c.MinDelay, d.MinDelay)
	set(&c.MaxDelay, d.MaxDelay)
}

// set copies a value that is there, so that the caller may reuse its own.
func set[T any](dst **T, src *T) {
	if src != nil {
		*dst = new(*src)
	}
}

// negotiated returns the part of c that the gateway forgets with every answer
// and that has to be in every offer. The rest it keeps, and must not get again:
// a repeated record would begin new files.
func (c *Config) negotiated() Config {
	return Config{AudioCodec: c.AudioCodec, VideoCodec: c.VideoCodec, VideoProfile: c.VideoProfile, OpusRED: c.OpusRED}
}
