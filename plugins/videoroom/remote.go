package videoroom

import (
	"context"
	"encoding/json"

	"github.com/bifrons-rtc/bifrons/client"
)

// Remote publishers carry a feed from the room of one gateway into the room of
// another: the receiving gateway adds a remote publisher and tells its ports,
// the gateway that has the feed publishes it remotely to them. All of it needs
// Janus 1.1.0; an older gateway gives a [*client.VersionError].

// RemoteStream describes an m-line of a remote publisher, as the [Stream] of the
// feed does.
type RemoteStream struct {
	Type        string `json:"type"` // "audio", "video" or "data"
	MIndex      int    `json:"mindex"`
	MID         string `json:"mid"`
	Codec       string `json:"codec,omitempty"`
	Description string `json:"description,omitempty"`
	Disabled    *bool  `json:"disabled,omitempty"`
	Stereo      *bool  `json:"stereo,omitempty"`
	FEC         *bool  `json:"fec,omitempty"`
	DTX         *bool  `json:"dtx,omitempty"`
	// H264Profile and VP9Profile are refused by Janus before 1.2.1, which wants
	// booleans there.
	H264Profile string `json:"h264_profile,omitempty"`
	VP9Profile  string `json:"vp9_profile,omitempty"`
	Simulcast   *bool  `json:"simulcast,omitempty"`
	SVC         *bool  `json:"svc,omitempty"`

	// The ids of header extensions in the packets that come.
	AudioLevelExtID   int `json:"audiolevel_ext_id,omitempty"`
	VideoOrientExtID  int `json:"videoorient_ext_id,omitempty"`
	PlayoutDelayExtID int `json:"playoutdelay_ext_id,omitempty"`
}

// AddRemoteRequest adds a publisher whose media comes from another gateway.
type AddRemoteRequest struct {
	Room       client.ID       `json:"room"`
	ID         client.ID       `json:"id,omitzero"` // default: a random one
	Secret     string          `json:"secret,omitempty"`
	Display    string          `json:"display,omitempty"`
	Metadata   json.RawMessage `json:"metadata,omitempty"`   // an object; Janus 1.3.0 and later
	Multicast  string          `json:"mcast,omitempty"`      // group to join
	Interface  string          `json:"iface,omitempty"`      // to listen on
	Port       int             `json:"port,omitempty"`       // default: a free one
	SRTPSuite  int             `json:"srtp_suite,omitempty"` // 32 or 80; Janus 1.3.0 and later, as the key
	SRTPCrypto string          `json:"srtp_crypto,omitempty"`
	Streams    []RemoteStream  `json:"streams"`
}

// RemoteReply says where the receiving gateway waits for media.
type RemoteReply struct {
	Room     client.ID `json:"room"`
	ID       client.ID `json:"id"`
	IP       string    `json:"ip,omitempty"` // not from Janus 1.1.2
	Port     int       `json:"port"`
	RTCPPort int       `json:"rtcp_port"`
}

// AddRemotePublisher adds a remote publisher to a room of the receiving gateway.
func (h *Handle) AddRemotePublisher(ctx context.Context, req AddRemoteRequest) (*RemoteReply, error) {
	var reply RemoteReply
	return &reply, h.callSince(ctx, "add_remote_publisher", &req, &reply)
}

// UpdateRemoteRequest changes a remote publisher. Streams replaces what was
// there.
type UpdateRemoteRequest struct {
	Room     client.ID       `json:"room"`
	ID       client.ID       `json:"id"`
	Secret   string          `json:"secret,omitempty"`
	Display  *string         `json:"display,omitempty"`
	Metadata json.RawMessage `json:"metadata,omitempty"` // an object; Janus 1.3.0 and later
	Streams  []RemoteStream  `json:"streams"`
}

// UpdateRemotePublisher tells the receiving gateway that the feed changed.
func (h *Handle) UpdateRemotePublisher(ctx context.Context, req UpdateRemoteRequest) error {
	return h.callSince(ctx, "update_remote_publisher", &req, nil)
}

// RemoveRemoteRequest names a remote publisher.
type RemoveRemoteRequest struct {
	Room   client.ID `json:"room"`
	ID     client.ID `json:"id"`
	Secret string    `json:"secret,omitempty"`
}

// RemoveRemotePublisher removes a remote publisher from the receiving gateway.
func (h *Handle) RemoveRemotePublisher(ctx context.Context, req RemoveRemoteRequest) error {
	return h.callSince(ctx, "remove_remote_publisher", &req, nil)
}

// PublishRemotelyRequest sends a feed to another gateway.
type PublishRemotelyRequest struct {
	Room        client.ID `json:"room"`
	PublisherID client.ID `json:"publisher_id"`
	Secret      string    `json:"secret,omitempty"`
	RemoteID    string    `json:"remote_id"`             // a name of ours, unique for the feed
	Host        string    `json:"host"`                  // of the receiving gateway
	HostFamily  string    `json:"host_family,omitempty"` // "ipv4" or "ipv6"
	Port        int       `json:"port"`                  // as in [RemoteReply]
	RTCPPort    int       `json:"rtcp_port,omitempty"`   // likewise; default: no keyframe requests come back
	SRTPSuite   int       `json:"srtp_suite,omitempty"`  // 32 or 80; Janus 1.3.0 and later, as the key
	SRTPCrypto  string    `json:"srtp_crypto,omitempty"`
}

// PublishRemotely sends a feed of this gateway to another one. A feed that is
// itself remote gives [ErrInvalidElement].
func (h *Handle) PublishRemotely(ctx context.Context, req PublishRemotelyRequest) error {
	return h.callSince(ctx, "publish_remotely", &req, nil)
}

// UnpublishRemotelyRequest names what [Handle.PublishRemotely] started.
type UnpublishRemotelyRequest struct {
	Room        client.ID `json:"room"`
	PublisherID client.ID `json:"publisher_id"`
	RemoteID    string    `json:"remote_id"`
	Secret      string    `json:"secret,omitempty"`
}

// UnpublishRemotely stops sending a feed to another gateway.
func (h *Handle) UnpublishRemotely(ctx context.Context, req UnpublishRemotelyRequest) error {
	return h.callSince(ctx, "unpublish_remotely", &req, nil)
}

// ListRemotesRequest names a feed.
type ListRemotesRequest struct {
	Room        client.ID `json:"room"`
	PublisherID client.ID `json:"publisher_id"`
	Secret      string    `json:"secret,omitempty"`
}

// Remote is another gateway that gets a feed.
type Remote struct {
	RemoteID string          `json:"remote_id"`
	Host     string          `json:"host"`
	Port     int             `json:"port"`
	RTCPPort int             `json:"rtcp_port,omitempty"`
	Raw      json.RawMessage `json:"-"` // as received
}

// UnmarshalJSON implements json.Unmarshaler.
func (r *Remote) UnmarshalJSON(data []byte) error {
	type plain Remote
	return keep(data, (*plain)(r), &r.Raw)
}

// ListRemotes returns where a feed is sent to. The plugin's documentation calls
// the request list_remotes; what gateways know is listremotes.
func (h *Handle) ListRemotes(ctx context.Context, req ListRemotesRequest) ([]Remote, error) {
	var reply struct {
		List []Remote `json:"list"`
	}
	err := h.callSince(ctx, "listremotes", &req, &reply)
	return reply.List, err
}

// callSince is call for what not every gateway knows.
func (h *Handle) callSince(ctx context.Context, verb string, body, out any) error {
	if err := h.check(ctx, verb); err != nil {
		return err
	}
	return h.call(ctx, verb, body, out)
}
