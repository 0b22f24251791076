//go:build !js

package media_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
)

func TestPeersConnect(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b, answer := quickPair(ctx, t)
	require.Contains(t, answer.SDP, "a=setup:passive", "Janus shall speak first")
	require.NoError(t, a.Accept(ctx, answer))
	require.Equal(t, media.StateConnecting, await[*media.StateChanged](t, a.link).State)
	require.Equal(t, media.StateConnected, await[*media.StateChanged](t, a.link).State)
	awaitState(t, b.link, media.StateConnected)
	// A machine that is too busy for seconds may have lost it again already.
	require.Contains(t, []media.State{media.StateConnected, media.StateDisconnected}, a.State())
	require.IsType(t, (*webrtc.PeerConnection)(nil), a.Underlying())

	for _, l := range []*link{a.link, b.link} {
		candidates, ends := l.trickled()
		require.Empty(t, candidates)
		require.Zero(t, ends)
	}

	s, err := a.Stats(ctx)
	require.NoError(t, err)
	require.Contains(t, s.Local, "udp")
	require.Contains(t, s.Remote, "udp")
	require.NotNil(t, s.Raw)

	require.NoError(t, a.Close())
	require.NoError(t, a.Close())
	<-a.Done()
	require.NoError(t, a.Err())
	ev := awaitState(t, a.link, media.StateClosed)
	require.NoError(t, ev.Err)
	require.Equal(t, "media.state", ev.Kind)
	require.Empty(t, a.link.events, "closed is the last event")
}

// quickPair returns a pair whose descriptions have all candidates in them, before
// the answer is accepted. On a busy machine these may take longer than a description
// waits for them, and trickle then: it tries until they do not.
func quickPair(ctx context.Context, t *testing.T) (a, b end, answer *client.JSEP) {
	t.Helper()
	for {
		a, b = newPair(t, nil)
		_, err := a.OpenData(ctx, "data", nil)
		require.NoError(t, err)
		require.Equal(t, media.StateNew, a.State())
		offer, err := a.Offer(ctx, false)
		require.NoError(t, err, "never were all candidates there at once")
		answer, err = b.Answer(ctx, offer)
		require.NoError(t, err)
		if offer.Trickle != nil && answer.Trickle != nil {
			require.False(t, *offer.Trickle)
			require.Contains(t, offer.SDP, "a=candidate:")
			require.False(t, *answer.Trickle)
			require.Contains(t, answer.SDP, "a=candidate:")
			return a, b, answer
		}
		require.NoError(t, a.Close())
		require.NoError(t, b.Close())
	}
}

// slowly returns options with a STUN server that never answers.
func slowly(t *testing.T) *media.Options {
	t.Helper()
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return &media.Options{ICEServers: []media.ICEServer{{URLs: []string{"stun:" + c.LocalAddr().String()}}}}
}

// strip takes the candidates out of a description.
func strip(j *client.JSEP) (candidates []client.Candidate) {
	var lines []string
	for l := range strings.SplitSeq(j.SDP, "\r\n") {
		if c, ok := strings.CutPrefix(l, "a=candidate:"); ok {
			candidates = append(candidates, client.Candidate{Candidate: "candidate:" + c})
		} else if l != "a=end-of-candidates" {
			lines = append(lines, l)
		}
	}
	j.SDP = strings.Join(lines, "\r\n")
	return candidates
}

func TestTrickle(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b := newPair(t, slowly(t))
	_, err := a.OpenData(ctx, "data", nil)
	require.NoError(t, err)
	offer, err := a.Offer(ctx, false)
	require.NoError(t, err)
	require.Nil(t, offer.Trickle)
	require.NotContains(t, offer.SDP, "a=candidate:")
	answer, err := b.Answer(ctx, offer)
	require.NoError(t, err)
	require.Nil(t, answer.Trickle)
	require.Eventually(t, func() bool { c, _ := b.link.trickled(); return len(c) > 0 }, 30*time.Second, time.Millisecond)
	early, ends := a.link.trickled()
	require.Empty(t, early, "Janus loses what comes before its answer")
	require.Zero(t, ends)
	require.NoError(t, a.Accept(ctx, answer))
	awaitState(t, a.link, media.StateConnected)
	for _, l := range []*link{a.link, b.link} {
		require.Eventually(t, func() bool { _, ends := l.trickled(); return ends == 1 }, 30*time.Second, 10*time.Millisecond)
		c, _ := l.trickled()
		require.NotEmpty(t, c)
		require.True(t, strings.HasPrefix(c[0].Candidate, "candidate:"))
		require.Equal(t, "0", c[0].SDPMid)
	}
}

// In full-trickle mode Janus' candidates overtake its descriptions, and name no
// m-line.
func TestRemoteCandidatesComeEarly(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b := newPair(t, nil)
	require.NoError(t, a.Receive(media.Audio))
	offer, err := a.Offer(ctx, false)
	require.NoError(t, err)
	for _, c := range strip(offer) {
		require.True(t, b.link.deliver(&client.RemoteCandidate{Candidate: &c}))
	}
	require.True(t, b.link.deliver(&client.RemoteCandidate{}))
	answer, err := b.Answer(ctx, offer)
	require.NoError(t, err)
	for _, c := range strip(answer) {
		require.True(t, a.link.deliver(&client.RemoteCandidate{Candidate: &c}))
	}
	begin := time.Now()
	require.NoError(t, a.Accept(ctx, answer))
	awaitState(t, a.link, media.StateConnected)
	require.Less(t, time.Since(begin), 900*time.Millisecond, "none was lost")
}

func TestHalfTrickle(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b := newPair(t, &media.Options{HalfTrickle: true})
	require.NoError(t, a.Receive(media.Audio))
	offer, err := a.Offer(ctx, false)
	require.NoError(t, err)
	require.Contains(t, offer.SDP, "a=candidate:")
	require.Contains(t, offer.SDP, "a=end-of-candidates")
	require.False(t, *offer.Trickle)
	answer, err := b.Answer(ctx, offer)
	require.NoError(t, err)
	require.Contains(t, answer.SDP, "a=candidate:")
	require.False(t, *answer.Trickle)
	require.NoError(t, a.Accept(ctx, answer))
	awaitState(t, a.link, media.StateConnected)

	// A restart gathers again.
	offer, err = a.Offer(ctx, true)
	require.NoError(t, err)
	require.Contains(t, offer.SDP, "a=candidate:")
	answer, err = b.Answer(ctx, offer)
	require.NoError(t, err)
	require.NoError(t, a.Accept(ctx, answer))
	for _, l := range []*link{a.link, b.link} {
		candidates, ends := l.trickled()
		require.Empty(t, candidates)
		require.Zero(t, ends)
	}
}

func TestGatewayEndsPeer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ev   client.Event
		is   error
		says string
	}{
		"hangup":  {&client.Hangup{Reason: "Close PC"}, media.ErrClosed, "Close PC"},
		"detach":  {&client.Detached{}, client.ErrDetached, "detached"},
		"timeout": {&client.SessionTimeout{}, client.ErrSessionTimeout, "timed out"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := testContext(t)
			a, _ := newPair(t, nil)
			if name == "hangup" {
				require.False(t, a.link.deliver(c.ev), "about the peer before this one")
			}
			d, err := a.OpenData(ctx, "x", nil)
			require.NoError(t, err)
			_, err = a.Offer(ctx, false)
			require.NoError(t, err)
			require.False(t, a.link.deliver(c.ev), "the application sees it too")
			<-a.Done()
			require.ErrorIs(t, a.Err(), media.ErrClosed)
			require.ErrorIs(t, a.Err(), c.is)
			require.ErrorContains(t, a.Err(), c.says)
			require.Equal(t, a.Err(), awaitState(t, a.link, media.StateClosed).Err)
			require.Empty(t, a.link.observers)

			_, err = a.Offer(ctx, false)
			require.ErrorIs(t, err, media.ErrClosed)
			require.ErrorContains(t, err, c.says)
			_, err = a.Answer(ctx, &client.JSEP{Type: "offer"})
			require.ErrorIs(t, err, media.ErrClosed)
			require.ErrorIs(t, a.Accept(ctx, &client.JSEP{Type: "answer"}), media.ErrClosed)
			_, err = a.OpenData(ctx, "y", nil)
			require.ErrorIs(t, err, media.ErrClosed)
			require.ErrorIs(t, a.Receive(media.Audio), media.ErrClosed)
			_, err = a.Stats(ctx)
			require.ErrorIs(t, err, media.ErrClosed)
			require.ErrorIs(t, d.Send(ctx, nil), media.ErrClosed)
			src, err := media.NewSampleSource(media.Codec{MIME: media.VP8})
			require.NoError(t, err)
			_, err = a.Add(src, nil)
			require.ErrorIs(t, err, media.ErrClosed)
			require.NoError(t, a.Close())
		})
	}
}

func TestNegotiationOutOfTurn(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b := newPair(t, nil)
	require.NoError(t, a.Receive(media.Audio))
	answer := &client.JSEP{Type: "answer", SDP: "v=0"}
	require.ErrorIs(t, a.Accept(ctx, answer), media.ErrState)
	require.ErrorIs(t, a.Accept(ctx, nil), media.ErrState)
	require.ErrorIs(t, a.Accept(ctx, &client.JSEP{Type: "offer"}), media.ErrState)
	_, err := a.Answer(ctx, answer)
	require.ErrorIs(t, err, media.ErrState)
	_, err = a.Answer(ctx, &client.JSEP{Type: "offer", SDP: "what?"})
	require.Error(t, err)
	offer, err := a.Offer(ctx, false)
	require.NoError(t, err)
	_, err = a.Answer(ctx, offer)
	require.ErrorIs(t, err, media.ErrState)
	require.Error(t, a.Accept(ctx, &client.JSEP{Type: "answer", SDP: "what?"}))
	// None of it did any harm.
	answer, err = b.Answer(ctx, offer)
	require.NoError(t, err)
	require.NoError(t, a.Accept(ctx, answer))
	awaitState(t, a.link, media.StateConnected)

	over, cancel := context.WithCancel(ctx)
	cancel()
	// A context that has ended may lose to a turn that is free.
	if _, err = a.Offer(over, false); err != nil {
		require.ErrorIs(t, err, context.Canceled)
	}
}

// The request that carries an offer can fail. The next offer works.
func TestOfferAgain(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b := newPair(t, &media.Options{HalfTrickle: true}) // candidates that take long would be in the second offer only
	addAll(t, a, openClip(ctx, t, true))
	first, err := a.Offer(ctx, false)
	require.NoError(t, err)
	second, err := a.Offer(ctx, true)
	require.NoError(t, err)
	require.Contains(t, second.SDP, "a=candidate:", "whoever lost the first offer lost the candidates too")
	require.Equal(t, first.SDP, second.SDP, "pion cannot take an offer back")
	answer, err := b.Answer(ctx, second)
	require.NoError(t, err)
	require.NoError(t, a.Accept(ctx, answer))
	awaitState(t, a.link, media.StateConnected)
	sink := newSink(t)
	attachAll(t, b, media.Discard(), 2)

	// The same once connected, with an m-line that is new and an ICE restart.
	_, err = a.OpenData(ctx, "later", nil)
	require.NoError(t, err)
	src := newSource(t, media.Opus)
	_, err = a.Add(src, nil)
	require.NoError(t, err)
	_, err = a.Offer(ctx, true)
	require.NoError(t, err)
	negotiate(ctx, t, a, b, true)
	go feed(ctx, src)
	track := await[*media.TrackAdded](t, b.link).Track
	require.NoError(t, track.Attach(sink))
	_, err = sink.Read(ctx)
	require.NoError(t, err)
	require.Equal(t, "later", await[*media.DataOpened](t, b.link).Channel.Label())
}

func TestRefusedCodec(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b := newPair(t, nil)
	addAll(t, a, openClip(ctx, t, true))
	d, err := a.OpenData(ctx, "x", nil)
	require.NoError(t, err)
	offer, err := a.Offer(ctx, false)
	require.NoError(t, err)
	answer, err := b.Answer(ctx, offer)
	require.NoError(t, err)
	// As Janus does it: port 9, no codec. And as the RFCs do it: port 0.
	lines := strings.Split(answer.SDP, "\r\n")
	section := ""
	for i, l := range lines {
		if strings.HasPrefix(l, "m=") {
			section = l[2:7]
		}
		switch {
		case section == "video" && strings.HasPrefix(l, "m="):
			lines[i] = "m=video 9 UDP/TLS/RTP/SAVPF 0"
		case section == "video" && (strings.HasPrefix(l, "a=rtpmap") || strings.HasPrefix(l, "a=fmtp") || strings.HasPrefix(l, "a=rtcp-fb")):
			lines[i] = "a=x"
		case section == "video" && l == "a=recvonly":
			lines[i] = "a=inactive"
		case section == "appli" && strings.HasPrefix(l, "m="):
			lines[i] = strings.Replace(l, " 9 ", " 0 ", 1)
		}
	}
	answer.SDP = strings.Join(lines, "\r\n")
	err = a.Accept(ctx, answer)
	var refused *media.CodecError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, media.Video, refused.Kind)
	require.Equal(t, "VP8", refused.Codec)
	require.Equal(t, "0", refused.MID)
	require.ErrorContains(t, err, "video codec VP8: refused")
	require.ErrorContains(t, err, "no data channels")
	// The rest counts.
	awaitState(t, a.link, media.StateConnected)
	require.Equal(t, media.Audio, await[*media.TrackAdded](t, b.link).Track.Kind)
	_ = d
}

func TestRenegotiation(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b := newPair(t, nil)
	sources := openClip(ctx, t, true)
	video, err := a.Add(sources[0], nil)
	require.NoError(t, err)
	require.Empty(t, video.MID())
	negotiate(ctx, t, a, b, false)
	require.Equal(t, "0", video.MID())
	require.Equal(t, media.Video, video.Kind())
	first := await[*media.TrackAdded](t, b.link)
	require.Equal(t, "media.track", first.Kind)
	require.Equal(t, media.Video, first.Track.Kind)
	require.Equal(t, "0", first.Track.MID)
	require.Equal(t, media.VP8, first.Track.Codec.MIME)
	require.NotEmpty(t, first.Track.ID)

	// Another track comes, and one from the other side.
	audio, err := a.Add(sources[1], &media.SendOptions{StreamID: "second"})
	require.NoError(t, err)
	back := newSource(t, media.Opus)
	_, err = b.Add(back, nil)
	require.NoError(t, err)
	negotiate(ctx, t, a, b, false)
	go feed(ctx, back)
	second := await[*media.TrackAdded](t, b.link).Track
	require.Equal(t, media.Audio, second.Kind)
	require.Equal(t, "second", second.StreamID)
	require.Equal(t, media.Audio, await[*media.TrackAdded](t, a.link).Track.Kind)

	// One goes.
	require.NoError(t, video.Remove())
	require.NoError(t, video.Remove())
	require.ErrorIs(t, video.Mute(true), media.ErrClosed)
	require.ErrorIs(t, video.Replace(ctx, sources[0]), media.ErrClosed)
	negotiate(ctx, t, a, b, false)
	ended := await[*media.TrackEnded](t, b.link)
	require.Same(t, first.Track, ended.Track)
	require.Equal(t, "media.ended", ended.Kind)
	<-first.Track.Done()
	require.ErrorIs(t, first.Track.Attach(media.Discard()), media.ErrClosed)
	s, err := a.Stats(ctx)
	require.NoError(t, err)
	require.Nil(t, s.Stream(video.MID(), true))
	require.NotNil(t, s.Stream(audio.MID(), true))
	require.NotZero(t, s.BytesSent)
}

func TestAnswererSends(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b := newPair(t, nil)
	require.NoError(t, a.Receive(media.Video))
	require.NoError(t, a.Receive(media.Audio))
	addAll(t, b, openClip(ctx, t, true))
	negotiate(ctx, t, a, b, false)
	kinds := []media.Kind{await[*media.TrackAdded](t, a.link).Track.Kind, await[*media.TrackAdded](t, a.link).Track.Kind}
	require.ElementsMatch(t, []media.Kind{media.Audio, media.Video}, kinds)
}

func TestICERestart(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	a, b := newPair(t, nil)
	src := newSource(t, media.Opus)
	_, err := a.Add(src, nil)
	require.NoError(t, err)
	negotiate(ctx, t, a, b, false)
	go feed(ctx, src)
	sink := newSink(t)
	attachAll(t, b, sink, 1)
	for round := range 3 {
		before, err := a.Stats(ctx)
		require.NoError(t, err)
		from, to := a, b
		if round == 1 {
			from, to = b, a
		}
		negotiate(ctx, t, from, to, true)
		require.Eventually(t, func() bool {
			s, err := a.Stats(ctx)
			return err == nil && s.Local != "" && s.Local != before.Local && s.State == media.StateConnected
		}, 30*time.Second, 10*time.Millisecond, "another port")
		until := time.Now().Add(200 * time.Millisecond)
		for time.Now().Before(until) {
			_, err := sink.Read(ctx)
			require.NoError(t, err)
		}
	}
	for len(b.link.events) > 0 {
		ev := <-b.link.events
		require.NotEqual(t, "media.track", ev.Base().Kind)
		require.NotEqual(t, "media.ended", ev.Base().Kind)
	}
}

func TestPeerOptions(t *testing.T) {
	l, _ := newLinks()
	turn := media.ICEServer{URLs: []string{"turn:127.0.0.1:3478"}, Username: "u", Credential: "c"}
	p, err := media.NewPeer(l, &media.Options{ICEServers: []media.ICEServer{turn, {URLs: []string{"stun:127.0.0.1:3478"}}}, RelayOnly: true})
	require.NoError(t, err)
	require.NoError(t, p.Close())
	a, _ := newPair(t, nil)
	src := newSource(t, media.VP8)
	_, err = a.Add(src, &media.SendOptions{Simulcast: true})
	require.Error(t, err)
	_, err = a.Add(src, &media.SendOptions{MaxBitrate: 1})
	require.Error(t, err)
	_, err = a.Add(nil, nil)
	require.ErrorIs(t, err, media.ErrState)
	require.Error(t, a.Receive(0))
	_, err = a.OpenData(t.Context(), "x", &media.DataOptions{MaxRetransmits: new(-1)})
	var bad *media.OptionError
	require.ErrorAs(t, err, &bad)
}

func TestRemoteCandidatesAreBounded(t *testing.T) {
	t.Parallel()
	a, _ := newPair(t, nil)
	for range 100_000 {
		require.True(t, a.link.deliver(&client.RemoteCandidate{Candidate: &client.Candidate{Candidate: "candidate:x"}}))
	}
	require.NoError(t, a.Close())
}

// Closing while everything moves neither hangs nor leaks.
func TestCloseAnytime(t *testing.T) {
	t.Parallel()
	for i := range 20 {
		ctx := testContext(t)
		a, b := newPair(t, nil)
		addAll(t, a, openClip(ctx, t, true))
		_, err := a.OpenData(ctx, "x", nil)
		require.NoError(t, err)
		done := make(chan struct{})
		go func() {
			defer close(done)
			if offer, err := a.Offer(ctx, false); err == nil {
				if answer, err := b.Answer(ctx, offer); err == nil {
					_ = a.Accept(ctx, answer)
				}
			}
		}()
		timer := time.NewTimer(time.Duration(i) * 2 * time.Millisecond)
		<-timer.C
		if i%2 == 0 {
			require.NoError(t, a.Close())
		} else {
			a.link.deliver(&client.Detached{})
		}
		require.NoError(t, b.Close())
		<-done
		<-a.Done()
	}
}
