package longpoll

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/stretchr/testify/require"
)

const event = `{"janus":"event","session_id":7,"n":1}`

func TestPollDeliversEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := open(t, Options{MaxEvents: 5})
		c.Poll(7, transport.Auth{Token: "a b+c/d=", APISecret: "s&t"})
		x := <-s.polls
		require.Equal(t, "GET", x.method)
		require.Empty(t, x.body)
		path, query, _ := strings.Cut(x.url, "?")
		require.Equal(t, root+"/7", path)
		require.Contains(t, query, "maxev=5&rid=")
		require.Contains(t, query, "&token=a%20b%2Bc%2Fd%3D&apisecret=s%26t")
		x.answer(200, `[{"n":1},{"n":2}, {"n":3}]`)
		for _, want := range []string{`{"n":1}`, `{"n":2}`, `{"n":3}`} {
			wantRead(t, c, want)
		}
		y := <-s.polls
		require.NotEqual(t, x.url, y.url, "rid keeps caches out")
		require.Equal(t, x.at, y.at, "there is no pause after events")
		y.answer(200, `{"n":4}`)
		wantRead(t, c, `{"n":4}`)
	})
}

func TestPollSwallowsKeepalives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := open(t, Options{})
		c.Poll(7, transport.Auth{})
		for _, body := range []string{`[{"janus":"keepalive"}]`, "{\n   \"janus\": \"keepalive\"\n}", ``, `[]`} {
			x := <-s.polls
			time.Sleep(30 * time.Second) //nolint:forbidigo // virtual time
			x.answer(200, body)
		}
		(<-s.polls).answer(200, `[{"janus":"keepalive"},{"janus":"event","body":"keepalive"}]`)
		wantRead(t, c, `{"janus":"event","body":"keepalive"}`)
	})
}

// Two clients that poll one session end each other's polls at once.
func TestPollDoesNotSpin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{replies: make([]reply, 20)}
		for i := range s.replies {
			s.replies[i] = reply{status: 200, answer: `[{"janus":"keepalive"}]`}
		}
		c := Open(root, transport.Janus, Options{}, s.do)
		defer c.Close()
		begin := time.Now()
		c.Poll(7, transport.Auth{})
		time.Sleep(time.Hour) //nolint:forbidigo // virtual time
		synctest.Wait()
		require.Greater(t, len(s.calls), 20)
		require.Greater(t, s.calls[20].at.Sub(begin), 5*time.Second)
	})
}

func TestPollTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := open(t, Options{})
		c.Poll(7, transport.Auth{})
		x := <-s.polls
		_, err := c.Read(t.Context())
		require.ErrorIs(t, err, errNoAnswer)
		var lost *transport.CloseError
		require.ErrorAs(t, err, &lost)
		require.Equal(t, 35*time.Second, time.Since(x.at))
	})
}

func TestPollSessionGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := open(t, Options{})
		c.Poll(7, transport.Auth{})
		c.Poll(8, transport.Auth{})
		for range 2 {
			x := <-s.polls
			if strings.Contains(x.url, "/7?") {
				x.answer(404, "")
				continue
			}
			defer x.answer(200, event)
		}
		wantRead(t, c, `{"janus":"timeout","session_id":7}`)
		synctest.Wait()
		select {
		case x := <-s.polls:
			t.Fatalf("a session that is gone is polled again: %s", x.url)
		default:
		}
		// The same id may come back, claimed.
		c.Poll(7, transport.Auth{})
		(<-s.polls).answer(200, event)
		wantRead(t, c, event)
	})
}

// What the polls of a session return after Unpoll is nobody's business, be it
// an event or the end of the session that the client itself destroyed.
func TestUnpollWins(t *testing.T) {
	for _, late := range []reply{{status: 404}, {status: 200, answer: event}, {status: 403}, {status: 500, answer: "x"}} {
		synctest.Test(t, func(t *testing.T) {
			release := make(chan struct{})
			deaf := func(_ context.Context, _, _ string, _ []byte) (int, []byte, error) {
				<-release // it does not see that its context ends
				return late.status, []byte(late.answer), nil
			}
			c := Open(root, transport.Janus, Options{}, deaf)
			defer c.Close()
			c.Poll(7, transport.Auth{})
			synctest.Wait()
			c.Unpoll(7)
			c.Unpoll(7)
			c.Unpoll(99)
			close(release)
			synctest.Wait()
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			_, err := c.Read(ctx)
			require.ErrorIs(t, err, context.DeadlineExceeded)
		})
	}
}

// The same when Unpoll comes after the poller looked at its context.
func TestOldPollerIsMute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := open(t, Options{})
		c.Poll(7, transport.Auth{})
		old := c.polls[7]
		c.Unpoll(7)
		c.Poll(7, transport.Auth{})
		c.deliver(old, []byte(event))
		c.forget(old)
		synctest.Wait()
		(<-s.polls).answer(200, `{"n":1}`)
		wantRead(t, c, `{"n":1}`)
	})
}

func TestPollDeniedWaitsForOtherAuth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := open(t, Options{})
		c.Poll(7, transport.Auth{Token: "old"})
		(<-s.polls).answer(403, "")
		got, err := c.Read(t.Context())
		require.NoError(t, err)
		require.Contains(t, string(got), `{"janus":"error","session_id":7,"error":{"code":403,`)
		// Other sessions go on.
		c.Poll(8, transport.Auth{Token: "old"})
		(<-s.polls).answer(200, event)
		wantRead(t, c, event)
		other := <-s.polls
		time.Sleep(30 * time.Second) //nolint:forbidigo // virtual time
		synctest.Wait()
		select {
		case x := <-s.polls:
			t.Fatalf("polled without other credentials: %s", x.url)
		default:
		}
		c.Poll(7, transport.Auth{Token: "new"})
		x := <-s.polls
		require.Contains(t, x.url, "/7?")
		require.Contains(t, x.url, "token=new")
		other.answer(200, event)
		x.answer(200, event)
	})
}

// Credentials that change during a poll are for the next one, and what becomes of
// the old ones is nobody's business, whether the refusal comes before or after.
func TestPollTakesNewAuth(t *testing.T) {
	for _, late := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			c, s := open(t, Options{})
			c.Poll(7, transport.Auth{Token: "old"})
			x := <-s.polls
			begin := time.Now()
			if late {
				c.Poll(7, transport.Auth{Token: "new"})
				x.answer(403, "") // the old ones expired meanwhile
			} else {
				x.answer(403, "")
				synctest.Wait()
				c.Poll(7, transport.Auth{Token: "new"}) // a request found it out first
			}
			y := <-s.polls
			require.Contains(t, y.url, "token=new")
			require.Equal(t, begin, y.at, "at once")
			y.answer(200, event)
			wantRead(t, c, event)

			// The same for the new ones, once.
			(<-s.polls).answer(403, "")
			got, err := c.Read(t.Context())
			require.NoError(t, err)
			require.Contains(t, string(got), `"code":403`)
			synctest.Wait()
			c.Poll(7, transport.Auth{Token: "new"}) // they are the same, and tried again all the same
			(<-s.polls).answer(200, event)
			wantRead(t, c, event)
		})
	}
}

// A connection that ends says so, whatever was refused.
func TestDeniedThenLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := open(t, Options{})
		c.Poll(7, transport.Auth{})
		c.Poll(8, transport.Auth{})
		(<-s.polls).answer(403, "")
		synctest.Wait()
		(<-s.polls).answer(413, "")
		synctest.Wait()
		got, err := c.Read(t.Context())
		require.NoError(t, err)
		require.Contains(t, string(got), `"code":403`)
		_, err = c.Read(t.Context())
		require.ErrorContains(t, err, "413")
		c.Unpoll(7)
		c.Unpoll(8)
	})
}

func TestPollRetries(t *testing.T) {
	refused := errors.New("connection refused")
	synctest.Test(t, func(t *testing.T) {
		s := &script{replies: []reply{
			{err: refused}, {status: 502, answer: "<html>Bad Gateway</html>"}, {status: 200, answer: "<html>"},
			{status: 429}, {err: refused}, {status: 200, answer: event},
			// The count starts again.
			{err: refused}, {err: refused}, {err: refused}, {err: refused}, {err: refused}, {status: 200, answer: event},
		}}
		c := Open(root, transport.Janus, Options{}, s.do)
		defer c.Close()
		c.Poll(7, transport.Auth{})
		wantRead(t, c, event)
		wantRead(t, c, event)
		synctest.Wait()
		require.Equal(t, s.calls[0].at, s.calls[1].at, "the first failure is tried again at once")
		for i, most := range []time.Duration{250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second} {
			d := s.calls[i+2].at.Sub(s.calls[i+1].at)
			require.Greater(t, d, time.Duration(0))
			require.LessOrEqual(t, d, most)
		}
	})
}

func TestPollGivesUp(t *testing.T) {
	refused := errors.New("connection refused")
	synctest.Test(t, func(t *testing.T) {
		s := &script{replies: []reply{{status: 200, answer: event}}}
		for range 20 {
			s.replies = append(s.replies, reply{err: refused})
		}
		c := Open(root, transport.Janus, Options{}, s.do)
		defer c.Close()
		c.Poll(7, transport.Auth{Token: "canary"})
		synctest.Wait()
		time.Sleep(time.Minute) //nolint:forbidigo // virtual time
		wantRead(t, c, event)   // what came before the loss
		for range 2 {
			_, err := c.Read(t.Context())
			require.ErrorIs(t, err, refused)
			var lost *transport.CloseError
			require.ErrorAs(t, err, &lost)
			require.Equal(t, 1006, lost.Code)
		}
		synctest.Wait()
		require.Len(t, s.calls, 1+pollTries)
		require.ErrorIs(t, c.Write(t.Context(), transport.Message{}), refused)
		c.Poll(8, transport.Auth{}) // does nothing
		synctest.Wait()
		require.Len(t, s.calls, 1+pollTries)
	})
}

func TestPollFatal(t *testing.T) {
	for _, test := range []struct {
		reply reply
		want  string
	}{
		{reply{status: 413, answer: "too large"}, "client_max_body_size"},
		{reply{status: 404, answer: "<html>nginx</html>"}, "is the path right?"},
		{reply{status: 302}, "redirects"},
		{reply{err: &transport.TooLargeError{Limit: 5}}, "read limit of 5 bytes"},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &script{replies: []reply{test.reply}}
			c := Open(root, transport.Janus, Options{}, s.do)
			defer c.Close()
			c.Poll(7, transport.Auth{Token: "canary"})
			_, err := c.Read(t.Context())
			require.ErrorContains(t, err, test.want)
			require.NotContains(t, err.Error(), "canary")
			synctest.Wait()
			require.Len(t, s.calls, 1)
		})
	}
}

// A consumer that does not read stops the polls, and nothing is lost.
func TestPollWaitsForTheReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := open(t, Options{})
		c.Poll(7, transport.Auth{})
		n := 0
		for {
			synctest.Wait()
			var x exchange
			select {
			case x = <-s.polls:
			default:
			}
			if x.reply == nil {
				break
			}
			x.answer(200, "["+event+","+event+","+event+"]")
			n += 3
		}
		require.GreaterOrEqual(t, n, maxQueue)
		require.Less(t, n, maxQueue+3)
		for range n {
			wantRead(t, c, event)
		}
		(<-s.polls).answer(200, event)
		wantRead(t, c, event)
	})
}

func TestAdminIsNotPolled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		c := Open(root, transport.Admin, Options{}, s.do)
		defer c.Close()
		c.Poll(7, transport.Auth{})
		synctest.Wait()
		require.Empty(t, s.calls)
	})
}

func TestCloseWaitsForPolls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		deaf := func(context.Context, string, string, []byte) (int, []byte, error) {
			<-release
			return 200, nil, nil
		}
		c := Open(root, transport.Janus, Options{}, deaf)
		c.Poll(7, transport.Auth{})
		synctest.Wait()
		closed := make(chan error, 1)
		go func() { closed <- c.Close() }() // waited for below
		synctest.Wait()
		require.Empty(t, closed)
		close(release)
		require.NoError(t, <-closed)
	})
}

func TestCloseEndsPolls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := open(t, Options{})
		for i := range uint64(20) {
			c.Poll(i+1, transport.Auth{})
		}
		for range 10 {
			<-s.polls
		}
		require.NoError(t, c.Close())
		c.Poll(100, transport.Auth{})
		_, err := c.Read(t.Context())
		require.ErrorIs(t, err, transport.ErrClosed)
		// synctest fails if a goroutine is left.
	})
}
