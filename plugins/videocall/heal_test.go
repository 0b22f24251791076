package videocall_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

// TestNameTaken gets the name back when the gateway has forgotten who had it.
func TestNameTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		require.NoError(t, s.Register(t.Context(), "ann"))
		require.NoError(t, s.Set(t.Context(), videocall.Config{Audio: new(false)}))
		s.plugin.refuses("register", refusedWith(videocall.ErrUsernameTaken))
		begin := time.Now()
		require.ErrorIs(t, s.Session().Rebuild(t.Context()), videocall.ErrUsernameTaken)
		require.Equal(t, 1550*time.Millisecond, time.Since(begin))
		require.ErrorIs(t, next[*client.Resumed](t, s).Err, videocall.ErrUsernameTaken)
		<-time.After(50 * time.Second)
		s.plugin.refuses("register", nil)
		ev := next[*videocall.Registered](t, s)
		require.NoError(t, ev.Err)
		require.Equal(t, "ann", ev.Username)
		require.Less(t, time.Since(begin), time.Minute)
		list := s.sent(0)
		require.Equal(t, []string{`{"request":"register","username":"ann"}`, `{"request":"set","audio":false}`}, list[len(list)-2:])
		require.Less(t, len(list), 30)
	})
}

// TestNameGone gives the name up in the end, or when told otherwise.
func TestNameGone(t *testing.T) {
	for name, test := range map[string]struct {
		meanwhile func(*scene)
		want      error
		within    time.Duration
	}{
		"somebody keeps it": {func(*scene) {}, videocall.ErrUsernameTaken, 105 * time.Second},
		"it is refused": {func(s *scene) {
			s.plugin.refuses("register", refusedWith(videocall.ErrInvalidElement))
		}, videocall.ErrInvalidElement, 20 * time.Second},
		"it is there after all": {func(s *scene) {
			s.plugin.refuses("register", refusedWith(videocall.ErrAlreadyRegistered))
		}, nil, 20 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := setUp(t)
				require.NoError(t, s.Register(t.Context(), "ann"))
				s.plugin.refuses("register", refusedWith(videocall.ErrUsernameTaken))
				begin := time.Now()
				require.Error(t, s.Session().Rebuild(t.Context()))
				next[*client.Resumed](t, s)
				<-time.After(5 * time.Second)
				test.meanwhile(s)
				ev := next[*videocall.Registered](t, s)
				if test.want == nil {
					require.NoError(t, ev.Err)
				} else {
					require.ErrorIs(t, ev.Err, test.want)
				}
				require.Less(t, time.Since(begin), test.within)
			})
		})
	}
}

// TestAnotherName ends the tries for the one before.
func TestAnotherName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		require.NoError(t, s.Register(t.Context(), "ann"))
		s.plugin.refuses("register", refusedWith(videocall.ErrUsernameTaken))
		require.Error(t, s.Session().Rebuild(t.Context()))
		next[*client.Resumed](t, s)
		s.plugin.refuses("register", nil)
		require.NoError(t, s.Register(t.Context(), "anna"))
		n := len(s.sent(0))
		<-time.After(3 * time.Minute)
		require.Len(t, s.sent(0), n)
	})
}

// TestResync asks what is left after a claim.
func TestResync(t *testing.T) {
	missing, none := refusedWith(videocall.ErrMissingSDP), refusedWith(videocall.ErrNoCall)
	for name, test := range map[string]struct {
		call     bool
		register error // what the plugin says to the name
		accept   error // what it says to the question for the call
		want     videocall.Resynced
		err      error
	}{
		"nothing was lost":      {true, refusedWith(videocall.ErrAlreadyRegistered), missing, videocall.Resynced{}, nil},
		"there was no call":     {false, refusedWith(videocall.ErrAlreadyRegistered), errBroken, videocall.Resynced{}, nil},
		"the call is over":      {true, refusedWith(videocall.ErrAlreadyRegistered), none, videocall.Resynced{Over: true}, nil},
		"the name was lost":     {false, nil, none, videocall.Resynced{Registered: true}, nil},
		"somebody has the name": {false, refusedWith(videocall.ErrUsernameTaken), none, videocall.Resynced{}, videocall.ErrUsernameTaken},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := setUpWith(t, &janustest.Options{ReclaimTimeout: time.Minute})
				require.NoError(t, s.Register(t.Context(), "ann"))
				if test.call {
					s.calls(&peer{})
				}
				s.plugin.refuses("register", test.register)
				s.plugin.refuses("accept", test.accept)
				s.gw.Drop()
				next[*client.Interrupted](t, s)
				require.False(t, next[*client.Resumed](t, s).Rebuilt)
				if test.want.Over {
					// The gateway has the connection still; what it says of it is true.
					require.Equal(t, "Janus API", next[*client.Hangup](t, s).Reason)
				}
				ev := next[*videocall.Resynced](t, s)
				require.Equal(t, []bool{test.want.Over, test.want.Registered}, []bool{ev.Over, ev.Registered})
				if test.err == nil {
					require.NoError(t, ev.Err)
				} else {
					require.ErrorIs(t, ev.Err, test.err)
					s.plugin.refuses("register", nil)
					require.NoError(t, next[*videocall.Registered](t, s).Err)
				}
				if test.call && !test.want.Over {
					require.NoError(t, s.Renegotiate(t.Context()), "the call goes on")
				}
			})
		})
	}
}

// mender is a peer whose connection can be mended.
type mender struct {
	peer
	mu       sync.Mutex // guards the rest
	health   client.Health
	changed  chan struct{}
	released int
}

var _ client.Mender = (*mender)(nil)

func newMender() *mender { return &mender{health: client.HealthGood, changed: make(chan struct{})} }

func (m *mender) is(h client.Health) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.health = h
	close(m.changed)
	m.changed = make(chan struct{})
}

func (m *mender) Keep() (func(), bool) {
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.released++
	}, true
}

// wasReleased reports whether nobody mends it any more.
func (m *mender) wasReleased() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.released > 0
}

func (m *mender) Health() (client.Health, <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.health, m.changed
}

func (m *mender) Renew(context.Context, ...string) error { return errBroken }

// runs has a call come about whose connection can be mended.
func (s *scene) runs() *mender {
	s.t.Helper()
	m := newMender()
	require.NoError(s.t, s.Call(s.t.Context(), "bob", m))
	s.push(`{"event":"accepted","username":"bob"}`, answer())
	require.NoError(s.t, next[*videocall.Accepted](s.t, s).Err)
	require.NoError(s.t, s.gw.Push(s.Session().ID(), s.ID(), "webrtcup", nil, nil))
	next[*client.WebRTCUp](s.t, s)
	synctest.Wait() // the connection was seen to be up
	return m
}

// TestShaky restarts ICE when the path breaks.
func TestShaky(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		m := s.runs()
		n := len(s.sent(0))
		m.is(client.HealthShaky)
		<-time.After(1900 * time.Millisecond)
		require.Len(t, s.sent(0), n)
		<-time.After(200 * time.Millisecond)
		require.Equal(t, []string{`{"request":"set","restart":true} offer`}, s.sent(n))
		require.NoError(t, s.updated(answer()))
		m.is(client.HealthGood)
		<-time.After(time.Minute)
		require.Len(t, s.sent(0), n+1, "and nothing more")
	})
}

// TestNoWay ends a call for which no way is left.
func TestNoWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		m := s.runs()
		begin := time.Now()
		m.is(client.HealthBroken)
		ended := next[*videocall.Ended](t, s)
		require.NotEmpty(t, ended.Reason)
		next[*client.Hangup](t, s)
		require.Less(t, time.Since(begin), time.Minute)
		require.True(t, m.wasReleased())
		s.calls(&peer{})
	})
}

// TestRebuiltCall is over, and leaves nothing behind.
func TestRebuiltCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		m := s.runs()
		require.True(t, s.gw.ExpireSession(s.Session().ID()))
		next[*client.SessionTimeout](t, s)
		s.lost()
		require.True(t, next[*client.Resumed](t, s).Rebuilt)
		require.True(t, m.wasReleased(), "it is nobody's to mend")
		s.called(&peer{})
	})
}

// Settings whose answer is lost are set again. A recording would begin new files.
func TestSetThroughALoss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		lost := janustest.Fault{Kind: janustest.CutConn, Frame: 1, After: true}
		s.gw.Inject(lost)
		require.NoError(t, s.Set(t.Context(), videocall.Config{Bitrate: new(64_000)}))
		s.gw.Inject(lost)
		require.ErrorIs(t, s.Set(t.Context(), videocall.Config{Record: new(true)}), client.ErrOutcomeUnknown)
	})
}
