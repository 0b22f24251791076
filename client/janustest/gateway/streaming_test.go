//go:build !js

package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
)

const streaming = "janus.plugin.streaming"

// viewer is a handle that watches.
type viewer struct {
	*client.Handle
	t    *testing.T
	ctx  context.Context
	peer *media.Peer
}

// ask sends a request and returns the status of the result, and the offer.
func (v *viewer) ask(body string, jsep *client.JSEP) (string, *client.JSEP) {
	v.t.Helper()
	r, err := v.Request(v.ctx, json.RawMessage(body), jsep)
	require.NoError(v.t, err)
	return status(v.t, r.Data), r.JSEP
}

func status(t *testing.T, data json.RawMessage) string {
	t.Helper()
	var d struct {
		Result struct{ Status, Event, Switched string }
	}
	require.NoError(t, json.Unmarshal(data, &d))
	return d.Result.Status + d.Result.Event + d.Result.Switched
}

// refused sends a request that the plugin refuses with a code.
func (v *viewer) refused(body string, code int) {
	v.t.Helper()
	_, err := v.Request(v.ctx, json.RawMessage(body), nil)
	var perr *client.PluginError
	require.True(v.t, errors.As(err, &perr), "%s: %v", body, err)
	require.Equal(v.t, code, perr.Code, body)
}

// gets waits for packets of both kinds.
func (v *viewer) gets() {
	v.t.Helper()
	before := v.packets()
	require.Eventually(v.t, func() bool {
		now := v.packets()
		return now[media.Audio] >= before[media.Audio]+10 && now[media.Video] >= before[media.Video]+10
	}, 30*time.Second, 10*time.Millisecond)
}

// rests waits for half a second without packets.
func (v *viewer) rests() {
	v.t.Helper()
	last, since := v.packets(), time.Now()
	require.Eventually(v.t, func() bool {
		if now := v.packets(); now[media.Audio] != last[media.Audio] || now[media.Video] != last[media.Video] {
			last, since = now, time.Now()
		}
		return time.Since(since) > 500*time.Millisecond
	}, 30*time.Second, 10*time.Millisecond)
}

func (v *viewer) packets() map[media.Kind]uint64 {
	v.t.Helper()
	st, err := v.peer.Stats(v.ctx)
	require.NoError(v.t, err)
	n := make(map[media.Kind]uint64)
	for _, s := range st.Streams {
		n[s.Kind] += s.Packets
	}
	return n
}

// A mountpoint is watched, paused, changed and left.
func TestStreaming(t *testing.T) {
	t.Parallel()
	ctx, _, s := newGateway(t, nil)
	h, err := s.Attach(ctx, streaming, nil)
	require.NoError(t, err)
	v := &viewer{Handle: h, t: t, ctx: ctx, peer: newPeer(ctx, t, h)}

	r, err := h.Request(ctx, json.RawMessage(`{"request":"list"}`), nil)
	require.NoError(t, err)
	var list struct {
		List []struct {
			ID      int
			Enabled bool
		}
	}
	require.NoError(t, json.Unmarshal(r.Data, &list))
	require.Len(t, list.List, 2)
	require.True(t, list.List[0].Enabled)
	r, err = h.Request(ctx, json.RawMessage(`{"request":"info","id":1}`), nil)
	require.NoError(t, err)
	require.Contains(t, string(r.Data), "test double")
	for body, code := range map[string]int{
		`{}`:                             453,
		`{"request":"dance"}`:            452,
		`{"request":"info"}`:             453,
		`{"request":"info","id":9}`:      455,
		`{"request":"watch"}`:            453,
		`{"request":"watch","id":"one"}`: 454,
		`{"request":"watch","id":9}`:     455,
		`{"request":"start"}`:            455,
		`{"request":"switch","id":2}`:    455,
	} {
		v.refused(body, code)
	}

	said, offer := v.ask(`{"request":"watch","id":1}`, nil)
	require.Equal(t, "preparing", said)
	for line := range strings.SplitSeq(offer.SDP, "\r\n") {
		if strings.HasPrefix(line, "a=candidate:") {
			require.Contains(t, line, " 127.0.0.1 ", "nobody else can reach it")
		}
	}
	require.Contains(t, offer.SDP, "a=candidate:")
	v.refused(`{"request":"watch","id":2}`, 460)
	answer, err := v.peer.Answer(ctx, offer)
	require.NoError(t, err)
	said, _ = v.ask(`{"request":"start"}`, answer)
	require.Equal(t, "starting", said)
	var mids []string
	for range 2 {
		mids = append(mids, await[*media.TrackAdded](ctx, t, h).Track.MID)
	}
	require.ElementsMatch(t, []string{"a", "v"}, mids)
	v.gets()

	said, _ = v.ask(`{"request":"pause"}`, nil)
	require.Equal(t, "pausing", said)
	v.rests()
	said, _ = v.ask(`{"request":"start"}`, nil)
	require.Equal(t, "started", said)
	v.gets()
	said, _ = v.ask(`{"request":"switch","id":2}`, nil)
	require.Equal(t, "ok", said)
	v.gets()
	said, _ = v.ask(`{"request":"configure","mid":"a","send":false}`, nil)
	require.Equal(t, "configured", said)

	said, offer = v.ask(`{"request":"watch","id":2,"restart":true}`, nil)
	require.Equal(t, "updating", said)
	answer, err = v.peer.Answer(ctx, offer)
	require.NoError(t, err)
	_, _ = v.ask(`{"request":"start"}`, answer)
	v.gets()

	said, _ = v.ask(`{"request":"stop"}`, nil)
	require.Equal(t, "stopping", said)
	require.Equal(t, "Close PC", await[*client.Hangup](ctx, t, h).Reason)
}
