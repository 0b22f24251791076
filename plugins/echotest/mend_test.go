package echotest_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// mender is a peer whose health the test sets.
type mender struct {
	peer

	mu      sync.Mutex
	health  client.Health
	changed chan struct{}
	renewed int
	kept    bool
}

var _ client.Mender = (*mender)(nil)

func newMender() *mender { return &mender{changed: make(chan struct{})} }

func (m *mender) set(h client.Health) {
	m.mu.Lock()
	m.becomes(h)
	m.mu.Unlock()
	synctest.Wait()
}

// becomes needs m.mu.
func (m *mender) becomes(h client.Health) {
	m.health = h
	close(m.changed)
	m.changed = make(chan struct{})
}

func (m *mender) Health() (client.Health, <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.health, m.changed
}

func (m *mender) Keep() (func(), bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept = true
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.kept = false
	}, true
}

func (m *mender) Renew(context.Context, ...string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.renewed++
	m.becomes(client.HealthNew)
	return nil
}

func (m *mender) isKept() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept
}

func TestMended(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, h := setUp(t, nil)
		m := newMender()
		cfg := echotest.Config{Video: new(false), AudioCodec: new("opus"), Filename: new("/tmp/echo"), Record: new(true)}
		require.NoError(t, h.Start(t.Context(), cfg, m))
		require.NoError(t, h.Configure(t.Context(), echotest.Config{Bitrate: new(64_000)}))
		m.set(client.HealthGood)

		m.set(client.HealthBroken)
		list := sent(gw)
		require.Len(t, list, 3)
		require.JSONEq(t, `{"audiocodec":"opus"}`, string(list[2].Body), "an ICE restart")
		require.True(t, m.restarted)
		m.set(client.HealthGood)

		require.NoError(t, gw.Push(h.Session().ID(), h.ID(), "hangup", map[string]any{"reason": "ICE failed"}, nil))
		require.Equal(t, "ICE failed", await[*client.Hangup](t.Context(), t, h).Reason)
		m.set(client.HealthLost)
		<-time.After(time.Second)
		synctest.Wait()
		m.set(client.HealthGood)
		require.Equal(t, 1, m.renewed)
		list = sent(gw)
		require.JSONEq(t, `{"video":false,"bitrate":64000,"record":true,"filename":"/tmp/echo-2","audiocodec":"opus"}`,
			string(list[len(list)-1].Body), "everything that was set")

		require.NoError(t, h.Session().Rebuild(t.Context()))
		count := len(sent(gw))
		m.set(client.HealthLost)
		<-time.After(time.Second)
		synctest.Wait()
		m.set(client.HealthGood)
		require.Equal(t, 2, m.renewed)
		list = sent(gw)
		require.Len(t, list, count+1, "an offer, and no hangup: the new session has no connection")
		require.Contains(t, string(list[count].Body), "/tmp/echo-3")
		require.True(t, m.isKept())

		require.NoError(t, h.Stop(t.Context()))
		synctest.Wait()
		require.False(t, m.isKept())
		m.set(client.HealthLost)
		<-time.After(time.Hour)
		require.Equal(t, 2, m.renewed)
		require.NoError(t, h.Start(t.Context(), echotest.Config{}, &peer{}))
		list = sent(gw)
		require.JSONEq(t, `{}`, string(list[len(list)-1].Body), "nothing is left")
		require.NoError(t, h.Stop(t.Context()))
	})
}

// TestDeliberateHangup: what nobody mends is over, and so is what cannot be mended.
func TestDeliberateHangup(t *testing.T) {
	for name, end := range map[string]func(t *testing.T, h *echotest.Handle, m *mender){
		"by hand": func(t *testing.T, h *echotest.Handle, m *mender) {
			require.NoError(t, h.Hangup(t.Context()))
		},
		"by the gateway's operator": func(t *testing.T, h *echotest.Handle, m *mender) {
			m.set(client.HealthEnded) // as a peer does then
		},
		"given up": func(t *testing.T, h *echotest.Handle, m *mender) {
			m.offerErr = context.DeadlineExceeded
			m.set(client.HealthLost)
			<-time.After(2 * time.Minute)
			synctest.Wait()
			require.Greater(t, m.renewed, 8)
			m.offerErr = nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, h := setUp(t, nil)
				m := newMender()
				require.NoError(t, h.Start(t.Context(), echotest.Config{}, m))
				m.set(client.HealthGood)
				end(t, h, m)
				synctest.Wait()
				require.False(t, m.isKept())
				require.NoError(t, h.Stop(t.Context()))
				require.NoError(t, h.Start(t.Context(), echotest.Config{}, &peer{}))
				require.NoError(t, h.Stop(t.Context()))
			})
		})
	}
}
