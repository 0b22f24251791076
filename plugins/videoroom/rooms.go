package videoroom

import (
	"context"
	"encoding/json"

	"github.com/bifrons-rtc/bifrons/client"
)

// RoomInfo is a room in the list of rooms.
type RoomInfo struct {
	Room            client.ID `json:"room"`
	Description     string    `json:"description"`
	PINRequired     bool      `json:"pin_required"`
	Private         bool      `json:"is_private"`
	MaxPublishers   int       `json:"max_publishers"`
	NumParticipants int       `json:"num_participants"`

	Bitrate          int  `json:"bitrate"` // bits per second; 0: no limit
	BitrateCap       bool `json:"bitrate_cap"`
	FIRFreq          int  `json:"fir_freq"` // seconds; 0: never
	RequirePrivateID bool `json:"require_pvtid"`
	RequireE2EE      bool `json:"require_e2ee"`
	DummyPublisher   bool `json:"dummy_publisher"`
	NotifyJoining    bool `json:"notify_joining"`

	AudioCodec string `json:"audiocodec"`
	VideoCodec string `json:"videocodec"`
	OpusFEC    bool   `json:"opus_fec"`
	OpusDTX    bool   `json:"opus_dtx"`
	VideoSVC   bool   `json:"video_svc"` // up to Janus 1.1.3

	Record     bool   `json:"record"`
	RecDir     string `json:"rec_dir"`
	LockRecord bool   `json:"lock_record"`

	AudioLevelExt      bool `json:"audiolevel_ext"`
	AudioLevelEvent    bool `json:"audiolevel_event"`
	AudioActivePackets int  `json:"audio_active_packets"`
	AudioLevelAverage  int  `json:"audio_level_average"`
	VideoOrientExt     bool `json:"videoorient_ext"`
	PlayoutDelayExt    bool `json:"playoutdelay_ext"`
	TransportWideCCExt bool `json:"transport_wide_cc_ext"`

	Raw json.RawMessage `json:"-"` // as received, with fields this type lacks
}

// UnmarshalJSON implements json.Unmarshaler.
func (r *RoomInfo) UnmarshalJSON(data []byte) error {
	type plain RoomInfo
	return keep(data, (*plain)(r), &r.Raw)
}

// ListRequest asks for rooms.
type ListRequest struct {
	AdminKey string `json:"admin_key,omitempty"` // with it private rooms are in the list
}

// List returns the rooms of the gateway.
func (h *Handle) List(ctx context.Context, req ListRequest) ([]RoomInfo, error) {
	var reply struct {
		List []RoomInfo `json:"list"`
	}
	err := h.call(ctx, "list", &req, &reply)
	return reply.List, err
}

// Exists reports whether there is a room.
func (h *Handle) Exists(ctx context.Context, room client.ID) (bool, error) {
	var reply struct {
		Exists bool `json:"exists"`
	}
	err := h.call(ctx, "exists", roomOnly{room}, &reply)
	return reply.Exists, err
}

type roomOnly struct {
	Room client.ID `json:"room"`
}

// RecordRequest turns the recording of a room on or off.
type RecordRequest struct {
	Room   client.ID `json:"room"`
	Secret string    `json:"secret,omitempty"`
	Record bool      `json:"record"`
}

// EnableRecording starts or ends the recording of everybody who publishes.
func (h *Handle) EnableRecording(ctx context.Context, req RecordRequest) error {
	return h.call(ctx, "enable_recording", &req, nil)
}
