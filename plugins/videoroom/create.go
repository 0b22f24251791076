package videoroom

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
)

// CreateRequest describes a new room. Nil and empty fields take the gateway's
// defaults.
//
// https://janus.conf.meetecho.com/docs/videoroom.html
type CreateRequest struct {
	Room        client.ID `json:"room,omitzero"` // default: a random number
	Description *string   `json:"description,omitempty"`
	Private     *bool     `json:"is_private,omitempty"` // not in the list; default false
	Secret      string    `json:"secret,omitempty"`     // for edit, destroy, kick and the like; default: none needed
	PIN         string    `json:"pin,omitempty"`        // for joining; default: none needed
	// Allowed are the tokens that may join. With it, even empty, nobody else may.
	Allowed *[]string `json:"allowed,omitempty"`
	// AdminKey is what the plugin's configuration may demand of those who create.
	AdminKey string `json:"admin_key,omitempty"`
	// Permanent writes the room into the gateway's configuration file, whose
	// comments are lost; default false.
	Permanent *bool `json:"permanent,omitempty"`

	RequirePrivateID *bool `json:"require_pvtid,omitempty"`  // who subscribes must have joined; default false
	SignedTokens     *bool `json:"signed_tokens,omitempty"`  // tokens are signed by the core's secret; default false
	RequireE2EE      *bool `json:"require_e2ee,omitempty"`   // publishers must encrypt end to end; default false
	NotifyJoining    *bool `json:"notify_joining,omitempty"` // tell of members who do not publish; default false

	Publishers *int  `json:"publishers,omitempty"`  // most at a time; default 3
	Bitrate    *int  `json:"bitrate,omitempty"`     // REMB limit for each publisher, in bits per second, 64000 at least; default 0, none
	BitrateCap *bool `json:"bitrate_cap,omitempty"` // publishers cannot raise it; default false
	FIRFreq    *int  `json:"fir_freq,omitempty"`    // ask for a keyframe this often, in seconds; default 0, never
	Threads    *int  `json:"threads,omitempty"`     // helpers that relay; default 0; Janus 1.2.3 and later

	AudioCodec  string  `json:"audiocodec,omitempty"` // up to five in order, e.g. "opus,pcmu"; default "opus"
	VideoCodec  string  `json:"videocodec,omitempty"` // likewise; default "vp8"
	VP9Profile  *string `json:"vp9_profile,omitempty"`
	H264Profile *string `json:"h264_profile,omitempty"`
	OpusFEC     *bool   `json:"opus_fec,omitempty"`  // default true
	OpusDTX     *bool   `json:"opus_dtx,omitempty"`  // default false
	VideoSVC    *bool   `json:"video_svc,omitempty"` // default false; up to Janus 1.1.3

	AudioLevelExt      *bool `json:"audiolevel_ext,omitempty"`        // offer the extension (RFC 6464); default true
	AudioLevelEvent    *bool `json:"audiolevel_event,omitempty"`      // send [Talking]; default false
	AudioActivePackets *int  `json:"audio_active_packets,omitempty"`  // packets that are averaged; default 100
	AudioLevelAverage  *int  `json:"audio_level_average,omitempty"`   // what is talking, in dBov below 0, 127 being silence; default 25
	VideoOrientExt     *bool `json:"videoorient_ext,omitempty"`       // default true
	PlayoutDelayExt    *bool `json:"playoutdelay_ext,omitempty"`      // default true
	TransportWideCCExt *bool `json:"transport_wide_cc_ext,omitempty"` // default true

	Record     *bool   `json:"record,omitempty"` // record every publisher; default false
	RecDir     *string `json:"rec_dir,omitempty"`
	LockRecord *bool   `json:"lock_record,omitempty"` // recording needs the secret; default false

	// DummyPublisher adds a feed that sends nothing, for those who want m-lines
	// ahead of time; default false. DummyStreams are its codecs, by default the
	// room's.
	DummyPublisher *bool         `json:"dummy_publisher,omitempty"`
	DummyStreams   []DummyStream `json:"dummy_streams,omitempty"`
	DummyE2EE      *bool         `json:"dummy_e2ee,omitempty"` // Janus 1.3.2 and later
}

// DummyStream is an m-line of a dummy publisher.
type DummyStream struct {
	Codec string `json:"codec"`
	FMTP  string `json:"fmtp,omitempty"`
}

// RoomReply is the answer to a request that made, changed or removed a room.
type RoomReply struct {
	Room      client.ID `json:"room"`
	Permanent *bool     `json:"permanent,omitempty"` // the configuration file was written
}

// Create makes a room. One that exists gives [ErrRoomExists].
func (h *Handle) Create(ctx context.Context, req CreateRequest) (*RoomReply, error) {
	var reply RoomReply
	return &reply, h.call(ctx, "create", &req, &reply)
}

// EditRequest changes a room. Nil fields stay as they are.
type EditRequest struct {
	Room   client.ID `json:"room"`
	Secret string    `json:"secret,omitempty"` // of the room, if it has one

	Description      *string `json:"new_description,omitempty"`
	NewSecret        *string `json:"new_secret,omitempty"`
	PIN              *string `json:"new_pin,omitempty"`
	Private          *bool   `json:"new_is_private,omitempty"`
	RequirePrivateID *bool   `json:"new_require_pvtid,omitempty"`
	Bitrate          *int    `json:"new_bitrate,omitempty"`  // bits per second
	FIRFreq          *int    `json:"new_fir_freq,omitempty"` // seconds
	Publishers       *int    `json:"new_publishers,omitempty"`
	LockRecord       *bool   `json:"new_lock_record,omitempty"`
	RecDir           *string `json:"new_rec_dir,omitempty"`
	Permanent        *bool   `json:"permanent,omitempty"` // in the configuration file too; default false
}

// Edit changes a room. What is going on in it goes on; a new limit counts for
// those who publish later.
func (h *Handle) Edit(ctx context.Context, req EditRequest) (*RoomReply, error) {
	var reply RoomReply
	return &reply, h.call(ctx, "edit", &req, &reply)
}

// DestroyRequest names a room to remove.
type DestroyRequest struct {
	Room      client.ID `json:"room"`
	Secret    string    `json:"secret,omitempty"`
	Permanent *bool     `json:"permanent,omitempty"` // from the configuration file too; default false
}

// Destroy removes a room. Everybody in it gets [*Destroyed].
func (h *Handle) Destroy(ctx context.Context, req DestroyRequest) (*RoomReply, error) {
	var reply RoomReply
	return &reply, h.call(ctx, "destroy", &req, &reply)
}
