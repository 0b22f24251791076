// Package radio has one of everything that can be written.
package radio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

// Plugin is a constant.
const Plugin = "janus.plugin.radio"

// More constants.
const (
	Large   = 1 << 60
	Pi      = 3.25
	Odd     = "\a\"<é"
	private = 1
)

// Error codes of the plugin.
var (
	ErrTube             = client.PluginCode{Plugin: Plugin, Code: 501} // a tube is broken
	ErrAerial     error = client.PluginCode{Plugin: Plugin, Code: 502}
	ErrBatteryLow       = errors.New("no code")
)

// Band is a union.
type Band string

const (
	FM Band = "fm"
	AM Band = "am" // crackles
)

// Side is a union by its String method.
type Side uint8

const (
	Left Side = iota
	Right
)

func (s Side) String() string {
	switch s {
	case Left:
		return "left"
	case Right:
		return "right"
	}
	return "unknown"
}

// Level is an object.
type Level int

// The levels.
const (
	Low  Level = -1
	High Level = 1 // too loud
)

// Station is a message: see [Tuner.Tune], and "*/" is no end.
type Station struct {
	ID         client.ID       `json:"id"`
	Name       string          `json:"display-name"`
	Frequency  float64         `json:"frequency,omitempty"` // in MHz
	Band       Band            `json:"band"`
	Owner      *Person         `json:"owner,omitempty"`
	Former     *Person         `json:"former"`
	Relays     []client.ID     `json:"relays,omitzero"`
	Programme  []Person        `json:"programme"`
	Slots      [2]*Person      `json:"slots"`
	Listeners  map[string]int  `json:"listeners"`
	Key        []byte          `json:"key"`
	Since      time.Time       `json:"since"`
	Serial     uint64          `json:"serial,string"`
	Extra      json.RawMessage `json:"extra,omitempty"`
	Anything   any             `json:"anything"`
	JSEP       *client.JSEP    `json:"jsep,omitempty"`
	Cause      error           `json:"cause"`
	Untagged   bool
	Secret     string       `json:"-"`
	Place      fmt.Stringer `json:"place"`
	Wavelength              // flattened: its fields are the station's
	hidden     int
}

type Wavelength struct {
	Metres float64 `json:"metres"`
}

// Person has a name.
type Person struct {
	Name string `json:"name"`
}

// Options are defaults where zero.
type Options struct {
	StreamID string
	// Volume is from 0 to 1
	Volume  float64 // loud
	Timeout time.Duration
	Servers []Server
	Log     func(string)
	Tuner   *Tuner // an argument that a page cannot make is not one
}

// Portable has what Person has, and what is the page's own.
type Portable struct {
	Person
	*Tuner
	Side Text       `json:"side"`
	Addr netip.Addr `json:"addr"`
}

// Text is written by its method.
type Text int

// MarshalText writes it.
func (Text) MarshalText() ([]byte, error) { return nil, nil }

// Mood has a String method that says too little.
type Mood int

const Good Mood = 1

func (m Mood) String() string { return texts[m] }

var texts = map[Mood]string{Good: "good"}

// Renamed only embeds.
type Renamed struct{ Person }

// Server is part of an argument.
type Server struct {
	URLs     []string
	Protocol string // "shout", "ice" or "hls": how it speaks
	Mood     string // good, "bad" or "ugly"
}

// Reading is a result.
type Reading struct {
	Time         time.Time
	RTT          time.Duration
	Side         Side
	Level        Level
	Noise        *float64
	Values       []float64
	By           map[Side]Server2
	Bytes        []byte
	Tuner        *Tuner
	Crystal      *Crystal
	Err          error
	Fault        *Fault
	Month        time.Month
	Mood         Mood
	AM, URLs     bool
	private, two int
}

// Server2 is part of a result.
type Server2 struct{ Name string }

// Tuner is an object without anything to see.
type Tuner struct{ station *Station }

// Tune tunes.
func (t *Tuner) Tune(context.Context, *Options) (Reading, error) { return Reading{}, nil }

// Crystal is an object with something to see.
type Crystal struct {
	Colour string
	state  int
}

// Fault is an error.
type Fault struct{ Reason string }

func (f *Fault) Error() string { return f.Reason }

// Tuned is an event. Its Kind
// is "radio.in_tune", says this sentence.
type Tuned struct {
	client.EventBase
	Station Station
}

type (
	// SignalLost is an event of the kind that its name says.
	SignalLost struct {
		client.EventBase
		Seconds int
	}

	// JSEP has the name of another package's type.
	JSEP struct {
		client.EventBase
		Inner *client.JSEP
	}

	// Error has the name of JavaScript's own.
	Error struct {
		client.EventBase
		Err error
	}
)

const prefix = "radio."

func kinds() []string { return []string{prefix + "signal_lost", "radio.jsep", "error"} }

// Pair is generic, and not written.
type Pair[T any] struct{ A, B T }
