//go:build !js

package janusproc

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"time"
)

// Options says how the server is configured. Nil and the zero value mean Janus'
// own defaults, no authentication, and every plugin. Durations are what Janus
// counts, whole seconds: Start refuses fractions.
type Options struct {
	// Binary is the program to run; empty: janus, found in PATH.
	Binary string

	// APISecret must accompany every Janus API request; empty: none.
	APISecret string
	// AdminSecret must accompany every admin request; empty: a random one.
	AdminSecret string
	// TokenAuth demands stored tokens, which the admin API adds and removes.
	TokenAuth bool
	// TokenSecret demands tokens signed with it (HMAC-SHA1); empty: none.
	TokenSecret string

	// StringIDs makes room and mountpoint ids strings in VideoRoom,
	// AudioBridge, Streaming and TextRoom.
	StringIDs bool
	// FullTrickle makes Janus send its candidates as trickle events, before
	// the answer, instead of in the answer.
	FullTrickle bool

	// SessionTimeout destroys an idle session; zero: 60 s; negative: never.
	SessionTimeout time.Duration
	// ReclaimTimeout keeps a session whose connection was lost; zero: not at all.
	ReclaimTimeout time.Duration
	// CandidatesTimeout drops trickled candidates that came too early; zero: 45 s.
	CandidatesTimeout time.Duration
	// NoMediaTimer is how long no packet arrives before a media event says so;
	// zero: 1 s; negative: no such events.
	NoMediaTimer time.Duration
	// SlowLinkThreshold is the number of packets lost in a second that raises
	// a slowlink event; zero: no such events.
	SlowLinkThreshold int
	// EventLoops runs all handles on this many threads, and lets attach choose
	// one of them; zero: a thread for each handle.
	EventLoops int

	// DisablePlugins lists plugins not to load, as "janus.plugin.sip" or "sip".
	DisablePlugins []string
	// Append adds text to generated configuration files, by file name:
	// {"janus.plugin.videoroom.jcfg": `room-1234: { description = "one" }`}.
	// A group that is there already, such as general, cannot be given again.
	Append map[string]string

	// Output gets a copy of what Janus prints, from one goroutine; nil: nobody.
	Output io.Writer
}

// complete returns a checked copy of o with the defaults of this package set.
func (o *Options) complete() (*Options, error) {
	c := Options{}
	if o != nil {
		c = *o
	}
	if c.Binary == "" {
		c.Binary = "janus"
	}
	if c.AdminSecret == "" {
		c.AdminSecret = randomHex(16)
	}
	c.DisablePlugins = slices.Clone(c.DisablePlugins)
	c.Append = maps.Clone(c.Append)
	for name := range c.Append {
		if filepath.Base(name) != name || filepath.Ext(name) != ".jcfg" {
			return nil, fmt.Errorf("janusproc: Options.Append: %q is not the name of a .jcfg file", name)
		}
	}
	for _, d := range []struct {
		name  string
		value time.Duration
		min   time.Duration
	}{
		{"SessionTimeout", c.SessionTimeout, -1},
		{"ReclaimTimeout", c.ReclaimTimeout, 0},
		{"CandidatesTimeout", c.CandidatesTimeout, 0},
		{"NoMediaTimer", c.NoMediaTimer, -1},
	} {
		if d.min == 0 && d.value < 0 {
			return nil, fmt.Errorf("janusproc: Options.%s: %v is negative", d.name, d.value)
		}
		if d.value > 0 && d.value%time.Second != 0 {
			return nil, fmt.Errorf("janusproc: Options.%s: %v is not a whole number of seconds", d.name, d.value)
		}
	}
	if c.SlowLinkThreshold < 0 || c.EventLoops < 0 {
		return nil, fmt.Errorf("janusproc: Options: SlowLinkThreshold %d and EventLoops %d must not be negative",
			c.SlowLinkThreshold, c.EventLoops)
	}
	return &c, nil
}

// randomHex returns n random bytes in hexadecimal.
func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
