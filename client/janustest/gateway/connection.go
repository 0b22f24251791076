//go:build !js

package gateway

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

// connection is one peer connection of pion's. peer.mu guards the lists.
type connection struct {
	peer *peer
	pc   *webrtc.PeerConnection

	inlets   []*inlet
	outlets  []*outlet
	channels channels

	upOnce  sync.Once
	arrived atomic.Bool   // it has come about
	ready   chan struct{} // closed when the webrtcup event is out
	endOnce sync.Once
	over    chan struct{}

	saying sync.Mutex // guards the closing of over: nothing is said after that
}

func newConnection(p *peer) (*connection, error) {
	c := &connection{peer: p, ready: make(chan struct{}), over: make(chan struct{})}
	c.channels.conn = c
	api, err := newAPI(p.g.opts.ICETimeout, func() { c.lost("DTLS alert") })
	if err != nil {
		return nil, fmt.Errorf("gateway: %w", err)
	}
	pc, err := api.NewPeerConnection(webrtc.Configuration{BundlePolicy: webrtc.BundlePolicyMaxBundle})
	if err != nil {
		return nil, fmt.Errorf("gateway: %w", err)
	}
	c.pc = pc
	pc.OnConnectionStateChange(func(webrtc.PeerConnectionState) { c.stateChanged() })
	pc.OnTrack(c.trackFound)
	pc.OnDataChannel(c.channels.found)
	pc.SCTP().Transport().OnStateChange(func(s webrtc.DTLSTransportState) {
		if s == webrtc.DTLSTransportStateFailed {
			c.lost("DTLS error")
		}
	})
	return c, nil
}

// stateChanged looks at the state itself: pion calls the handler from goroutines
// of its own, in no order.
func (c *connection) stateChanged() {
	select {
	case <-c.over:
		return // nobody waits for what would begin
	default:
	}
	switch c.pc.ConnectionState() {
	case webrtc.PeerConnectionStateConnected:
		c.upOnce.Do(c.up)
	case webrtc.PeerConnectionStateFailed:
		c.lost("ICE failed")
	}
}

// up says that the connection has come about.
func (c *connection) up() {
	c.arrived.Store(true)
	if up := c.peer.hooks.up; up != nil {
		up()
	}
	c.say("webrtcup", nil)
	close(c.ready)
	// Looks after what comes and what is lost. It ends with c; Close of the
	// gateway waits for it.
	c.peer.g.work.Go(c.watch)
	for _, in := range c.peer.inlets() {
		in.refresh()
	}
}

// say sends an event about c, unless its end was told of.
func (c *connection) say(kind string, data object) {
	c.saying.Lock()
	defer c.saying.Unlock()
	select {
	case <-c.over:
	default:
		c.peer.push(kind, data)
	}
}

// lost ends c on a goroutine of its own: pion must not be closed from its own
// handlers. It ends when the plugin has heard of it.
func (c *connection) lost(reason string) {
	select {
	case <-c.over:
	default:
		c.peer.g.work.Go(func() { c.peer.lost(c, reason) })
	}
}

// end closes c without waiting for that, which may take long.
func (c *connection) end() {
	c.endOnce.Do(func() {
		c.saying.Lock()
		close(c.over)
		c.saying.Unlock()
		c.peer.mu.Lock()
		inlets, outlets := c.inlets, c.outlets
		c.inlets, c.outlets = nil, nil
		c.peer.mu.Unlock()
		for _, in := range inlets {
			in.end()
		}
		for _, o := range outlets {
			o.follow(nil)
		}
		// Close of the gateway waits for it.
		c.peer.g.work.Go(func() { _ = c.pc.GracefulClose() }) // nobody is left to hear of a failure
	})
}

// candidate takes a candidate of the client. Those that make no sense are
// skipped, as Janus does.
func (c *connection) candidate(cand webrtc.ICECandidateInit) { _ = c.pc.AddICECandidate(cand) }

// trackFound reads a stream of the client. pion calls it once for each layer.
func (c *connection) trackFound(remote *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	var mid string
	for _, t := range c.pc.GetTransceivers() {
		if t.Receiver() == receiver {
			mid = t.Mid()
		}
	}
	in := c.peer.inlet(mid)
	if in == nil {
		return
	}
	layer := in.layerOf(remote.RID())
	in.found(layer, remote, receiver)
	// Both end when pion stops the receiver; Close of the gateway waits for them.
	c.peer.g.work.Go(func() { in.read(layer, remote) })
	c.peer.g.work.Go(func() { drain(receiver, remote.RID()) })
}

// drain reads the reports about a stream, without which pion answers none.
func drain(receiver *webrtc.RTPReceiver, rid string) {
	buf := make([]byte, receiveMTU)
	for {
		var err error
		if rid == "" {
			_, _, err = receiver.Read(buf)
		} else {
			_, _, err = receiver.ReadSimulcast(buf, rid)
		}
		if err != nil {
			return
		}
	}
}

// ticks is how often the connection is looked after.
const ticks = 500 * time.Millisecond

// watch reports media that stopped and packets that were lost, and repeats the
// limits of the bitrate.
func (c *connection) watch() {
	tick := time.NewTicker(ticks)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-c.over:
			return
		case now := <-tick.C:
			for _, in := range c.peer.inlets() {
				in.rested(now)
				if n%2 == 1 {
					in.second()
				}
			}
		}
	}
}

// write sends RTCP, which nobody can send before the connection is there.
func (c *connection) write(packets ...rtcp.Packet) { _ = c.pc.WriteRTCP(packets) }

// add notes an inlet that a description brought. peer.mu is held.
func (c *connection) add(in *inlet) {
	if !slices.Contains(c.inlets, in) {
		c.inlets = append(c.inlets, in)
	}
}
