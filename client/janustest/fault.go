package janustest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

// Fault is one thing that goes wrong, at one frame or at all of them. A frame
// is one message of a transport, over HTTP the body of a request or of its
// answer. It is a plain value: [Server.Inject] puts it to work, and it can be
// printed and used again.
//
//	gw.Inject(janustest.Fault{Kind: janustest.CutConn, Direction: janustest.ToClient, Frame: 3})
type Fault struct {
	// Kind is what happens.
	Kind FaultKind

	// Conn is the connection it happens to, counted from 1 in the order in which
	// the Server accepted them; over HTTP each exchange is one. Zero: any.
	Conn int

	// Direction says which frames Frame counts. Zero: those of the client.
	Direction Direction

	// Frame is the one it happens at, counted from 1: from the beginning of the
	// connection where Conn is set, else from Inject on, over all connections
	// together. Zero: every frame.
	Frame int

	// After lets the frame pass before it happens, where false is ahead of it.
	// A request after which the connection ends is executed and its answers are
	// lost. Faults of the frame itself know no after.
	After bool

	// For is how long it takes. Each kind says for what.
	For time.Duration

	// At is a place in the frame, in bytes, or bits for [FlipBit]. A place
	// behind the end begins again at the front.
	At int

	// Window is how many later frames overtake one, for [ReorderFrame]. Zero: 1.
	Window int

	// Code is what [FailRequest] answers. Zero: 490, unknown error.
	Code client.Code
}

// FaultKind is what goes wrong.
type FaultKind string

// Faults of the frame.
const (
	// LoseFrame loses the frame; the connection goes on.
	LoseFrame FaultKind = "lose"
	// DelayFrame holds back the frame and all behind it by For. From the client
	// it is a gateway that reads slowly: some frames on, writes have to wait.
	DelayFrame FaultKind = "delay"
	// DuplicateFrame lets the frame pass twice. An answer over HTTP cannot.
	DuplicateFrame FaultKind = "duplicate"
	// ReorderFrame holds back the frame alone until Window others overtook it,
	// or For is over, or the connection. A zero For is 100 ms. Over HTTP, where
	// exchanges overtake each other anyway, it waits for For.
	ReorderFrame FaultKind = "reorder"
	// TruncateFrame cuts the message off at At.
	TruncateFrame FaultKind = "truncate"
	// SplitFrame sends the message in two fragments, cut at At, as WebSockets and
	// HTTP bodies can. Elsewhere, and from the client, it does nothing.
	SplitFrame FaultKind = "split"
	// FlipBit turns the bit At round.
	FlipBit FaultKind = "flip"
	// MergeFrame holds back the frame until the next one comes, and sends both as
	// one message; without a next one it goes alone after For, which is 100 ms
	// where it is zero. Janus takes several requests in one message, but not on a
	// Unix socket; it sends none so. Over HTTP, where an exchange holds one of
	// each, it is DelayFrame.
	MergeFrame FaultKind = "merge"
)

// Faults of the connection.
const (
	// CloseConn ends the connection as the transport has it: a WebSocket with
	// status 1001. In memory and over HTTP it is CutConn.
	CloseConn FaultKind = "close"
	// CutConn ends it without a word, as a killed process does: a FIN of TCP.
	CutConn FaultKind = "cut"
	// ResetConn ends it by a reset of TCP, which may also lose what is on its
	// way. In memory and on a Unix socket it is CutConn.
	ResetConn FaultKind = "reset"
	// SilenceConn leaves the connection half open: what either side sends
	// vanishes, and nobody is told. Its sessions keep it as their owner.
	SilenceConn FaultKind = "silence"
)

// Faults of the gateway.
const (
	// FailRequest answers the requests in a frame of the client with an error of
	// Code instead of executing them.
	FailRequest FaultKind = "fail"
	// ExpireSessions ends the sessions of the connection, as their timeout does.
	ExpireSessions FaultKind = "expire"
	// DetachHandles ends the handles of these sessions, with detached events.
	DetachHandles FaultKind = "detach"
	// HangUpHandles ends their peer connections, with hangup events that say
	// "ICE failed".
	HangUpHandles FaultKind = "hangup"
	// RefuseDials refuses connections for For; zero: until Refuse(nil).
	RefuseDials FaultKind = "refuse"
	// RefuseSessions answers create with 472 for For; zero: until Drain(false).
	RefuseSessions FaultKind = "drain"
	// FreezeGateway is [Server.Freeze] for For; zero: until Thaw.
	FreezeGateway FaultKind = "freeze"
	// RestartGateway is [Server.Restart] with For.
	RestartGateway FaultKind = "restart"
)

// Direction is one way through a connection.
type Direction string

// The two directions.
const (
	FromClient Direction = "from client"
	ToClient   Direction = "to client"
)

// String describes f on one line.
func (f Fault) String() string {
	var b strings.Builder
	b.WriteString(string(f.Kind))
	if f.After {
		b.WriteString(" after")
	}
	if f.Frame != 0 {
		fmt.Fprintf(&b, " frame %d", f.Frame)
	} else {
		b.WriteString(" every frame")
	}
	b.WriteString(" " + string(cmp.Or(f.Direction, FromClient)))
	if f.Conn != 0 {
		fmt.Fprintf(&b, " of connection %d", f.Conn)
	}
	for _, p := range []struct {
		name string
		n    int
	}{{"at", f.At}, {"window", f.Window}, {"code", int(f.Code)}} {
		if p.n != 0 {
			fmt.Fprintf(&b, " %s %d", p.name, p.n)
		}
	}
	if f.For != 0 {
		b.WriteString(" for " + f.For.String())
	}
	return b.String()
}

// randomKinds are what [RandomFaults] picks from.
var randomKinds = []FaultKind{LoseFrame, DelayFrame, DuplicateFrame, ReorderFrame, TruncateFrame, SplitFrame,
	FlipBit, MergeFrame, CutConn, ResetConn, SilenceConn}

// RandomFaults returns n faults at frames 1 to frames of either direction, over
// all connections, which the seed alone decides. Frames wait for up to 2 s and
// are overtaken by up to 4. It picks from kinds; none means all faults of the
// frame and of the connection but CloseConn.
func RandomFaults(seed uint64, n, frames int, kinds ...FaultKind) []Fault {
	if len(kinds) == 0 {
		kinds = randomKinds
	}
	r := rand.New(rand.NewPCG(seed, 0x6a616e7573))
	list := make([]Fault, 0, max(n, 0))
	for range n {
		list = append(list, Fault{
			Kind:      kinds[r.IntN(len(kinds))],
			Direction: []Direction{FromClient, ToClient}[r.IntN(2)],
			Frame:     1 + r.IntN(max(frames, 1)),
			After:     r.IntN(2) == 1,
			For:       time.Duration(r.Int64N(2000)) * time.Millisecond,
			At:        r.IntN(1 << 16),
			Window:    1 + r.IntN(4),
		})
	}
	return list
}
