package textroom_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

// mender is a peer that outlives its connection.
type mender struct {
	peer
	mu      sync.Mutex // guards the rest
	health  client.Health
	changed chan struct{}
	renewed int
	broken  int // how often Renew fails
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

func (m *mender) Keep() (func(), bool) { return func() {}, true }

func (m *mender) Health() (client.Health, <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.health, m.changed
}

// fails has Renew fail for the first n times.
func (m *mender) fails(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.broken = n
}

// renewals returns how often it was renewed.
func (m *mender) renewals() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.renewed
}

func (m *mender) Renew(context.Context, ...string) error {
	m.mu.Lock()
	m.renewed++
	broken := m.renewed <= m.broken
	m.mu.Unlock()
	if broken {
		return errors.New("not yet")
	}
	m.is(client.HealthNew)
	return nil
}

// Answer implements client.Negotiator: the connection is up then.
func (m *mender) Answer(ctx context.Context, j *client.JSEP) (*client.JSEP, error) {
	defer m.is(client.HealthGood)
	return m.peer.Answer(ctx, j)
}

// heals returns a connection that can be had again.
func (s *scene) heals() (*textroom.Conn, *channel, *mender) {
	s.t.Helper()
	m, ch := newMender(), newChannel()
	c, err := s.Open(s.t.Context(), m, ch)
	require.NoError(s.t, err)
	synctest.Wait() // the connection was seen to be up
	s.t.Cleanup(func() {
		require.NoError(s.t, c.Stop(context.WithoutCancel(s.t.Context())))
		<-c.Done()
	})
	return c, ch, m
}

// checked answers the question whether the gateway answers.
func (ch *channel) checked(t testing.TB) {
	t.Helper()
	ch.answer(ch.expect(t, "exists"), `"textroom":"error","error_code":414,"error":"a string"`)
}

// faults are the ways to lose a connection by nobody's will.
var faults = map[string]func(*scene, *mender){
	"fault": func(s *scene, m *mender) {
		require.NoError(s.t, s.gw.Push(s.Session().ID(), s.ID(), "hangup", map[string]string{"reason": "DTLS alert"}, nil))
		require.Equal(s.t, "DTLS alert", next[*client.Hangup](s.t, s).Reason)
		m.is(client.HealthLost)
	},
	"rebuild": func(s *scene, m *mender) {
		require.NoError(s.t, s.Session().Rebuild(s.t.Context()))
		require.True(s.t, next[*client.Resumed](s.t, s).Rebuilt)
		m.is(client.HealthLost)
	},
	"channel": func(s *scene, m *mender) { // the gateway has closed it, and thinks that all is well
		m.is(client.HealthLost)
		require.Equal(s.t, "Janus API", next[*client.Hangup](s.t, s).Reason)
	},
	"timeout": func(s *scene, m *mender) {
		require.True(s.t, s.gw.ExpireSession(s.Session().ID()))
		next[*client.SessionTimeout](s.t, s)
		require.True(s.t, next[*client.Resumed](s.t, s).Rebuilt)
		m.is(client.HealthLost)
	},
}

// TestHeal has the connection back, with the rooms, under the same Conn.
func TestHeal(t *testing.T) {
	for name, lose := range faults {
		t.Run(name, func(t *testing.T) { synctest.Test(t, func(t *testing.T) { heal(t, lose) }) })
	}
}

func heal(t *testing.T, lose func(*scene, *mender)) {
	t.Helper()
	s := setUp(t)
	c, ch, m := s.heals()
	require.True(t, ch.kept)
	join(t, c, ch, room)
	ch.incoming <- `{"textroom":"join","room":1234,"username":"bob"}`
	next[*textroom.Joined](t, s)
	unanswered := async(func() (*textroom.Sent, error) {
		return c.Message(t.Context(), textroom.MessageRequest{Room: room, Text: "lost?"})
	})
	harmless := async(func() (bool, error) { return c.Exists(t.Context(), room) })
	for range 2 {
		<-ch.sent
	}

	lose(s, m)
	require.ErrorIs(t, (<-unanswered).err, client.ErrOutcomeUnknown)
	require.NoError(t, c.Err())
	waits := async(func() (*textroom.Sent, error) {
		return c.Message(t.Context(), textroom.MessageRequest{Room: room, Text: "later"})
	})
	ch.checked(t)
	r := ch.expect(t, "join")
	require.Contains(t, r.raw, `"username":"ann"`)
	ch.incoming <- `{"textroom":"join","room":1234,"username":"ann"}`
	ch.answer(r, `"textroom":"success","participants":[{"username":"eve","display":"Eve"}]`)
	require.Equal(t, "ann", next[*textroom.Joined](t, s).Username)
	joined := next[*textroom.Joined](t, s)
	require.Equal(t, []string{"eve", "Eve"}, []string{joined.Username, joined.Display})
	require.Equal(t, "bob", next[*textroom.Left](t, s).Username)
	require.NoError(t, next[*textroom.Rejoined](t, s).Err)
	for range 2 { // in any order
		if r = ch.any(t); r.TextRoom == "exists" {
			ch.answer(r, `"textroom":"success","exists":true`)
		} else {
			ch.answer(r, `"textroom":"success"`)
		}
	}
	require.NoError(t, (<-waits).err)
	require.True(t, (<-harmless).value)
	require.Equal(t, 1, m.renewals())
}

// any takes the next request, whatever it asks.
func (ch *channel) any(t testing.TB) (r request) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(ch.next(t)), &r))
	return r
}

// TestHealLater has the first tries fail, in different ways.
func TestHealLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		c, ch, m := s.heals()
		m.fails(2)
		join(t, c, ch, room)
		faults["fault"](s, m)
		ch.checked(t)
		ch.expect(t, "join")
		faults["fault"](s, m) // once more, while it is joined again
		ch.checked(t)
		ch.answer(ch.expect(t, "join"), `"textroom":"success","participants":[]`)
		require.NoError(t, next[*textroom.Rejoined](t, s).Err)
		require.GreaterOrEqual(t, m.renewals(), 4)
		require.NoError(t, c.Err())
	})
}

// TestHealGivesUp ends the Conn when it cannot be had again.
func TestHealGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		c, ch, m := s.heals()
		m.fails(1 << 30)
		join(t, c, ch, room)
		begin := time.Now()
		faults["fault"](s, m)
		_, err := c.Exists(t.Context(), room)
		require.ErrorIs(t, err, client.ErrTimeout)
		<-c.Done()
		require.ErrorIs(t, c.Err(), textroom.ErrEnded)
		require.InDelta(t, 64, time.Since(begin).Seconds(), 10)
		_, err = c.Exists(t.Context(), room)
		require.ErrorIs(t, err, textroom.ErrEnded)

		ch = newChannel()
		again := async(func() (*textroom.Conn, error) { return s.Open(t.Context(), &peer{}, ch) })
		ch.answer(ch.expect(t, "join"), `"textroom":"success","participants":[]`)
		o := <-again
		require.NoError(t, o.err, "the next Open knows the rooms")
		require.NoError(t, o.value.Stop(t.Context()))
	})
}

// TestAwayIsBounded holds no more requests than it says.
func TestAwayIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		c, ch, m := s.heals()
		m.fails(1)
		faults["fault"](s, m)
		var waiting []<-chan outcome[*textroom.Sent]
		for i := range textroom.MaxRequests {
			waiting = append(waiting, async(func() (*textroom.Sent, error) {
				return c.Message(t.Context(), textroom.MessageRequest{Room: room, Text: "x", Ack: new(i%2 == 0)})
			}))
		}
		synctest.Wait()
		_, err := c.Exists(t.Context(), room)
		require.ErrorIs(t, err, client.ErrSendBuffer)
		_, err = c.Message(t.Context(), textroom.MessageRequest{Room: room, Text: "x", Ack: new(false)})
		require.ErrorIs(t, err, client.ErrSendBuffer)
		ch.checked(t)
		for range waiting {
			if r := ch.any(t); r.TextRoom == "message" {
				ch.answer(r, `"textroom":"success"`)
			}
		}
		for _, w := range waiting {
			require.NoError(t, (<-w).err)
		}
	})
}

// TestStopWhileAway ends what is being made again.
func TestStopWhileAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		c, ch, m := s.heals()
		join(t, c, ch, room)
		faults["fault"](s, m)
		ch.checked(t)
		ch.expect(t, "join") // never answered
		require.NoError(t, c.Stop(t.Context()))
		<-c.Done()
		require.ErrorIs(t, c.Err(), textroom.ErrEnded)
		next, _ := s.open()
		require.NoError(t, next.Stop(t.Context()), "nothing was left")
	})
}

// TestJoinUnanswered asks again where the gateway lost its answer.
func TestJoinUnanswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		c, ch, m := s.heals()
		join(t, c, ch, room)
		begin := time.Now()
		faults["fault"](s, m)
		ch.checked(t)
		ch.expect(t, "join")
		ch.answered(t, "join", `"textroom":"error","error_code":421,"error":"in it already"`)
		ch.answered(t, "listparticipants", `"participants":[{"username":"ann"},{"username":"bob"}]`)
		require.Equal(t, "bob", next[*textroom.Joined](t, s).Username)
		require.NoError(t, next[*textroom.Rejoined](t, s).Err)
		require.Equal(t, 1, m.renewals())
		require.Less(t, time.Since(begin), 5*time.Second)
		require.NoError(t, c.Err())
	})
}

// TestLeaveWhileAway leaves a room that is not joined again then.
func TestLeaveWhileAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		c, ch, m := s.heals()
		join(t, c, ch, room)
		faults["fault"](s, m)
		left := async(func() (any, error) { return nil, c.Leave(t.Context(), room) })
		ch.checked(t)
		ch.answered(t, "leave", `"textroom":"error","error_code":422,"error":"not in it"`)
		require.NoError(t, (<-left).err)
		ev := next[*textroom.Left](t, s)
		require.Equal(t, []any{room, "ann"}, []any{ev.Room, ev.Username})
		again := async(func() (any, error) { return nil, c.Leave(t.Context(), room) })
		ch.answered(t, "leave", `"textroom":"error","error_code":422,"error":"not in it"`)
		require.ErrorIs(t, (<-again).err, textroom.ErrNotInRoom)
	})
}

// TestHangupOnPurpose is no fault.
func TestHangupOnPurpose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		c, _, m := s.heals()
		require.NoError(t, s.Hangup(t.Context()))
		<-c.Done()
		require.ErrorIs(t, c.Err(), textroom.ErrEnded)
		require.Zero(t, m.renewals())
	})
}

// TestRestartWhenShaky finds a new way through the network.
func TestRestartWhenShaky(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUp(t)
		c, ch, m := s.heals()
		join(t, c, ch, room)
		begin := time.Now()
		m.is(client.HealthShaky)
		for {
			if h, changed := m.Health(); h == client.HealthGood {
				break
			} else {
				<-changed
			}
		}
		require.Equal(t, 2*time.Second, time.Since(begin))
		require.Equal(t, `{"request":"restart"}`, s.sent()[2])
		require.Zero(t, m.renewals())
		require.NoError(t, c.Err())
	})
}

// TestResync compares the rooms after the session was claimed.
func TestResync(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := setUpWith(t, &janustest.Options{ReclaimTimeout: time.Minute})
		c, ch, m := s.heals()
		for _, id := range []client.ID{room, client.NumID(2), client.NumID(3), client.NumID(4)} {
			join(t, c, ch, id)
		}
		ch.incoming <- `{"textroom":"join","room":1234,"username":"bob"}`
		ch.incoming <- `{"textroom":"join","room":1234,"username":"eve"}`
		next[*textroom.Joined](t, s)
		next[*textroom.Joined](t, s)
		s.gw.Drop()
		next[*client.Interrupted](t, s)
		require.False(t, next[*client.Resumed](t, s).Rebuilt)
		r := ch.expect(t, "listparticipants")
		ch.incoming <- `{"textroom":"leave","room":1234,"username":"eve"}`
		ch.answer(r, `"room":1234,"participants":[{"username":"ann"},{"username":"zoe","display":"Zoe"}]`)
		ch.answer(ch.expect(t, "listparticipants"), `"textroom":"error","error_code":417,"error":"no such room"`)
		ch.answer(ch.expect(t, "listparticipants"), `"room":3,"participants":[]`)
		require.Contains(t, ch.answered(t, "join", `"textroom":"success","participants":[]`), `"room":3`)
		ch.answer(ch.expect(t, "listparticipants"), `"participants":5`)
		require.Equal(t, "eve", next[*textroom.Left](t, s).Username, "the gateway said so")
		require.Equal(t, "zoe", next[*textroom.Joined](t, s).Username)
		require.Equal(t, "bob", next[*textroom.Left](t, s).Username)
		require.Equal(t, client.NumID(2), next[*textroom.Destroyed](t, s).Room)
		require.Equal(t, "ann", next[*textroom.Left](t, s).Username, "of room 3")
		ev := next[*textroom.Resynced](t, s)
		require.Equal(t, []int{2, 1, 2}, []int{ev.Rooms, ev.Joined, ev.Left})
		require.ErrorAs(t, ev.Err, new(*client.ProtocolError), "of room 4")
		require.Zero(t, m.renewals())
		require.Equal(t, 1, m.answered, "the connection was left alone")
	})
}

// answered answers the next request and returns it.
func (ch *channel) answered(t testing.TB, verb, fields string) string {
	t.Helper()
	r := ch.expect(t, verb)
	ch.answer(r, fields)
	return r.raw
}

// TestGhost finds the name in use when a room is joined again.
func TestGhost(t *testing.T) {
	for name, test := range map[string]struct {
		secret string
		play   func(*testing.T, *channel)
		want   textroom.Ghost
		refuse client.PluginCode
	}{
		"beside": {"", func(t *testing.T, ch *channel) {
			require.Contains(t, ch.answered(t, "join", inUse), `"ann-2"`)
			require.Contains(t, ch.answered(t, "join", `"textroom":"success","participants":[{"username":"ann"}]`), `"ann-3"`)
		}, textroom.Ghost{As: "ann-3"}, client.PluginCode{}},
		"taken over": {"s", func(t *testing.T, ch *channel) {
			ch.answered(t, "listparticipants", `"participants":[{"username":"ann","display":"Ann"}]`)
			require.Contains(t, ch.answered(t, "kick", `"textbridge":"success"`), `"secret":"s","username":"ann"`)
			require.NotContains(t, ch.answered(t, "join", `"textroom":"success","participants":[]`), `"secret"`)
		}, textroom.Ghost{As: "ann", TakenOver: true}, client.PluginCode{}},
		"gone by then": {"s", func(t *testing.T, ch *channel) {
			ch.answered(t, "listparticipants", `"participants":[]`)
			ch.answered(t, "kick", `"textroom":"error","error_code":423,"error":"no such user"`)
			ch.answered(t, "join", `"textroom":"success","participants":[]`)
		}, textroom.Ghost{As: "ann", TakenOver: true}, client.PluginCode{}},
		"somebody else": {"s", func(t *testing.T, ch *channel) {
			ch.answered(t, "listparticipants", `"participants":[{"username":"ann","display":"Anna"}]`)
			ch.answered(t, "join", `"textroom":"success","participants":[]`)
		}, textroom.Ghost{As: "ann-2"}, textroom.ErrUsernameInUse},
		"wrong secret": {"s", func(t *testing.T, ch *channel) {
			ch.answered(t, "listparticipants", `"participants":[{"username":"ann","display":"Ann"}]`)
			ch.answered(t, "kick", `"textroom":"error","error_code":419,"error":"no"`)
			ch.answered(t, "join", `"textroom":"success","participants":[]`)
		}, textroom.Ghost{As: "ann-2"}, textroom.ErrUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := setUp(t)
				c, ch, m := s.heals()
				got := async(func() ([]textroom.Participant, error) {
					return c.Join(t.Context(), textroom.JoinRequest{Room: room, Username: "ann", Display: "Ann", Secret: test.secret})
				})
				require.NotContains(t, ch.answered(t, "join", `"textroom":"success","participants":[]`), "secret")
				require.NoError(t, (<-got).err)
				faults["fault"](s, m)
				ch.checked(t)
				for range 6 {
					ch.answered(t, "join", inUse)
				}
				test.play(t, ch)
				ghost := await[*textroom.Ghost](t.Context(), t, s)
				require.Equal(t, []any{room, "ann", test.want.As, test.want.TakenOver},
					[]any{ghost.Room, ghost.Username, ghost.As, ghost.TakenOver})
				if test.refuse == (client.PluginCode{}) {
					require.NoError(t, ghost.Err)
				} else {
					require.ErrorIs(t, ghost.Err, test.refuse)
				}
				require.NoError(t, next[*textroom.Rejoined](t, s).Err)

				faults["fault"](s, m)
				ch.checked(t)
				require.Contains(t, ch.answered(t, "join", `"textroom":"success","participants":[]`), `"ann"`, "the name that was asked for comes first")
				await[*textroom.Rejoined](t.Context(), t, s)
			})
		})
	}
}
