//go:build !js

package media

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4"

	"github.com/bifrons-rtc/bifrons/client"
)

// engine is pion's peer connection. Peer serialises offer, answer and accept.
type engine struct {
	peer hooks
	pc   *webrtc.PeerConnection

	streamID   string
	maxMessage atomic.Int64 // of the other side; 0: no limit, -1: not known yet
	connected  atomic.Bool
	past       struct{ sent, received atomic.Uint64 } // bytes of streams that ended

	unsettled []string // mids that settle let rest; of the negotiation, which takes turns

	work  sync.WaitGroup // the goroutines of start
	moved chan struct{}  // holds a token when a state changed

	counting sync.RWMutex // held while pion gathers statistics; protects over
	over     bool         // pion is being closed, which begins later than closed says

	mu       sync.Mutex // protects what follows
	closed   bool
	senders  []*sender
	tracks   []*track
	channels []*channel
	orphans  []*track // of the connection before, which wait for their m-lines
}

func newEngine(o Options, p hooks, tune any) (*engine, error) {
	if o.Transform != nil {
		return nil, unsupported("transform", "only in a browser; natively change the frames of a SampleSource")
	}
	api, err := newAPI(o, tune)
	if err != nil {
		return nil, err
	}
	cfg := webrtc.Configuration{BundlePolicy: webrtc.BundlePolicyMaxBundle}
	for _, s := range o.ICEServers {
		server := webrtc.ICEServer{URLs: s.URLs, Username: s.Username}
		if s.Credential != "" {
			server.Credential = s.Credential
		}
		cfg.ICEServers = append(cfg.ICEServers, server)
	}
	if o.RelayOnly {
		cfg.ICETransportPolicy = webrtc.ICETransportPolicyRelay
	}
	e := &engine{peer: p, streamID: randomID(), moved: make(chan struct{}, 1)}
	e.maxMessage.Store(-1)
	if e.pc, err = api.NewPeerConnection(cfg); err != nil {
		return nil, err
	}
	e.pc.OnICECandidate(func(c *webrtc.ICECandidate) {
		if !e.isClosed() {
			p.candidateFound(fromPion(c))
		}
	})
	e.pc.OnConnectionStateChange(func(webrtc.PeerConnectionState) { e.stateChanged() })
	e.pc.OnTrack(e.trackFound)
	e.pc.OnDataChannel(func(dc *webrtc.DataChannel) { e.dataOpened(dataPipe{dc}) })
	e.pc.SCTP().Transport().OnStateChange(func(webrtc.DTLSTransportState) { signal(e.moved) })
	return e, nil
}

// start runs f on a goroutine that ends with the engine: what f waits for ends
// when pion closes. close waits for it.
func (e *engine) start(f func()) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return false
	}
	e.work.Go(f)
	return true
}

// stateChanged looks at the state itself: pion calls the handler from goroutines
// of its own, in no order.
func (e *engine) stateChanged() {
	signal(e.moved)
	if e.isClosed() {
		return // the end, or another engine goes on
	}
	s := e.pc.ConnectionState()
	switch s {
	case webrtc.PeerConnectionStateClosed:
		return // our Close, which says so itself
	case webrtc.PeerConnectionStateConnected:
		e.setConnected(true) // first: who hears of it may send at once
		e.peer.stateSeen(StateConnected)
		return
	}
	e.peer.stateSeen(State(s.String()))
}

// setConnected lets the sources play, or pause.
func (e *engine) setConnected(on bool) {
	if e.connected.Swap(on) == on {
		return
	}
	e.mu.Lock()
	senders := append([]*sender(nil), e.senders...)
	e.mu.Unlock()
	for _, s := range senders {
		s.update()
	}
}

// quickly is how long a description waits for its candidates. Without STUN and
// TURN servers they are there in a fraction of it, and nothing has to trickle.
const quickly = 25 * time.Millisecond

func (e *engine) offer(ctx context.Context, restart bool) (string, <-chan struct{}, error) {
	if e.pc.SignalingState() == webrtc.SignalingStateHaveLocalOffer {
		if e.pc.CurrentRemoteDescription() == nil {
			// pion can neither take an offer back nor replace it. This one is as
			// good as new, with the candidates in it.
			return e.localSDP(), webrtc.GatheringCompletePromise(e.pc), nil
		}
		if err := e.settle(ctx); err != nil {
			return "", nil, err
		}
	}
	if restart && e.pc.CurrentRemoteDescription() == nil {
		restart = false // there is nothing to restart
	}
	d, err := e.pc.CreateOffer(&webrtc.OfferOptions{
		OfferAnswerOptions: webrtc.OfferAnswerOptions{ICETricklingSupported: true},
		ICERestart:         restart,
	})
	if err != nil {
		return "", nil, err
	}
	gathered := webrtc.GatheringCompletePromise(e.pc)
	return d.SDP, gathered, e.pc.SetLocalDescription(d)
}

// settle ends a renegotiation that got no answer, by answering for the other
// side what it said before. It names no codecs for what is new: pion keeps the
// numbers it hears first.
func (e *engine) settle(ctx context.Context) error {
	pending, before, ours := e.pc.PendingLocalDescription(), e.pc.CurrentRemoteDescription(), e.pc.CurrentLocalDescription()
	if pending == nil || before == nil || ours == nil {
		return nil
	}
	if err := e.accept(ctx, unchanged(pending.SDP, before.SDP, ours.SDP, false)); err != nil {
		return err
	}
	known := len(sections(before.SDP))
	for i, rests := range sections(pending.SDP) {
		if i >= known {
			e.unsettled = append(e.unsettled, rests.mid)
		}
	}
	return nil
}

// rebind has the senders on m-lines that settle let rest take the codecs of the
// negotiation that is over now: pion lets a sender begin only once.
func (e *engine) rebind() error {
	mids := e.unsettled
	e.unsettled = nil
	e.mu.Lock()
	senders := append([]*sender(nil), e.senders...)
	e.mu.Unlock()
	for _, s := range senders {
		if !slices.Contains(mids, s.mid()) {
			continue
		}
		if err := s.line().rtp.ReplaceTrack(s); err != nil {
			return err
		}
	}
	return nil
}

// withdraw takes back the offer that waits.
func (e *engine) withdraw(ctx context.Context) error {
	if e.pc.CurrentRemoteDescription() == nil {
		return fmt.Errorf("%w: the first offer waits for its answer, and cannot be taken back", ErrState)
	}
	return e.settle(ctx)
}

func (e *engine) answer(_ context.Context, offer string) (string, <-chan struct{}, error) {
	offer = stillIdle(offer, e.pc.GetTransceivers())
	err := e.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer})
	if err != nil {
		return "", nil, err
	}
	d, err := e.pc.CreateAnswer(&webrtc.AnswerOptions{
		OfferAnswerOptions: webrtc.OfferAnswerOptions{ICETricklingSupported: true},
	})
	if err != nil {
		return "", nil, err
	}
	gathered := webrtc.GatheringCompletePromise(e.pc)
	if err := e.pc.SetLocalDescription(d); err != nil {
		return "", nil, err
	}
	return d.SDP, gathered, e.rebind()
}

func (e *engine) accept(_ context.Context, answer string) error {
	err := e.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer})
	if err != nil {
		return err
	}
	return e.rebind()
}

func (e *engine) receive(k Kind) error {
	if k != Audio && k != Video {
		return &OptionError{"Kind", "want Audio or Video"}
	}
	_, err := e.pc.AddTransceiverFromKind(rtpKind(k), webrtc.RTPTransceiverInit{
		Direction: webrtc.RTPTransceiverDirectionRecvonly,
	})
	if err != nil {
		return fmt.Errorf("media: receive: %w", err)
	}
	return nil
}

func (e *engine) localSDP() string {
	if d := e.pc.LocalDescription(); d != nil {
		return d.SDP
	}
	return ""
}

func (e *engine) addCandidate(c client.Candidate) error {
	init := webrtc.ICECandidateInit{Candidate: c.Candidate}
	if c.SDPMid != "" {
		init.SDPMid = &c.SDPMid
	}
	index := uint16(c.SDPMLineIndex)
	init.SDPMLineIndex = &index
	return e.pc.AddICECandidate(init)
}

func fromPion(c *webrtc.ICECandidate) *client.Candidate {
	if c == nil {
		return nil
	}
	init := c.ToJSON()
	out := &client.Candidate{Candidate: init.Candidate}
	if init.SDPMid != nil {
		out.SDPMid = *init.SDPMid
	}
	if init.SDPMLineIndex != nil {
		out.SDPMLineIndex = int(*init.SDPMLineIndex)
	}
	return out
}

func (e *engine) limitMessages(most int) { e.maxMessage.Store(int64(most)) }

func (e *engine) underlying() any { return e.pc }

func (e *engine) transforms() bool { return false }
