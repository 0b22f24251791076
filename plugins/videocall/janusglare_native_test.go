//go:build !js

package videocall_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	pionmedia "github.com/pion/webrtc/v4/pkg/media"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

// rollingPeer is a Negotiator on bare pion that gives its own offer up when it is
// to answer another.
type rollingPeer struct{ pc *webrtc.PeerConnection }

var _ client.Negotiator = (*rollingPeer)(nil)

// newPC returns a connection of bare pion that knows the header extensions of
// simulcast.
func newPC(t *testing.T) *webrtc.PeerConnection {
	t.Helper()
	m := &webrtc.MediaEngine{}
	require.NoError(t, m.RegisterDefaultCodecs())
	require.NoError(t, webrtc.ConfigureSimulcastExtensionHeaders(m))
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(m)).NewPeerConnection(webrtc.Configuration{})
	require.NoError(t, err)
	return pc
}

func newRollingPeer(t *testing.T) *rollingPeer {
	t.Helper()
	pc := newPC(t)
	track, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}, "audio", "test")
	require.NoError(t, err)
	_, err = pc.AddTrack(track)
	require.NoError(t, err)
	quit, done := make(chan struct{}), make(chan struct{})
	go func() { // sends silence; ends with quit, and the cleanup waits for it
		defer close(done)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				_ = track.WriteSample(pionmedia.Sample{Data: []byte{0xf8, 0xff, 0xfe}, Duration: 20 * time.Millisecond})
			case <-quit:
				return
			}
		}
	}()
	t.Cleanup(func() {
		close(quit)
		<-done
		require.NoError(t, pc.GracefulClose())
	})
	return &rollingPeer{pc}
}

func (p *rollingPeer) Offer(ctx context.Context, restart bool) (*client.JSEP, error) {
	offer, err := p.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: restart})
	if err != nil {
		return nil, err
	}
	return p.describe(ctx, offer)
}

func (p *rollingPeer) Answer(ctx context.Context, offer *client.JSEP) (*client.JSEP, error) {
	if p.pc.SignalingState() == webrtc.SignalingStateHaveLocalOffer {
		// pion has no rollback: answer it ourselves, with what was said before.
		before := strings.ReplaceAll(p.pc.CurrentRemoteDescription().SDP, "a=setup:actpass", "a=setup:active")
		if err := p.Accept(ctx, &client.JSEP{Type: "answer", SDP: before}); err != nil {
			return nil, err
		}
	}
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer.SDP}); err != nil {
		return nil, err
	}
	answer, err := p.pc.CreateAnswer(nil)
	if err != nil {
		return nil, err
	}
	return p.describe(ctx, answer)
}

// describe waits for all candidates, since nobody trickles here.
func (p *rollingPeer) describe(ctx context.Context, d webrtc.SessionDescription) (*client.JSEP, error) {
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(d); err != nil {
		return nil, err
	}
	select {
	case <-gathered:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	l := p.pc.LocalDescription()
	return &client.JSEP{Type: l.Type.String(), SDP: l.SDP, Trickle: new(false)}, nil
}

func (p *rollingPeer) Accept(_ context.Context, answer *client.JSEP) error {
	return p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer.SDP})
}

// TestJanusGlare has both sides offer before either has read the other's offer.
func TestJanusGlare(t *testing.T) {
	t.Parallel()
	u := janus(t, "ann", "bob")
	ann, bob := u[0], u[1]
	p, q := newRollingPeer(t), newRollingPeer(t)
	require.NoError(t, ann.Call(ann.ctx, bob.name, p))
	require.NoError(t, bob.Accept(bob.ctx, await[*videocall.Incoming](bob), q))
	require.NoError(t, await[*videocall.Accepted](ann).Err)
	await[*client.WebRTCUp](ann)
	await[*client.WebRTCUp](bob)
	for range 3 {
		require.NoError(t, ann.Renegotiate(ann.ctx))
		require.NoError(t, bob.Renegotiate(bob.ctx))
		require.ErrorIs(t, await[*videocall.Updated](ann).Err, videocall.ErrGlare, "bob's offer is left alone")
		ev := await[*videocall.Updated](bob)
		require.NoError(t, ev.Err, "ann's is answered")
		require.Equal(t, "offer", ev.JSEP.Type)
		ev = await[*videocall.Updated](ann)
		require.NoError(t, ev.Err)
		require.Equal(t, "answer", ev.JSEP.Type)
		ev = await[*videocall.Updated](ann)
		require.NoError(t, ev.Err, "and bob's comes again")
		require.Equal(t, "offer", ev.JSEP.Type)
		require.NoError(t, await[*videocall.Updated](bob).Err)
	}
	require.NoError(t, ann.End(ann.ctx, ""))
}
