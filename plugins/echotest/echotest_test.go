package echotest_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// setUp attaches to an echo test in memory.
func setUp(t *testing.T, opts *janustest.Options) (*janustest.Server, *echotest.Handle) {
	t.Helper()
	gw := janustest.New(t, opts)
	c, err := gw.Client(t.Context(), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	h, err := echotest.Attach(t.Context(), s, nil)
	require.NoError(t, err)
	return gw, h
}

// sent returns the messages that reached the gateway's plugins, and the
// hangups.
func sent(gw *janustest.Server) (list []janustest.Request) {
	for _, r := range gw.Requests() {
		if r.Janus == "message" || r.Janus == "hangup" {
			list = append(list, r)
		}
	}
	return list
}

func next[E client.Event](t *testing.T, h *echotest.Handle) E {
	t.Helper()
	ev, err := h.Next(t.Context())
	require.NoError(t, err)
	require.IsType(t, *new(E), ev)
	return ev.(E)
}

// TestStartFails shows that a start that failed leaves nothing behind: the
// gateway would answer the next offer with error 490.
// TestStartCancelled ends while the gateway is still working on the offer.
// TestStartCancelledAndNothingConfirmed bounds how long Start may stay.
func TestConfigure(t *testing.T) {
	gw, h := setUp(t, nil)
	var arg *client.ArgumentError
	require.ErrorAs(t, h.Configure(t.Context(), echotest.Config{}), &arg)
	require.Contains(t, arg.Error(), "Bitrate")
	require.Empty(t, sent(gw))
	require.NoError(t, h.Configure(t.Context(), echotest.Config{Bitrate: new(0)}))
	require.JSONEq(t, `{"bitrate":0}`, string(sent(gw)[0].Body))
	require.ErrorIs(t, h.Configure(t.Context(), echotest.Config{Temporal: new(3)}), echotest.ErrInvalidElement)
	var old *client.VersionError
	require.ErrorAs(t, h.Configure(t.Context(), echotest.Config{SVC: new(true)}), &old)
	require.Equal(t, client.VersionError{Op: "scalable coding", Since: "1.1.4", Have: "1.1.2"}, *old)
	require.ErrorAs(t, h.Start(t.Context(), echotest.Config{SpatialLayer: new(1)}, &peer{}), &old)
	require.Len(t, sent(gw), 2, "nothing was sent")
}

func TestConfigureNewerServer(t *testing.T) {
	_, h := setUp(t, &janustest.Options{Version: 1402})
	require.NoError(t, h.Configure(t.Context(), echotest.Config{SVC: new(true), SpatialLayer: new(2), TemporalLayer: new(0)}))
}

func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, h := setUp(t, nil)
		require.NoError(t, h.Stop(t.Context()), "with nothing to stop")
		next[*echotest.Done](t, h)

		// Stop waits for the answer as long as its context allows.
		require.NoError(t, h.Start(t.Context(), echotest.Config{}, &peer{}))
		s := h.Session().ID()
		gw.Silence("hangup")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		require.ErrorIs(t, h.Stop(ctx), context.DeadlineExceeded)
		gw.Silence()

		require.NoError(t, h.Stop(t.Context()))
		require.True(t, gw.ExpireSession(s))
		synctest.Wait()
		require.NoError(t, h.Stop(t.Context()), "a handle that is gone is no error")
	})
}

// TestStopUnconfirmed has a gateway that answers and then says nothing more.
func TestStopUnconfirmed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, h := setUp(t, nil)
		require.NoError(t, h.Start(t.Context(), echotest.Config{}, &peer{}))
		thief, err := gw.Client(t.Context(), nil)
		require.NoError(t, err)
		defer func() { require.NoError(t, thief.Close()) }()
		_, err = thief.ClaimSession(t.Context(), h.Session().ID())
		require.NoError(t, err, "the events go elsewhere now")
		begin := time.Now()
		require.ErrorIs(t, h.Stop(t.Context()), client.ErrTimeout)
		require.Equal(t, 10*time.Second, time.Since(begin))
	})
}

// TestStartAfterHangup gives the gateway the time to clear up.
func TestHangupByTheGateway(t *testing.T) {
	gw, h := setUp(t, nil)
	require.NoError(t, h.Start(t.Context(), echotest.Config{}, &peer{}))
	require.NoError(t, gw.Push(h.Session().ID(), h.ID(), "hangup", map[string]string{"reason": "ICE failed"}, nil))
	require.Equal(t, "ICE failed", next[*client.Hangup](t, h).Reason)
	require.ErrorAs(t, h.Restart(t.Context()), new(*client.ArgumentError), "there is nothing to restart")
	require.NoError(t, h.Start(t.Context(), echotest.Config{}, &peer{}))
}

// TestOfferByHand starts an echo without Start, and stops it with Stop.
func TestEvents(t *testing.T) {
	gw, h := setUp(t, nil)
	push := func(data any) { require.NoError(t, gw.Push(h.Session().ID(), h.ID(), "event", data, nil)) }
	push(map[string]any{"echotest": "event", "event": "slow_link", "media": "video", "current-bitrate": 9})
	require.Equal(t, 9, next[*echotest.SlowLink](t, h).Bitrate)
	push(map[string]any{"echotest": "event", "videocodec": "vp8", "substream": 1})
	layer := next[*echotest.LayerChanged](t, h)
	require.Equal(t, 1, *layer.Substream)
	require.Equal(t, "echotest.layer_changed", layer.Kind)
	require.Equal(t, h.ID(), layer.Handle)
	push(map[string]any{"echotest": "event", "result": "unheard of"})
	require.JSONEq(t, `{"echotest":"event","result":"unheard of"}`, string(next[*client.PluginEvent](t, h).Data))

	require.NoError(t, h.Send(t.Context(), echotest.Config{Substream: new(3)}, nil))
	require.ErrorIs(t, next[*echotest.Error](t, h).Err, echotest.ErrInvalidElement)
}

// TestOwnDecoder shows that a caller's decoder gets what is left.
func TestOwnDecoder(t *testing.T) {
	type own struct{ client.EventBase }
	gw, h := setUp(t, nil)
	mine, err := echotest.Attach(t.Context(), h.Session(), &client.AttachOptions{
		Decode: func(ev *client.PluginEvent) client.Event { return &own{ev.EventBase} }})
	require.NoError(t, err)
	for _, result := range []string{"done", "unheard of"} {
		require.NoError(t, gw.Push(h.Session().ID(), mine.ID(), "event",
			map[string]string{"echotest": "event", "result": result}, nil))
	}
	next[*echotest.Done](t, mine)
	next[*own](t, mine)
}

// TestOneExchangeAtATime starts twice at once.
func TestAttachFails(t *testing.T) {
	gw, h := setUp(t, nil)
	gw.Handle(echotest.Plugin, nil)
	_, err := echotest.Attach(t.Context(), h.Session(), nil)
	require.ErrorIs(t, err, client.PluginNotFound)
}
