package admin

// WebRTC is the state of a handle's peer connection.
type WebRTC struct {
	ICE  ICE  `json:"ice"`
	DTLS DTLS `json:"dtls"`
	// Extensions are the negotiated RTP header extensions: URI to id.
	Extensions map[string]int   `json:"extensions"`
	BWE        BWE              `json:"bwe"`
	TooLarge   int              `json:"too-large"` // packets above 1500 bytes, which the gateway drops; Janus 1.4.1 and later
	Media      map[string]Media `json:"media"`     // by mid
}

// ICE is the state of connectivity, RFC 8445.
type ICE struct {
	StreamID        int     `json:"stream_id"`
	ComponentID     int     `json:"component_id"`
	State           string  `json:"state"`            // "disconnected", "gathering", "connecting", "connected", "ready" or "failed"
	FailedDetected  Instant `json:"failed-detected"`  // zero: it did not fail
	ICETimerStarted bool    `json:"icetimer-started"` // it may yet recover
	Gathered        Instant `json:"gathered"`
	Connected       Instant `json:"connected"`
	// The candidates, as RFC 8839 writes them behind "candidate:", and the pair
	// in use as "local [type,protocol] <-> remote [type,protocol]".
	LocalCandidates  []string `json:"local-candidates"`
	RemoteCandidates []string `json:"remote-candidates"`
	SelectedPair     string   `json:"selected-pair"`
	Ready            int      `json:"ready"` // not 0 once all local candidates are there; Janus 1.1.2 says -1
}

// DTLS is the state of the encryption, RFC 5764. It is zero before ICE connects.
type DTLS struct {
	Fingerprint           string  `json:"fingerprint"` // of the gateway's certificate, SHA-256
	RemoteFingerprint     string  `json:"remote-fingerprint"`
	RemoteFingerprintHash string  `json:"remote-fingerprint-hash"` // e.g. "sha-256"
	Role                  string  `json:"dtls-role"`               // the gateway's: "actpass", "active" or "passive"
	State                 string  `json:"dtls-state"`              // "created", "trying", "connected" or "failed"
	Retransmissions       int     `json:"retransmissions"`
	Valid                 bool    `json:"valid"`        // there are SRTP keys
	SRTPProfile           string  `json:"srtp-profile"` // e.g. "SRTP_AEAD_AES_128_GCM"; "none" before the handshake
	Ready                 bool    `json:"ready"`
	HandshakeStarted      Instant `json:"handshake-started"`
	Connected             Instant `json:"connected"`
	SCTPAssociation       bool    `json:"sctp-association"` // data channels
	Stats                 Stats   `json:"stats"`            // packets and bytes only
}

// BWE is how the bandwidth is estimated.
type BWE struct {
	TWCC      bool `json:"twcc"` // by transport-wide congestion control
	TWCCExtID int  `json:"twcc-ext-id"`
}

// Media is an m-line. Its directions are those of the gateway.
type Media struct {
	Type         string        `json:"type"` // "audio", "video" or "data"
	MIndex       int           `json:"mindex"`
	MID          string        `json:"mid"`
	MSID         MSID          `json:"msid"`
	DoNACKs      bool          `json:"do_nacks"`
	NACKQueue    int           `json:"nack-queue-ms"` // milliseconds
	SSRC         SSRC          `json:"ssrc"`
	RIDSimulcast *RIDSimulcast `json:"rid-simulcast"` // nil: none by rid
	Direction    Direction     `json:"direction"`
	Codecs       Codecs        `json:"codecs"`
	RTCP         RTCP          `json:"rtcp"`
	Stats        Stats         `json:"stats"`
}

// MSID names the streams and tracks of an m-line, RFC 8830.
type MSID struct {
	LocalStream  string `json:"local-stream"`
	LocalTrack   string `json:"local-track"`
	RemoteStream string `json:"remote-stream"`
	RemoteTrack  string `json:"remote-track"`
}

// SSRC are the sources of RTP of an m-line; zero is none.
type SSRC struct {
	SSRC        uint32 `json:"ssrc"` // the gateway's
	RTX         uint32 `json:"ssrc-rtx"`
	Peer        uint32 `json:"ssrc-peer"`
	PeerSim1    uint32 `json:"ssrc-peer-sim-1"` // of simulcast, as the next
	PeerSim2    uint32 `json:"ssrc-peer-sim-2"`
	PeerRTX     uint32 `json:"ssrc-peer-rtx"`
	PeerSim1RTX uint32 `json:"ssrc-peer-sim-1-rtx"`
	PeerSim2RTX uint32 `json:"ssrc-peer-sim-2-rtx"`
}

// RIDSimulcast is simulcast by rid, RFC 8853.
type RIDSimulcast struct {
	RIDs      []string `json:"rid"`
	RIDExtID  int      `json:"rid-ext-id"`
	RTXExtID  int      `json:"ridrtx-ext-id"`
	RIDOrder  string   `json:"rid-order"`  // "hml" or "lmh": what the first rid is
	RIDSyntax string   `json:"rid-syntax"` // "legacy", or empty
}

// Direction says what the gateway does on an m-line.
type Direction struct {
	Send bool `json:"send"`
	Recv bool `json:"recv"`
}

// Codecs are what was negotiated for an m-line.
type Codecs struct {
	PayloadType    int    `json:"pt"`
	OpusREDPayload int    `json:"opus-red-pt"`
	RTXPayload     int    `json:"rtx-pt"`
	Codec          string `json:"codec"` // e.g. "vp8"
}

// RTCP has the reports on what the gateway sends and receives, one for each
// layer of simulcast. Nil: none.
type RTCP struct {
	Main *RTCPStats `json:"main"`
	Sim1 *RTCPStats `json:"sim1"`
	Sim2 *RTCPStats `json:"sim2"`
}

// RTCPStats is what RTCP told about a source, RFC 3550. Qualities are from 0 to
// 100; those of the media count packets that were sent again as not lost.
type RTCPStats struct {
	Base                int `json:"base"` // the clock of RTP, in Hz
	RTT                 int `json:"rtt"`  // milliseconds; of Main only
	Lost                int `json:"lost"` // packets that did not get to the gateway
	LostByRemote        int `json:"lost-by-remote"`
	JitterLocal         int `json:"jitter-local"`  // milliseconds, of what the gateway receives
	JitterRemote        int `json:"jitter-remote"` // milliseconds, of what the peer receives
	InLinkQuality       int `json:"in-link-quality"`
	InMediaLinkQuality  int `json:"in-media-link-quality"`
	OutLinkQuality      int `json:"out-link-quality"`
	OutMediaLinkQuality int `json:"out-media-link-quality"`
}

// Stats counts what the gateway received and sent.
type Stats struct {
	In  Traffic `json:"in"`
	Out Traffic `json:"out"`
}

// Traffic counts packets one way. The gateway counts in 32 bits for packets and
// in 64 for bytes.
type Traffic struct {
	Packets         uint64 `json:"packets"`
	Bytes           uint64 `json:"bytes"`
	BytesLastSecond uint64 `json:"bytes_lastsec"`
	NACKs           uint64 `json:"nacks"`           // in: received by the gateway; out: sent
	Retransmissions uint64 `json:"retransmissions"` // packets that came again; in only
	// The further layers of simulcast, in only. Nil: none.
	Simulcast1 *Traffic `json:"video-simulcast-1"`
	Simulcast2 *Traffic `json:"video-simulcast-2"`
}
