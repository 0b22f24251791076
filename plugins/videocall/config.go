package videocall

// Config is what can be set about one's side of a call. Nil fields are left as
// they are; write new(true) or new(256000) for the others. A hangup returns
// everything to its default.
//
// https://janus.conf.meetecho.com/docs/videocall.html
type Config struct {
	Audio *bool `json:"audio,omitempty"` // relay our audio to the other side; default true
	Video *bool `json:"video,omitempty"` // relay our video; default true

	// Bitrate is the limit the gateway asks us to keep, by REMB, in bits per
	// second. 0, the default, is none.
	Bitrate *int `json:"bitrate,omitempty"`

	// Record starts or ends a recording of our side on the gateway's disk. Every
	// true begins new files. Filename is their path without the endings
	// "-audio.mjr", "-video.mjr" and "-data.mjr"; default: a made-up name. It
	// means nothing without Record.
	Record   *bool   `json:"record,omitempty"`
	Filename *string `json:"filename,omitempty"`

	// Substream and Temporal choose the layer we receive of a simulcast caller,
	// from 0, the lowest, to 2, the default. [LayerChanged] says when it is
	// reached.
	Substream *int `json:"substream,omitempty"`
	Temporal  *int `json:"temporal,omitempty"`
	// Fallback is how long a layer may be silent until a lower one is taken, in
	// microseconds. Default: 250000.
	Fallback *int `json:"fallback,omitempty"`
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
}

// set copies a value that is there, so that the caller may reuse its own.
func set[T any](dst **T, src *T) {
	if src != nil {
		*dst = new(*src)
	}
}
