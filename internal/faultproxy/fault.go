package faultproxy

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Direction says which way a frame goes.
type Direction uint8

// The two directions.
const (
	ToServer Direction = iota
	ToClient
)

// String returns "to server" or "to client".
func (d Direction) String() string {
	if d == ToClient {
		return "to client"
	}
	return "to server"
}

// Kind is what goes wrong.
type Kind uint8

// The faults of one frame, and those that end the connection.
const (
	Pass      Kind = iota // nothing
	Drop                  // the frame is lost, the connection goes on
	Duplicate             // it comes twice
	Delay                 // it and what follows comes For later
	Reorder               // it comes after the At frames behind it, or after For
	Truncate              // only its first At bytes of payload come, well framed
	Flip                  // bit At of its payload is turned over
	Split                 // it comes in two, cut at byte At of its payload
	Merge                 // it comes together with the next one, or after For
	Reset                 // the connection is reset: RST
	End                   // the connection is closed without a close frame: FIN
	Silence               // nothing comes through any more, either way, and nobody is told
)

var kinds = [...]string{"pass", "drop", "duplicate", "delay", "reorder", "truncate", "flip", "split", "merge", "reset", "end", "silence"}

// String names the kind.
func (k Kind) String() string {
	if int(k) < len(kinds) {
		return kinds[k]
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// AnyConn as Fault.Conn is every connection.
const AnyConn = -1

// defaultHold is how long Reorder and Merge wait for other frames, and Delay
// delays, where For is zero.
const defaultHold = 100 * time.Millisecond

// Fault is what happens to one frame.
type Fault struct {
	Conn  int // from 0, or AnyConn
	Dir   Direction
	Frame int // from 0
	Kind  Kind

	// After has Reset, End and Silence let the frame pass first.
	After bool
	// For is the time of Delay, and the most that Reorder and Merge hold a frame
	// back. Zero: 100 ms.
	For time.Duration
	// At is a byte of the payload for Truncate and Split, a bit of it for Flip, the
	// number of frames for Reorder. It is taken modulo what there is, and at least 1
	// frame for Reorder.
	At int
}

// String says what happens to which frame.
func (f Fault) String() string {
	s := fmt.Sprintf("%s frame %d %s", f.Kind, f.Frame, f.Dir)
	if f.Conn != AnyConn {
		s += fmt.Sprintf(" of connection %d", f.Conn)
	}
	if f.After {
		s += " after it"
	}
	if f.At != 0 {
		s += fmt.Sprintf(" at %d", f.At)
	}
	if f.For != 0 {
		s += " for " + f.For.String()
	}
	return s
}

// hold returns For or its default.
func (f Fault) hold() time.Duration {
	if f.For > 0 {
		return f.For
	}
	return defaultHold
}

// Random returns n faults among the first frames of every direction of the
// first conns connections. The same seed gives the same faults. Delays are up to
// 2 s, and frames change places with up to 4 others.
func Random(seed uint64, n, conns, frames int) []Fault {
	r := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // it is to be repeated
	list := make([]Fault, n)
	for i := range list {
		list[i] = Fault{
			Conn:  r.IntN(conns),
			Dir:   Direction(r.IntN(2)),
			Frame: r.IntN(frames),
			Kind:  Drop + Kind(r.IntN(int(Silence-Drop)+1)),
			After: r.IntN(2) == 0,
			For:   time.Duration(r.Int64N(int64(2 * time.Second))),
			At:    r.IntN(1 << 12),
		}
		if list[i].Kind == Reorder {
			list[i].At = 1 + r.IntN(4)
		}
	}
	return list
}
