package client

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	plainOffer = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
	reachable  = plainOffer + "a=candidate:1 1 udp 1 192.0.2.9 9 typ host\r\n"
)

// exchange sends an offer, which the gateway answers.
func (f *fake) exchange(h *Handle, sdp string) {
	f.t.Helper()
	got := async(func() (Response, error) { return h.Request(f.t.Context(), nil, &JSEP{Type: "offer", SDP: sdp}) })
	m := f.expect("message")
	f.send(`{"janus":"event","session_id":%d,"transaction":%q,"sender":%d,"plugindata":{"plugin":"p","data":{}},"jsep":{"type":"answer","sdp":"v=0"}}`,
		m.Session, m.Transaction, m.Handle)
	require.NoError(f.t, (<-got).err)
}

func (f *fake) says(kind string) {
	f.send(`{"janus":%q,"session_id":1,"sender":2,"reason":"because"}`, kind)
}

// hangsUp answers a hangup, and confirms it.
func (f *fake) hangsUp() {
	f.t.Helper()
	m := f.expect("hangup")
	f.send(`{"janus":"success","session_id":1,"transaction":%q}`, m.Transaction)
	f.says("hangup")
}

// connected makes a handle with a peer connection.
func connected(t *testing.T, sdp string) (*Handle, *fake) {
	t.Helper()
	c, f := newFake(t, quiet())
	h := f.handle(c, nil)
	require.False(t, h.Connected())
	f.exchange(h, sdp)
	require.True(t, h.Connected())
	return h, f
}

// TestHangup waits for the confirmation, and has the next offer wait.
func TestHangup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, f := connected(t, plainOffer)
		done := asyncErr(func() error { return h.Hangup(t.Context()) })
		m := f.expect("hangup")
		f.send(`{"janus":"success","session_id":1,"transaction":%q}`, m.Transaction)
		synctest.Wait()
		require.True(t, h.Connected())
		require.Empty(t, done)
		f.says("hangup")
		require.NoError(t, <-done)
		require.False(t, h.Connected())
		after[*Hangup](t, h)

		begin := time.Now()
		f.exchange(h, plainOffer)
		require.Equal(t, settleTime, time.Since(begin), "the gateway gets its moment")
		begin = time.Now()
		f.exchange(h, plainOffer)
		require.Zero(t, time.Since(begin), "a renegotiation waits for nothing")
	})
}

func TestHangupOfNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newFake(t, quiet())
		h := f.handle(c, nil)
		done := asyncErr(func() error { return h.Hangup(t.Context()) })
		f.success(f.expect("hangup"), 0)
		require.NoError(t, <-done)
		require.NoError(t, h.Settle(t.Context()))
		done = asyncErr(func() error { return h.Hangup(t.Context()) })
		f.refuse(f.expect("hangup"), int(HandleNotFound))
		require.NoError(t, <-done, "a handle that is gone")
	})
}

// TestHangupUnconfirmed ends with an error where there was a connection.
func TestHangupUnconfirmed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, f := connected(t, plainOffer)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		done := asyncErr(func() error { return h.Hangup(ctx) })
		f.success(f.expect("hangup"), 0)
		require.ErrorIs(t, <-done, context.DeadlineExceeded)

		begin := time.Now()
		done = asyncErr(func() error { return h.Hangup(t.Context()) })
		f.success(f.expect("hangup"), 0)
		f.success(f.expect("hangup"), 0)
		err := <-done
		require.ErrorIs(t, err, ErrTimeout)
		require.NotErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, defaultRequestTimeout, time.Since(begin))
	})
}

// TestHangupByPlugin falls back on the core's hangup.
func TestHangupByPlugin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, f := connected(t, plainOffer)
		begin := time.Now()
		done := asyncErr(func() error {
			return h.HangupBy(t.Context(), func(ctx context.Context) error { return h.Send(ctx, nil, nil) })
		})
		f.ack(f.expect("message"))
		f.hangsUp()
		require.NoError(t, <-done)
		require.Equal(t, pluginWait, time.Since(begin))
		refused := errors.New("refused")
		require.Equal(t, refused, h.HangupBy(t.Context(), func(context.Context) error { return refused }))
	})
}

// TestHangupWaitsUntilItIsUp: Janus loses a hangup while ICE finds its way.
func TestHangupWaitsUntilItIsUp(t *testing.T) {
	for name, comes := range map[string]string{"it comes up": "webrtcup", "it fails": "hangup", "nothing": ""} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, f := connected(t, reachable)
				begin := time.Now()
				done := asyncErr(func() error { return h.Hangup(t.Context()) })
				<-time.After(100 * time.Millisecond)
				synctest.Wait()
				if comes != "" {
					f.says(comes)
				}
				f.hangsUp()
				require.NoError(t, <-done)
				if comes == "" {
					require.Equal(t, openWait, time.Since(begin))
				} else {
					require.Equal(t, 100*time.Millisecond, time.Since(begin))
				}
			})
		})
	}
}

// TestDoubtfulConnection is hung up without a confirmation: of an offer nobody
// answered, of one of the gateway, and of one that a lost connection left.
func TestDoubtfulConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newFake(t, quiet())
		h := f.handle(c, nil)
		offer := &JSEP{Type: "offer", SDP: reachable}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		sent := asyncErr(func() error { return h.Send(ctx, nil, offer) })
		f.expect("message")
		cause := <-sent
		require.ErrorIs(t, cause, context.DeadlineExceeded)
		require.True(t, h.Connected())
		begin := time.Now()
		done := asyncErr(func() error { return h.Abandon(ctx, cause) })
		f.success(f.expect("hangup"), 0)
		f.success(f.expect("hangup"), 0)
		require.Equal(t, cause, <-done)
		require.Equal(t, 2*doubtWait, time.Since(begin))
		require.False(t, h.Connected())

		for code, taken := range map[Code]bool{InvalidSDP: true, UnknownJSEPType: false, PluginMessage: true} {
			sent = asyncErr(func() error { return h.Send(t.Context(), nil, offer) })
			f.refuse(f.expect("message"), int(code))
			require.ErrorIs(t, <-sent, code)
			require.Equal(t, taken, h.Connected(), "%v", code)
			h.conn.end(false)
		}

		f.send(`{"janus":"event","session_id":1,"sender":2,"plugindata":{"plugin":"p","data":{"jsep":1}},"jsep":{"type":"offer","sdp":"v=0"}}`)
		synctest.Wait()
		require.True(t, h.Connected(), "the gateway offers")
		done = asyncErr(func() error { return h.Hangup(t.Context()) })
		f.hangsUp()
		require.NoError(t, <-done)
	})
}

// TestConnectionAfterResume may have ended meanwhile.
func TestConnectionAfterResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, g, f := dialFake(t, quiet())
		h := f.handle(c, nil)
		f.exchange(h, plainOffer)
		f.says("webrtcup")
		after[*WebRTCUp](t, h)
		f.conn.Close()
		f = g.take()
		f.success(f.expect("claim"), 1)
		after[*Interrupted](t, h)
		after[*Resumed](t, h)
		require.True(t, h.Connected())
		done := asyncErr(func() error { return h.Hangup(t.Context()) })
		f.success(f.expect("hangup"), 0)
		f.success(f.expect("hangup"), 0)
		require.NoError(t, <-done)
		require.False(t, h.Connected())

		f.exchange(h, plainOffer)
		rebuilt := asyncErr(func() error { return h.Session().Rebuild(t.Context()) })
		f.success(f.expect("create"), 11)
		f.success(f.expect("attach"), 12)
		f.success(f.expect("destroy"), 1)
		require.NoError(t, <-rebuilt)
		require.False(t, h.Connected(), "the gateway has another handle")
	})
}
