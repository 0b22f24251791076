package client

import "context"

// JSEP is a session description with everything Janus adds to one. The
// optional fields go to the gateway; what comes back has Type, SDP and E2EE.
//
// https://janus.conf.meetecho.com/docs/JS.html, and RFC 8829 for the exchange.
type JSEP struct {
	Type string `json:"type"` // "offer" or "answer"
	SDP  string `json:"sdp"`

	// Trickle says whether candidates follow. Nil means yes; false makes the
	// gateway start ICE at once with the candidates in SDP.
	Trickle *bool `json:"trickle,omitempty"`
	// RIDOrder is the order of the simulcast rids in SDP: "hml", the default, or "lmh".
	RIDOrder string `json:"rid_order,omitempty"`
	// ForceRelay makes the gateway use its TURN server only. The server must
	// allow it (allow_force_relay).
	ForceRelay bool `json:"force_relay,omitempty"`
	// E2EE says that media is encrypted end to end, so that plugins do not look
	// into payloads.
	E2EE bool `json:"e2ee,omitempty"`
	// SVC names the scalability mode of each SVC stream. Janus 1.1.4 and later.
	SVC []SVC `json:"svc,omitempty"`
}

// SVC is the scalability mode of one m-line, named by MID or by MIndex.
type SVC struct {
	MID    string `json:"mid,omitempty"`
	MIndex *int   `json:"mindex,omitempty"`
	Mode   string `json:"svc"` // e.g. "L3T3"
}

// Candidate is one ICE candidate. A gateway in full-trickle mode may leave
// SDPMid empty and name the m-line by its index alone.
type Candidate struct {
	Candidate     string `json:"candidate"` // RFC 8839 candidate-attribute
	SDPMid        string `json:"sdpMid,omitempty"`
	SDPMLineIndex int    `json:"sdpMLineIndex"`
}

// Negotiator makes and takes session descriptions for a handle. Plugin
// packages call it where the gateway wants one; *media.Peer is a Negotiator,
// and a test can bring its own.
type Negotiator interface {
	// Offer makes an offer, with new ICE credentials when restart is true.
	Offer(ctx context.Context, restart bool) (*JSEP, error)
	// Answer takes the gateway's offer and makes the answer to it. An offer of its
	// own that waits for an answer is given up: Offer makes it again.
	Answer(ctx context.Context, offer *JSEP) (*JSEP, error)
	// Accept takes the gateway's answer to the last offer.
	Accept(ctx context.Context, answer *JSEP) error
}
