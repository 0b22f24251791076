package echotest_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

func TestStart(t *testing.T) {
	gw, h := setUp(t, nil)
	p := &peer{}
	require.NoError(t, h.Start(t.Context(), echotest.Config{Video: new(false), Bitrate: new(64000)}, p))
	require.Equal(t, 1, p.accepted)
	list := sent(gw)
	require.Len(t, list, 1)
	require.JSONEq(t, `{"video":false,"bitrate":64000}`, string(list[0].Body))
	require.Equal(t, "offer", list[0].JSEP.Type)

	var arg *client.ArgumentError
	require.ErrorAs(t, h.Start(t.Context(), echotest.Config{}, p), &arg, "it runs already")
	require.NoError(t, h.Stop(t.Context()))
	next[*echotest.Done](t, h)
	require.Equal(t, "Janus API", next[*client.Hangup](t, h).Reason)
	require.NoError(t, h.Start(t.Context(), echotest.Config{}, p), "and again after a stop")
	require.JSONEq(t, `{}`, string(sent(gw)[2].Body))
	require.NoError(t, h.Stop(t.Context()))
}

func TestStartNeedsAPeer(t *testing.T) {
	_, h := setUp(t, nil)
	require.ErrorAs(t, h.Start(t.Context(), echotest.Config{}, nil), new(*client.ArgumentError))
	require.ErrorAs(t, h.Renegotiate(t.Context()), new(*client.ArgumentError))
	require.ErrorAs(t, h.Restart(t.Context()), new(*client.ArgumentError))
}

func TestRenegotiate(t *testing.T) {
	gw, h := setUp(t, nil)
	p := &peer{}
	cfg := echotest.Config{AudioCodec: new("pcmu"), Record: new(true), Bitrate: new(1)}
	require.NoError(t, h.Start(t.Context(), cfg, p))
	*cfg.AudioCodec = "changed by the caller"
	first := p.answer
	require.NoError(t, h.Configure(t.Context(), echotest.Config{OpusRED: new(true), Audio: new(true)}))

	require.NoError(t, h.Renegotiate(t.Context()))
	require.False(t, p.restarted)
	list := sent(gw)
	require.JSONEq(t, `{"audiocodec":"pcmu","opusred":true}`, string(list[2].Body),
		"what the gateway forgets is repeated, and nothing else")
	require.Equal(t, ufrag(t, first), ufrag(t, p.answer))

	require.NoError(t, h.Restart(t.Context()))
	require.True(t, p.restarted)
	require.NotEqual(t, ufrag(t, first), ufrag(t, p.answer))
}

func TestRenegotiateFails(t *testing.T) {
	gw, h := setUp(t, nil)
	p := &peer{}
	require.NoError(t, h.Start(t.Context(), echotest.Config{}, p))
	gw.Fail("message", client.UnknownError)
	require.ErrorIs(t, h.Restart(t.Context()), client.UnknownError)
	require.Len(t, sent(gw), 2, "no hangup: the echo goes on")
	require.NoError(t, h.Restart(t.Context()))
}

func TestStartFails(t *testing.T) {
	broken := errors.New("broken")
	for name, test := range map[string]struct {
		arrange func(*janustest.Server, *peer)
		cfg     echotest.Config
		want    error
		hangup  bool
	}{
		"no offer":  {func(_ *janustest.Server, p *peer) { p.offerErr = broken }, echotest.Config{}, broken, false},
		"no accept": {func(_ *janustest.Server, p *peer) { p.acceptErr = broken }, echotest.Config{}, broken, true},
		"plugin":    {nil, echotest.Config{Substream: new(3)}, echotest.ErrInvalidElement, true},
		"core, before the offer was looked at": {func(gw *janustest.Server, _ *peer) { gw.Fail("message", client.UnauthorizedPlugin) },
			echotest.Config{}, client.UnauthorizedPlugin, false},
		"core, after": {func(_ *janustest.Server, p *peer) { p.spoil = true }, echotest.Config{}, client.InvalidSDP, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				gw, h := setUp(t, nil)
				p := &peer{}
				if test.arrange != nil {
					test.arrange(gw, p)
				}
				begin := time.Now()
				require.ErrorIs(t, h.Start(t.Context(), test.cfg, p), test.want)
				require.Zero(t, time.Since(begin), "it waits for nothing")
				list := sent(gw)
				require.Equal(t, test.hangup, len(list) > 0 && list[len(list)-1].Janus == "hangup")
				require.NoError(t, h.Start(t.Context(), echotest.Config{}, &peer{}))
			})
		})
	}
}

func TestStartCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, h := setUp(t, nil)
		gw.Silence("event")
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		begin := time.Now()
		require.ErrorIs(t, h.Start(ctx, echotest.Config{}, &peer{}), context.DeadlineExceeded)
		require.Equal(t, 3*time.Second, time.Since(begin), "the hangup is confirmed at once")
		gw.Silence()
		next[*echotest.Done](t, h)
		next[*client.Hangup](t, h)
		require.NoError(t, h.Start(t.Context(), echotest.Config{}, &peer{}))
	})
}

func TestStartCancelledAndNothingConfirmed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, h := setUp(t, nil)
		gw.Silence("*")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		gw.Handle(echotest.Plugin, nil)
		begin := time.Now()
		require.ErrorIs(t, h.Start(ctx, echotest.Config{}, &peer{}), context.DeadlineExceeded)
		require.LessOrEqual(t, time.Since(begin), 1500*time.Millisecond)
	})
}

func TestStartWithoutADescriptionInTheAnswer(t *testing.T) {
	gw := janustest.New(t, nil)
	gw.Handle(echotest.Plugin, janustest.PluginFunc(
		func(context.Context, *janustest.Message) (*janustest.Answer, error) {
			return &janustest.Answer{Async: true}, nil
		}))
	c, err := gw.Client(t.Context(), nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Close()) }()
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	h, err := echotest.Attach(t.Context(), s, nil)
	require.NoError(t, err)
	require.ErrorAs(t, h.Start(t.Context(), echotest.Config{}, &peer{}), new(*client.ProtocolError))
	require.Equal(t, "hangup", sent(gw)[1].Janus)
}

func TestStartAfterHangup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, h := setUp(t, nil)
		begin := time.Now()
		require.NoError(t, h.Start(t.Context(), echotest.Config{}, &peer{}))
		require.Zero(t, time.Since(begin))
		require.NoError(t, h.Stop(t.Context()))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		require.ErrorIs(t, h.Start(ctx, echotest.Config{}, &peer{}), context.DeadlineExceeded)
		require.NoError(t, h.Start(t.Context(), echotest.Config{}, &peer{}))
		require.Equal(t, 250*time.Millisecond, time.Since(begin))
		require.NoError(t, gw.Push(h.Session().ID(), h.ID(), "hangup", nil, nil))
		next[*echotest.Done](t, h)
		<-time.After(time.Second)
		begin = time.Now()
		require.NoError(t, h.Start(t.Context(), echotest.Config{}, &peer{}))
		require.Zero(t, time.Since(begin))
	})
}

func TestOfferByHand(t *testing.T) {
	gw, h := setUp(t, nil)
	p := &peer{}
	offer, err := p.Offer(t.Context(), false)
	require.NoError(t, err)
	_, err = h.Request(t.Context(), echotest.Config{}, offer)
	require.NoError(t, err)
	require.NoError(t, gw.Push(h.Session().ID(), h.ID(), "webrtcup", nil, nil))
	next[*client.WebRTCUp](t, h)
	require.ErrorAs(t, h.Start(t.Context(), echotest.Config{}, p), new(*client.ArgumentError))
	require.NoError(t, h.Stop(t.Context()))
	next[*echotest.Done](t, h)
	next[*client.Hangup](t, h)
}

func TestOneExchangeAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, h := setUp(t, nil)
		slow := &peer{delay: time.Second}
		results := make(chan error)
		for range 2 {
			go func() { results <- h.Start(t.Context(), echotest.Config{}, slow) }() // both are waited for below
		}
		a, b := <-results, <-results
		if a != nil {
			a, b = b, a
		}
		require.NoError(t, a)
		require.ErrorAs(t, b, new(*client.ArgumentError))
		require.Equal(t, 1, slow.accepted)

		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		go func() { results <- h.Restart(t.Context()) }() // waited for below
		synctest.Wait()
		require.ErrorIs(t, h.Stop(ctx), context.DeadlineExceeded)
		require.NoError(t, <-results)
	})
}
