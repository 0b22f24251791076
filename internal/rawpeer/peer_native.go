//go:build !js

package rawpeer

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"github.com/bifrons-rtc/bifrons/client"
)

// Options says what a peer sends. The zero Options is sound that says how loud it
// is, and is silent.
type Options struct {
	Simulcast bool // a video in three sizes in the place of the sound
	Lossy     bool // every other packet is missing
}

// Peer is a client.Negotiator. Nobody trickles here.
type Peer struct {
	pc    *webrtc.PeerConnection
	level atomic.Int32 // of the sound, in dBov below 0
}

var _ client.Negotiator = (*Peer)(nil)

// New returns a peer that sends until the test ends.
func New(t testing.TB, o Options) *Peer {
	t.Helper()
	var engine webrtc.MediaEngine
	check(t, engine.RegisterDefaultCodecs())
	for _, uri := range []string{sdp.SDESMidURI, sdp.SDESRTPStreamIDURI, sdp.SDESRepairRTPStreamIDURI} {
		check(t, engine.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uri}, webrtc.RTPCodecTypeVideo))
	}
	check(t, engine.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: sdp.AudioLevelURI}, webrtc.RTPCodecTypeAudio))
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(&engine)).NewPeerConnection(webrtc.Configuration{})
	check(t, err)
	p := &Peer{pc: pc}
	p.level.Store(127)
	send := p.audio
	if o.Simulcast {
		send = p.video
	}
	tick := send(t)
	quit, done := make(chan struct{}), make(chan struct{})
	go func() { // sends; ends with quit, and the cleanup waits for it
		defer close(done)
		clock := time.NewTicker(20 * time.Millisecond)
		defer clock.Stop()
		for n := uint32(0); ; n++ {
			select {
			case <-clock.C:
				if !o.Lossy || n%2 == 0 {
					tick(n)
				}
			case <-quit:
				return
			}
		}
	}()
	t.Cleanup(func() {
		close(quit)
		<-done
		check(t, pc.GracefulClose())
	})
	return p
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Level sets how loud the sound says it is, in dBov below 0: 127 is silence.
func (p *Peer) Level(dBov int32) { p.level.Store(dBov) }

// Offer implements client.Negotiator.
func (p *Peer) Offer(ctx context.Context, restart bool) (*client.JSEP, error) {
	offer, err := p.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: restart})
	if err != nil {
		return nil, err
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(offer); err != nil {
		return nil, err
	}
	select {
	case <-gathered:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return &client.JSEP{Type: "offer", SDP: p.pc.LocalDescription().SDP, Trickle: new(false)}, nil
}

// Answer implements client.Negotiator. It only offers.
func (p *Peer) Answer(context.Context, *client.JSEP) (*client.JSEP, error) {
	return nil, client.UnexpectedAnswer
}

// Accept implements client.Negotiator.
func (p *Peer) Accept(_ context.Context, answer *client.JSEP) error {
	return p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer.SDP})
}
