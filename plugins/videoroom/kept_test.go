package videoroom_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// joining joins a fake room, and returns what it asks for when the session is rebuilt.
func joining(t *testing.T) (p *videoroom.Publisher, rebuild func() (requests []string, configured map[string]any)) {
	t.Helper()
	f := &fakeRoom{}
	gw, s := fakeSession(t, f, nil)
	h, err := videoroom.Attach(t.Context(), s, nil)
	require.NoError(t, err)
	p, _, err = h.Join(t.Context(), videoroom.JoinRequest{Room: client.NumID(1)})
	require.NoError(t, err)
	return p, func() ([]string, map[string]any) {
		t.Helper()
		n := len(f.seen())
		gw.Drop()
		require.NoError(t, await[*client.Resumed](t.Context(), t, h).Err)
		synctest.Wait()
		seen := f.seen()[n:]
		if !slices.Contains(seen, "configure") {
			return seen, nil
		}
		body := last(t, gw, "configure")
		delete(body, "request")
		return seen, body
	}
}

// TestSettingsStay is for what was set without publishing.
func TestSettingsStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, rebuild := joining(t)
		seen, _ := rebuild()
		require.Equal(t, []string{"join"}, seen, "nothing was set")

		set := func(cfg videoroom.PublishRequest) { t.Helper(); require.NoError(t, p.Configure(t.Context(), cfg)) }
		set(videoroom.PublishRequest{Display: new("Anna"), Keyframe: new(true),
			Descriptions: []videoroom.StreamDescription{{MID: "0", Description: "cat"}}})
		seen, _ = rebuild()
		require.Equal(t, []string{"join"}, seen, "that goes with the join, and with a publication")

		set(videoroom.PublishRequest{Bitrate: new(64000), AudioLevelAverage: new(30)})
		set(videoroom.PublishRequest{Record: new(true), Filename: new("file"), Secret: "s3", AudioActivePackets: new(50)})
		set(videoroom.PublishRequest{Bitrate: new(96000)})
		want := map[string]any{"bitrate": 96000.0, "audio_level_average": 30.0, "audio_active_packets": 50.0,
			"record": true, "filename": "file", "secret": "s3"}
		for range 2 {
			seen, body := rebuild()
			require.Equal(t, []string{"join", "configure"}, seen)
			require.Equal(t, want, body)
		}

		// Who publishes without a way to do it again does it anew: the recording has a
		// name only once.
		_, err := p.Publish(t.Context(), videoroom.PublishRequest{Bitrate: new(128000)}, &peer{})
		require.NoError(t, err)
		want["bitrate"] = 128000.0
		delete(want, "filename")
		_, body := rebuild()
		require.Equal(t, want, body)
		_, err = p.Publish(t.Context(), videoroom.PublishRequest{Filename: new("other")}, &peer{})
		require.NoError(t, err)
		require.NoError(t, p.Unpublish(t.Context()))
		_, body = rebuild()
		require.Equal(t, want, body)
	})
}

// TestSettingsOfAPublication have a publication that is made anew begin as the one
// before.
func TestSettingsOfAPublication(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, m, r := healing(t, nil)
		require.NoError(t, r.Unpublish(t.Context()))
		require.NoError(t, r.Configure(t.Context(), videoroom.PublishRequest{
			Bitrate: new(64000), Record: new(true), Filename: new("file"), AudioLevelAverage: new(30)}))
		_, err := r.Publish(t.Context(), videoroom.PublishRequest{AudioLevelAverage: new(20)}, m.peer)
		require.NoError(t, err)
		body := last(t, gw, "publish")
		require.NotContains(t, body, "bitrate", "the gateway has it")
		synctest.Wait()

		n := len(f.seen())
		gw.Drop()
		after(time.Second)
		require.NotContains(t, f.seen()[n:], "configure")
		body = last(t, gw, "publish")
		require.Equal(t, 64000.0, body["bitrate"])
		require.Equal(t, 20.0, body["audio_level_average"])
		require.Equal(t, "file-2", body["filename"])

		// By another peer.
		sender := m.all()[len(m.all())-1]
		require.NoError(t, gw.Push(gw.Sessions()[0], sender.handle.ID(), "hangup", map[string]string{"reason": "Admin API"}, nil))
		after(time.Second)
		require.NotSame(t, sender, m.all()[len(m.all())-1])
		body = last(t, gw, "publish")
		require.Equal(t, "file-3", body["filename"])
		require.Equal(t, true, body["record"])
	})
}

// TestSettingsRefused tells, and nothing else.
func TestSettingsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, _, r := healing(t, nil)
		require.NoError(t, r.Unpublish(t.Context()))
		require.NoError(t, r.Configure(t.Context(), videoroom.PublishRequest{Bitrate: new(2)}))
		f.set(func() { f.strict = true })
		gw.Drop()
		require.ErrorIs(t, await[*client.Resumed](t.Context(), t, r).Err, videoroom.ErrUnauthorized)
		after(time.Second)
		require.NoError(t, r.Err())
		require.NoError(t, r.Sync(t.Context()))
	})
}

// Settings whose answer is lost are set again. A recording would begin new files.
func TestSettingsThroughALoss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lost := janustest.Fault{Kind: janustest.CutConn, Frame: 1, After: true}
		gw, _, _, sub := subscribed(t)
		gw.Inject(lost)
		require.NoError(t, sub.Configure(t.Context(), videoroom.ConfigureStream{MID: "0", Relay: videoroom.Relay{Send: new(false)}}))

		gw, s := fakeSession(t, &fakeRoom{}, nil)
		h, err := videoroom.Attach(t.Context(), s, nil)
		require.NoError(t, err)
		p, _, err := h.Join(t.Context(), videoroom.JoinRequest{Room: client.NumID(1)})
		require.NoError(t, err)
		gw.Inject(lost)
		require.NoError(t, p.Configure(t.Context(), videoroom.PublishRequest{Bitrate: new(64_000)}))
		gw.Inject(lost)
		require.ErrorIs(t, p.Configure(t.Context(), videoroom.PublishRequest{Record: new(true)}), client.ErrOutcomeUnknown)
	})
}
