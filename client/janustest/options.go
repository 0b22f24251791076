package janustest

import (
	"slices"
	"strconv"
	"time"
)

// Options says how the gateway is configured. Nil and zero fields mean the
// default. The names follow Janus' own configuration.
type Options struct {
	// APISecret must come with every request but info and ping. Empty: none.
	APISecret string

	// Tokens demands stored tokens: it maps each token to the plugins it may
	// attach to, and an empty list allows all of them. Nil: no tokens. A
	// request that holds the APISecret needs no token. See also
	// [Server.AddToken].
	Tokens map[string][]string

	// TokenSecret demands tokens signed with it, as package client/token makes
	// them, and overrules Tokens. Empty: none.
	TokenSecret string

	// AdminSecret must come with every request of the admin API but info and ping.
	// Empty: none. See [Server.Listen] for where that API is.
	AdminSecret string

	// SessionTimeout ends a session that sent nothing for so long. Zero: 60 s.
	// Negative: never. This gateway is exact, which is the earliest a client has
	// to reckon with; see Watchdog.
	SessionTimeout time.Duration

	// ReclaimTimeout is how long a session outlives its connection, counted
	// from the session's last request. Zero: not at all.
	ReclaimTimeout time.Duration

	// Watchdog has the timeouts as late as Janus': it looks every 2 s, and ends
	// what was over the last time as well, 2 to 4 s after its time.
	Watchdog bool

	// FullTrickle sends the gateway's candidates as trickle events, ahead of
	// the description they belong to, instead of inside it.
	FullTrickle bool

	// OpaqueIDInAPI repeats the opaque id of a handle in its events and
	// synchronous answers.
	OpaqueIDInAPI bool

	// DetachedFirst sends the detached events of a session that timed out ahead
	// of its timeout event. Janus does either, and may leave some out.
	DetachedFirst bool

	// NoDataChannels has info say that the gateway was built without them.
	NoDataChannels bool

	// ServerName is the server-name of info. Empty: "janustest".
	ServerName string

	// Version is the version number of info; it decides which settings the
	// echotest plugin knows. Zero: 1102, which is 1.1.2.
	Version int
}

const (
	defaultSessionTimeout = 60 * time.Second
	watchdogTime          = 2 * time.Second
	defaultVersion        = 1102
	recorded              = 4096     // requests kept for Requests
	recordedBytes         = 64 << 20 // of them
)

func (o *Options) withDefaults() Options {
	var v Options
	if o != nil {
		v = *o
	}
	if v.Tokens != nil {
		tokens := make(map[string][]string, len(v.Tokens))
		for token, plugins := range v.Tokens {
			tokens[token] = slices.Clone(plugins)
		}
		v.Tokens = tokens
	}
	if v.SessionTimeout == 0 {
		v.SessionTimeout = defaultSessionTimeout
	}
	if v.ServerName == "" {
		v.ServerName = "janustest"
	}
	if v.Version == 0 {
		v.Version = defaultVersion
	}
	return v
}

// versionString writes 1102 as "1.1.2", as Janus numbers its releases.
func versionString(v int) string {
	return strconv.Itoa(v/1000) + "." + strconv.Itoa(v/100%10) + "." + strconv.Itoa(v%100)
}
