//go:build !js

package gateway

import (
	"encoding/json"
	"errors"
	"slices"
	"sync"

	"github.com/pion/webrtc/v4"

	"github.com/bifrons-rtc/bifrons/client/janustest"
)

// peer is the gateway's end of what a handle negotiates: one connection at a
// time, and after it ended another. Its methods may be called concurrently, and
// from the hooks, except that two negotiations of one peer exclude each other.
type peer struct {
	g     *Gateway
	at    *janustest.Attachment
	hooks hooks

	turn sync.Mutex // held by who negotiates; taken before mu

	mu    sync.Mutex // guards what follows; no hook is called with it held
	conn  *connection
	early []webrtc.ICECandidateInit // of the client, for the description to come
	gone  bool                      // the handle is
	told  int                       // hangup events of ours of which the core has yet to tell the plugin
}

// hooks are what a plugin hears of a peer. Those that are nil are not called.
// They run on goroutines of the peer and must not block.
type hooks struct {
	up   func()                                   // the connection has come about; the webrtcup event comes next
	down func(end func() bool)                    // see below; it is not nil
	slow func(kind webrtc.RTPCodecType)           // a slowlink event was sent
	open func(label string)                       // the client opened a data channel
	data func(label string, text bool, b []byte)  // a message came; b is the plugin's to keep
	rtp  func(in *inlet, layer int, level *uint8) // a packet came, of sound with its level in -dBov if it has one
	remb func(bitrate float32)                    // the client estimates what it can receive, in bit/s
}

// The hook down is called when the connection broke, when the client hung up,
// even without one, and when the handle is gone. The plugin calls end with its own
// lock held, so that nobody negotiates in between, and if that is true takes back
// what hung on the connection. The hangup event comes next.

// maxEarly limits candidates that come before the description.
const maxEarly = 64

var (
	errNoConnection = errors.New("gateway: no peer connection")
	errNoCodec      = errors.New("gateway: not a codec it forwards")
	errNotFree      = errors.New("gateway: the m-line is not free")
	errHandleGone   = errors.New("gateway: the handle is gone")
)

// open returns the connection, a new one if there is none.
func (p *peer) open() (*connection, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.gone:
		return nil, errHandleGone
	case p.conn != nil:
		return p.conn, nil
	}
	c, err := newConnection(p)
	if err != nil {
		return nil, err
	}
	p.conn = c
	return c, nil
}

// current returns the connection; nil if there is none.
func (p *peer) current() *connection {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.conn
}

// connected says whether there is a connection and it has come about.
func (p *peer) connected() bool {
	c := p.current()
	return c != nil && c.arrived.Load()
}

// drop ends the connection without a word, and reports whether there was one. It
// returns before the connection is gone.
func (p *peer) drop() bool {
	c := p.current()
	return p.dropThis(c) && c != nil
}

// dropThis is drop, if the connection is c, which may be none.
func (p *peer) dropThis(c *connection) bool {
	p.mu.Lock()
	mine := p.conn == c
	if mine {
		p.conn, p.early = nil, nil
	}
	p.mu.Unlock()
	if mine && c != nil {
		c.end()
	}
	return mine
}

// hangUp ends the connection for a reason of the plugin's, who knows what follows:
// the hook down is not called. The result says so to the client, if there was one.
func (p *peer) hangUp() (tell func()) {
	if !p.drop() {
		return func() {}
	}
	return func() { p.tell(closedByPlugin) }
}

// closedByPlugin is what Janus calls the reason.
const closedByPlugin = "Close PC"

// end ends whatever connection there is; it is what the hook down gets.
func (p *peer) end() bool {
	p.drop()
	return true
}

// close ends it all: the handle is gone.
func (p *peer) close() {
	p.mu.Lock()
	p.gone = true
	p.mu.Unlock()
	p.hooks.down(p.end)
}

// lost ends c, which broke for a reason that the client hears of.
func (p *peer) lost(c *connection, reason string) {
	mine := false
	p.hooks.down(func() bool {
		mine = p.dropThis(c)
		return mine
	})
	if mine {
		p.tell(reason)
	}
}

// tell sends the hangup event. The core tells the plugin of that in its turn, who
// knows already and may have another connection by then.
func (p *peer) tell(reason string) {
	p.mu.Lock()
	p.told++
	p.mu.Unlock()
	p.push("hangup", object{"reason": reason})
}

// hungUp hears of a hangup from the core.
func (p *peer) hungUp() {
	p.mu.Lock()
	ours := p.told > 0
	if ours {
		p.told--
	}
	p.mu.Unlock()
	if !ours {
		p.hooks.down(p.end)
	}
}

// push sends an event of the core about the handle, which may be gone.
func (p *peer) push(kind string, data object) {
	if data == nil {
		data = object{}
	}
	_ = p.g.Push(p.at.Session, p.at.Handle, kind, data, nil)
}

// trickled takes candidates of the client.
func (p *peer) trickled(list []json.RawMessage) {
	for _, raw := range list {
		var cand webrtc.ICECandidateInit
		if json.Unmarshal(raw, &cand) != nil || cand.Candidate == "" {
			continue // what makes no sense is skipped
		}
		p.mu.Lock()
		c := p.conn
		waits := c == nil || c.pc.RemoteDescription() == nil
		if waits && len(p.early) < maxEarly {
			p.early = append(p.early, cand)
		}
		p.mu.Unlock()
		if !waits {
			c.candidate(cand)
		}
	}
}

// described hands the connection the candidates that came too early.
func (p *peer) described(c *connection) {
	p.mu.Lock()
	early := p.early
	p.early = nil
	p.mu.Unlock()
	for _, cand := range early {
		c.candidate(cand)
	}
}

// inlets returns what the client sends, in the order of the m-lines.
func (p *peer) inlets() []*inlet {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.conn == nil {
		return nil
	}
	return slices.Clone(p.conn.inlets)
}

// inlet returns what the client sends on one m-line; nil if that is nothing.
func (p *peer) inlet(mid string) *inlet {
	for _, in := range p.inlets() {
		if in.mid == mid {
			return in
		}
	}
	return nil
}

// outlets returns what the client gets.
func (p *peer) outlets() []*outlet {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.conn == nil {
		return nil
	}
	return slices.Clone(p.conn.outlets)
}

// outlet returns what the client gets on one m-line; nil if that is nothing.
func (p *peer) outlet(mid string) *outlet {
	for _, o := range p.outlets() {
		if o.mid() == mid {
			return o
		}
	}
	return nil
}
