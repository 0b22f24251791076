package videoroom

import (
	"context"
	"encoding/json"

	"github.com/bifrons-rtc/bifrons/client"
)

// ForwardRequest sends what somebody publishes to an address, as plain RTP or
// as SRTP.
type ForwardRequest struct {
	Room        client.ID `json:"room"`
	PublisherID client.ID `json:"publisher_id"`
	Secret      string    `json:"secret,omitempty"`
	AdminKey    string    `json:"admin_key,omitempty"` // where the configuration has lock_rtp_forward

	// Host is needed even when each stream has its own.
	Host       string `json:"host"`
	HostFamily string `json:"host_family,omitempty"` // "ipv4" or "ipv6"; default: what the name resolves to
	// Simulcast sends whichever layer there is as one stream; default false.
	Simulcast  *bool  `json:"simulcast,omitempty"`
	SRTPSuite  int    `json:"srtp_suite,omitempty"`  // 32 or 80 bits of tag; default: no SRTP
	SRTPCrypto string `json:"srtp_crypto,omitempty"` // key and salt in base64

	Streams []ForwardStream `json:"streams"`
}

// ForwardStream is one m-line to forward. Zero fields take the defaults: those
// of the request, and for SSRC and PT what the publisher uses.
type ForwardStream struct {
	MID        string `json:"mid"`
	Host       string `json:"host,omitempty"`
	HostFamily string `json:"host_family,omitempty"` // "ipv4" or "ipv6"
	Port       int    `json:"port"`                  // UDP
	RTCPPort   int    `json:"rtcp_port,omitempty"`   // default: no RTCP
	SSRC       uint32 `json:"ssrc,omitempty"`
	PT         int    `json:"pt,omitempty"` // payload type
	Simulcast  *bool  `json:"simulcast,omitempty"`
	SRTPSuite  int    `json:"srtp_suite,omitempty"`
	SRTPCrypto string `json:"srtp_crypto,omitempty"`

	// The second and third layer of simulcast, each to a port of its own.
	Port2 int    `json:"port_2,omitempty"`
	SSRC2 uint32 `json:"ssrc_2,omitempty"`
	PT2   int    `json:"pt_2,omitempty"`
	Port3 int    `json:"port_3,omitempty"`
	SSRC3 uint32 `json:"ssrc_3,omitempty"`
	PT3   int    `json:"pt_3,omitempty"`
}

// Forwarder is a stream on its way to an address.
type Forwarder struct {
	StreamID       uint64          `json:"stream_id"`
	Type           string          `json:"type"` // "audio", "video" or "data"
	Host           string          `json:"host"`
	Port           int             `json:"port"`
	PT             int             `json:"pt,omitempty"`
	SSRC           uint32          `json:"ssrc,omitempty"`
	Substream      *int            `json:"substream,omitempty"` // simulcast layer
	LocalRTCPPort  int             `json:"local_rtcp_port,omitempty"`
	RemoteRTCPPort int             `json:"remote_rtcp_port,omitempty"`
	SRTP           bool            `json:"srtp,omitempty"`
	Raw            json.RawMessage `json:"-"` // as received
}

// UnmarshalJSON implements json.Unmarshaler.
func (f *Forwarder) UnmarshalJSON(data []byte) error {
	type plain Forwarder
	return keep(data, (*plain)(f), &f.Raw)
}

// RTPForward starts to forward, and returns what was started. An unknown
// publisher gives [ErrNoSuchFeed].
func (h *Handle) RTPForward(ctx context.Context, req ForwardRequest) ([]Forwarder, error) {
	var reply struct {
		Forwarders []Forwarder `json:"forwarders"`
	}
	err := h.call(ctx, "rtp_forward", &req, &reply)
	return reply.Forwarders, err
}

// StopForwardRequest names a forwarder.
type StopForwardRequest struct {
	Room        client.ID `json:"room"`
	PublisherID client.ID `json:"publisher_id"`
	StreamID    uint64    `json:"stream_id"`
	Secret      string    `json:"secret,omitempty"`
	AdminKey    string    `json:"admin_key,omitempty"`
}

// StopRTPForward stops one forwarder.
func (h *Handle) StopRTPForward(ctx context.Context, req StopForwardRequest) error {
	return h.call(ctx, "stop_rtp_forward", &req, nil)
}

// ListForwardersRequest names a room.
type ListForwardersRequest struct {
	Room     client.ID `json:"room"`
	Secret   string    `json:"secret,omitempty"`
	AdminKey string    `json:"admin_key,omitempty"`
}

// ForwardedFeed is a publisher and where it is forwarded to.
type ForwardedFeed struct {
	PublisherID client.ID       `json:"publisher_id"`
	Display     string          `json:"display,omitempty"`
	Metadata    json.RawMessage `json:"metadata,omitempty"` // Janus 1.3.0 and later
	Forwarders  []Forwarder     `json:"forwarders"`
	Raw         json.RawMessage `json:"-"` // as received
}

// UnmarshalJSON implements json.Unmarshaler.
func (f *ForwardedFeed) UnmarshalJSON(data []byte) error {
	type plain ForwardedFeed
	return keep(data, (*plain)(f), &f.Raw)
}

// ListForwarders returns the publishers of a room that are forwarded.
func (h *Handle) ListForwarders(ctx context.Context, req ListForwardersRequest) ([]ForwardedFeed, error) {
	var reply struct {
		Publishers []ForwardedFeed `json:"publishers"`
	}
	err := h.call(ctx, "listforwarders", &req, &reply)
	return reply.Publishers, err
}
