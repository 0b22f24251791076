package admin

import (
	"encoding/json"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/jsonscan"
)

// Instant is a time in microseconds of the gateway's monotonic clock. Only its
// distance to another one means something: [HandleInfo.CurrentTime] is when the
// gateway answered. Zero is never.
type Instant int64

// Sub returns the time from j to i.
func (i Instant) Sub(j Instant) time.Duration { return time.Duration(i-j) * time.Microsecond }

// HandleInfo is the gateway's answer to "handle_info". Fields that a version
// does not send stay zero; Raw has all of it, secrets included: a token, and the
// ICE credentials in the session descriptions.
//
// https://janus.conf.meetecho.com/docs/admin.html#adminreqh
type HandleInfo struct {
	SessionID           uint64  `json:"session_id"`
	SessionLastActivity Instant `json:"session_last_activity"` // when the session was last heard of
	SessionTimeout      int     `json:"session_timeout"`       // seconds; 0: never
	SessionTransport    string  `json:"session_transport"`     // e.g. "janus.transport.http"; empty: none since it was lost
	HandleID            uint64  `json:"handle_id"`
	OpaqueID            string  `json:"opaque_id"`
	Token               string  `json:"token"` // a secret
	LoopRunning         bool    `json:"loop-running"`
	Created             Instant `json:"created"`
	CurrentTime         Instant `json:"current_time"`
	Plugin              string  `json:"plugin"` // package name; empty: it is being detached
	// PluginSpecific is what the plugin says of the handle, an object of its own
	// kind; nil where it says nothing.
	PluginSpecific json.RawMessage `json:"plugin_specific"`

	// With PluginOnly, there is nothing below.

	Flags           Flags   `json:"flags"`
	AgentCreated    Instant `json:"agent-created"` // the ICE agent; zero: there is none
	AgentStarted    Instant `json:"agent-started"`
	ICEMode         string  `json:"ice-mode"` // "full" or "lite"
	ICERole         string  `json:"ice-role"` // "controlling" or "controlled"
	SDPs            SDPs    `json:"sdps"`
	PendingTrickles int     `json:"pending-trickles"` // candidates that came too early
	QueuedPackets   int     `json:"queued-packets"`   // waiting to be sent
	DumpToPcap      bool    `json:"dump-to-pcap"`     // a capture runs, see [Client.StartPcap]
	PcapFile        string  `json:"pcap-file"`
	DumpToText2pcap bool    `json:"dump-to-text2pcap"`
	Text2pcapFile   string  `json:"text2pcap-file"`
	WebRTC          *WebRTC `json:"webrtc"` // nil: there is no peer connection

	Raw json.RawMessage `json:"-"`
}

// Flags is the state of a handle's negotiation.
type Flags struct {
	GotOffer        bool `json:"got-offer"`
	GotAnswer       bool `json:"got-answer"`
	Negotiated      bool `json:"negotiated"`
	ProcessingOffer bool `json:"processing-offer"`
	Starting        bool `json:"starting"`
	ICERestart      bool `json:"ice-restart"`
	Ready           bool `json:"ready"` // the peer connection is up
	Stopped         bool `json:"stopped"`
	Alert           bool `json:"alert"` // it is being hung up
	Trickle         bool `json:"trickle"`
	AllTrickles     bool `json:"all-trickles"` // the last candidate came
	ResendTrickles  bool `json:"resend-trickles"`
	TrickleSynced   bool `json:"trickle-synced"`
	DataChannels    bool `json:"data-channels"`
	HasAudio        bool `json:"has-audio"`        // not set by Janus 1.x: look at WebRTC.Media
	HasVideo        bool `json:"has-video"`        // as HasAudio
	NewDataChanSDP  bool `json:"new-datachan-sdp"` // the syntax of RFC 8841
	RTX             bool `json:"rfc4588-rtx"`
	Cleaning        bool `json:"cleaning"`
	E2EE            bool `json:"e2ee"` // end-to-end encryption
}

// SDPs are the session descriptions in use, with their ICE credentials.
type SDPs struct {
	Profile string `json:"profile"` // of RTP, e.g. "UDP/TLS/RTP/SAVPF"
	Local   string `json:"local"`   // the gateway's
	Remote  string `json:"remote"`
}

// ParseHandleInfo reads the "info" object of a handle_info answer, which it
// keeps in Raw. A field of a type that is not ours keeps its zero value; only
// what is no JSON object is an error.
func ParseHandleInfo(data []byte) (*HandleInfo, error) {
	const op = "handle_info"
	o := jsonscan.Open(data)
	if !o.Next() && o.Err() != nil {
		return nil, &client.ProtocolError{Op: op, Reason: `no "info" object`, Data: excerpt(data)}
	}
	info := &HandleInfo{Raw: data}
	if err := decode(op, data, info); err != nil {
		return nil, err
	}
	return info, nil
}
