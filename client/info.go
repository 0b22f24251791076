package client

import (
	"context"

	"github.com/bifrons-rtc/bifrons/internal/json"
)

// ServerInfo is the gateway's answer to "info". Fields that a version does not
// send stay zero; Raw has all of it.
//
// https://janus.conf.meetecho.com/docs/rest.html
type ServerInfo struct {
	Name          string `json:"name"`
	Version       int    `json:"version"` // e.g. 1102 for 1.1.2
	VersionString string `json:"version_string"`
	Author        string `json:"author"`
	CommitHash    string `json:"commit-hash"`
	CompileTime   string `json:"compile-time"`
	LogToStdout   bool   `json:"log-to-stdout"`
	LogToFile     bool   `json:"log-to-file"`
	LogPath       string `json:"log-path"`

	ServerName           string `json:"server-name"`
	AcceptingNewSessions bool   `json:"accepting-new-sessions"`
	SessionTimeout       int    `json:"session-timeout"`         // seconds; 0: never
	ReclaimTimeout       int    `json:"reclaim-session-timeout"` // seconds; 0: sessions die with their connection
	CandidatesTimeout    int    `json:"candidates-timeout"`      // seconds

	DataChannels         bool     `json:"data_channels"`
	LocalIP              string   `json:"local-ip"`
	PublicIP             string   `json:"public-ip"`
	PublicIPs            []string `json:"public-ips"`
	IPv6                 bool     `json:"ipv6"`
	IPv6LinkLocal        bool     `json:"ipv6-link-local"`
	ICELite              bool     `json:"ice-lite"`
	ICETCP               bool     `json:"ice-tcp"`
	ICENomination        string   `json:"ice-nomination"`
	ICEConsentFreshness  bool     `json:"ice-consent-freshness"` // Janus 1.2.0 and later
	ICEKeepAliveChecks   bool     `json:"ice-keepalive-conncheck"`
	HangupOnFailed       bool     `json:"hangup-on-failed"` // Janus 1.2.1 and later
	FullTrickle          bool     `json:"full-trickle"`
	MDNSEnabled          bool     `json:"mdns-enabled"`
	MinNACKQueue         int      `json:"min-nack-queue"` // milliseconds
	NACKOptimizations    bool     `json:"nack-optimizations"`
	TWCCPeriod           int      `json:"twcc-period"` // milliseconds
	DSCP                 int      `json:"dscp"`
	DTLSMTU              int      `json:"dtls-mtu"` // bytes
	STUNServer           string   `json:"stun-server"`
	TURNServer           string   `json:"turn-server"`
	AllowForceRelay      bool     `json:"allow-force-relay"`
	StaticEventLoops     int      `json:"static-event-loops"`
	LoopIndication       bool     `json:"loop-indication"`
	APISecret            bool     `json:"api_secret"` // requests need one
	AuthToken            bool     `json:"auth_token"` // requests need one
	EventHandlersEnabled bool     `json:"event_handlers"`
	OpaqueIDInAPI        bool     `json:"opaqueid_in_api"`
	WebRTCEncryption     *bool    `json:"webrtc_encryption"` // nil: on

	Dependencies  map[string]string    `json:"dependencies"` // library to version
	Transports    map[string]Component `json:"transports"`   // by package name, as the rest
	EventHandlers map[string]Component `json:"events"`
	Loggers       map[string]Component `json:"loggers"`
	Plugins       map[string]Component `json:"plugins"`

	Raw json.RawMessage `json:"-"` // the whole message
}

// Component describes a plugin or another module of the gateway.
type Component struct {
	Name          string `json:"name"`
	Author        string `json:"author"`
	Description   string `json:"description"`
	Version       int    `json:"version"`
	VersionString string `json:"version_string"`
}

// Info asks the gateway about itself. It needs no credentials. [Client.Capabilities]
// asks only once.
func (c *Client) Info(ctx context.Context) (*ServerInfo, error) {
	now := c.caps.Load() // before the question, so that the answer is of that gateway or of none
	a, err := c.do(ctx, &request{op: "info", public: true, safe: true})
	if err != nil {
		return nil, err
	}
	if a.kind != kindServerInfo {
		return nil, unexpected("info", a)
	}
	info, err := ParseServerInfo(a.data)
	if err == nil {
		now.info.Store(info)
	}
	return info, err
}

// ParseServerInfo reads a "server_info" message, which the gateway also serves
// at GET /janus/info. A field of a type that is not ours keeps its zero value;
// only an answer that is no JSON object is an error.
func ParseServerInfo(data []byte) (*ServerInfo, error) {
	info := new(ServerInfo)
	if err := json.Unmarshal(data, info); err != nil && !isTypeError(err) {
		return nil, &ProtocolError{Op: "info", Reason: err.Error(), Data: clip(data)}
	}
	info.Raw = data
	return info, nil
}

// isTypeError reports whether err is about one field, after which
// encoding/json has gone on with the others.
func isTypeError(err error) bool {
	_, ok := err.(*json.UnmarshalTypeError) //nolint:errorlint // json.Unmarshal returns it bare
	return ok
}
