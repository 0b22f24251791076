package longpoll

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/stretchr/testify/require"
)

func TestPostRoutes(t *testing.T) {
	for _, test := range []struct {
		root            string
		api             transport.API
		session, handle uint64
		want            string
	}{
		{"http://gw/janus", transport.Janus, 0, 0, "http://gw/janus"},
		{"http://gw/janus/", transport.Janus, 1, 0, "http://gw/janus/1"},
		{"http://gw/janus", transport.Janus, 1, 18446744073709551615, "http://gw/janus/1/18446744073709551615"},
		{"http://gw/janus?key=v#frag", transport.Janus, 1, 2, "http://gw/janus/1/2?key=v"},
		{"http://gw/admin", transport.Admin, 1, 2, "http://gw/admin/1/2"},
		{"http://gw", transport.Janus, 1, 0, "http://gw/1"},
	} {
		s := &script{replies: []reply{{status: 200, answer: ` {"janus":"success"}`}}}
		c := Open(test.root, test.api, Options{}, s.do)
		require.NoError(t, c.Write(t.Context(), transport.Message{Session: test.session, Handle: test.handle, Data: []byte(`{"a":1}`)}))
		require.Equal(t, test.want, s.calls[0].url)
		require.Equal(t, "POST", s.calls[0].method)
		require.Equal(t, `{"a":1}`, s.calls[0].body)
		wantRead(t, c, ` {"janus":"success"}`)
		require.NoError(t, c.Close())
	}
}

func TestPostEmptyAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{replies: []reply{{status: 200}}}
		c := Open(root, transport.Janus, Options{}, s.do)
		defer c.Close()
		require.NoError(t, c.Write(t.Context(), transport.Message{}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := c.Read(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestPostStatus(t *testing.T) {
	for _, test := range []struct {
		status    int
		body      string
		uncertain bool
		fix       string
	}{
		{200, "<html>welcome</html>", true, "http://host:8088/janus"},
		{302, "", false, "redirects"},
		{401, "", false, "credentials"},
		{404, "", false, "is the path right?"},
		{413, "<html>too large</html>", false, "client_max_body_size"},
		{429, "", false, "rate"},
		{500, "", true, ""},
		{502, "<html>bad gateway</html>", true, "does not reach Janus"},
		{503, "", false, "does not reach Janus"},
		{504, "", true, "does not reach Janus"},
	} {
		s := &script{replies: []reply{{status: test.status, answer: test.body}}}
		c := Open("http://user:pw@gw/janus?key=canary", transport.Janus, Options{}, s.do)
		err := c.Write(t.Context(), transport.Message{Session: 5})
		var status *transport.StatusError
		require.ErrorAs(t, err, &status)
		require.Equal(t, test.status, status.Code)
		require.Equal(t, "http://gw/janus/5", status.URL)
		require.Equal(t, test.body, status.Body)
		require.Contains(t, status.Fix, test.fix)
		require.Equal(t, test.uncertain, errors.Is(err, transport.ErrUncertain), "%d", test.status)
		require.NotContains(t, err.Error(), "canary")
		require.Len(t, s.calls, 1, "an answer is an answer")
		require.NoError(t, c.Close())
	}
}

// A server that repeats the request in its error page must not get its
// credentials into our error.
func TestStatusHidesCredentials(t *testing.T) {
	for page, url := range map[string]string{
		`<html>no such page: /janus?key=canary`: "http://gw/janus?key=canary",
		`Hello user, your word is canary!`:      "http://user:canary@gw/janus",
		`Hello canary`:                          "http://canary:pw@gw/janus",
		`echo: {"token":"canary"}`:              root,
		`{"APISecret":"canary`:                  root,
		`PASSWORD=canary`:                       root,
		`Authorization: canary`:                 root,
	} {
		s := &script{replies: []reply{{status: 500, answer: page}}}
		c := Open(url, transport.Janus, Options{}, s.do)
		err := c.Write(t.Context(), transport.Message{})
		require.Error(t, err)
		require.NotContains(t, err.Error(), "canary", page)
		require.NoError(t, c.Close())
	}
}

func TestPostRetriesOnlyWhatWasNotSent(t *testing.T) {
	notSent := errors.Join(ErrNotSent, errors.New("connection refused"))
	synctest.Test(t, func(t *testing.T) {
		s := &script{replies: []reply{{err: notSent}, {err: notSent}, {status: 200, answer: `{}`}}}
		c := Open(root, transport.Janus, Options{}, s.do)
		defer c.Close()
		require.NoError(t, c.Write(t.Context(), transport.Message{}))
		require.Len(t, s.calls, 3)
		require.LessOrEqual(t, s.calls[1].at.Sub(s.calls[0].at), 250*time.Millisecond)
		require.LessOrEqual(t, s.calls[2].at.Sub(s.calls[0].at), 750*time.Millisecond)

		s.replies = []reply{{err: notSent}, {err: notSent}, {err: notSent}, {status: 200, answer: `{}`}}
		s.calls = nil
		err := c.Write(t.Context(), transport.Message{})
		require.ErrorIs(t, err, ErrNotSent)
		require.NotErrorIs(t, err, transport.ErrUncertain)
		require.Len(t, s.calls, 3)

		s.replies = []reply{{err: errors.New("connection reset")}, {status: 200, answer: `{}`}}
		s.calls = nil
		err = c.Write(t.Context(), transport.Message{})
		require.ErrorIs(t, err, transport.ErrUncertain)
		require.ErrorContains(t, err, "connection reset")
		require.Len(t, s.calls, 1)
	})
}

func TestPostTimeouts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := open(t, Options{})
		begin := time.Now()
		done := write(context.Background(), c, transport.Message{})
		<-s.posts
		err := <-done
		require.ErrorIs(t, err, transport.ErrUncertain)
		require.ErrorContains(t, err, "no answer in time")
		require.Equal(t, 30*time.Second, time.Since(begin))

		// A deadline of the caller goes before the default.
		begin = time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Second)
		defer cancel()
		done = write(ctx, c, transport.Message{})
		<-s.posts
		err = <-done
		require.ErrorIs(t, err, transport.ErrUncertain)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 50*time.Second, time.Since(begin))
	})
}

func TestPostsAreCapped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := open(t, Options{MaxPosts: 3})
		var writes []<-chan error
		for range 5 {
			writes = append(writes, write(t.Context(), c, transport.Message{}))
		}
		var under []exchange
		for range 3 {
			under = append(under, <-s.posts)
		}
		synctest.Wait()
		select {
		case <-s.posts:
			t.Fatal("a fourth request is under way")
		default:
		}
		// One that waits can be cancelled, and is certain.
		ctx, cancel := context.WithCancel(t.Context())
		waits := write(ctx, c, transport.Message{})
		synctest.Wait()
		cancel()
		err := <-waits
		require.ErrorIs(t, err, context.Canceled)
		require.NotErrorIs(t, err, transport.ErrUncertain)
		for _, x := range under {
			x.answer(200, "")
		}
		for range 2 {
			(<-s.posts).answer(200, "")
		}
		for _, w := range writes {
			require.NoError(t, <-w)
		}
	})
}

func TestCloseEndsPosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := open(t, Options{MaxPosts: 1})
		first := write(t.Context(), c, transport.Message{})
		<-s.posts
		second := write(t.Context(), c, transport.Message{})
		synctest.Wait()
		begin := time.Now()
		require.NoError(t, c.Close())
		err := <-first
		require.Equal(t, begin, time.Now(), "at once")
		require.ErrorIs(t, err, transport.ErrClosed)
		require.ErrorIs(t, err, transport.ErrUncertain)
		err = <-second
		require.ErrorIs(t, err, transport.ErrClosed)
		require.NotErrorIs(t, err, transport.ErrUncertain)
	})
}

func TestPostTooLargeAnswer(t *testing.T) {
	s := &script{replies: []reply{{err: &transport.TooLargeError{Limit: 9}}}}
	c := Open(root, transport.Janus, Options{}, s.do)
	defer c.Close()
	err := c.Write(t.Context(), transport.Message{})
	require.ErrorIs(t, err, transport.ErrUncertain)
	_, err = c.Read(t.Context())
	var large *transport.TooLargeError
	require.ErrorAs(t, err, &large)
}

// Nobody reads the answers: further requests wait, those under way do not lose
// theirs.
func TestPostWaitsForTheReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := open(t, Options{})
		n := 0
		for ; ; n++ {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			done := write(ctx, c, transport.Message{})
			synctest.Wait()
			select {
			case x := <-s.posts:
				x.answer(200, event)
				require.NoError(t, <-done)
				cancel()
				continue
			default:
			}
			err := <-done
			cancel()
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.NotErrorIs(t, err, transport.ErrUncertain)
			break
		}
		require.Equal(t, maxQueue, n)
		for range n {
			wantRead(t, c, event)
		}
		done := write(t.Context(), c, transport.Message{})
		(<-s.posts).answer(200, event)
		require.NoError(t, <-done)
	})
}

func TestProbe(t *testing.T) {
	s := &script{replies: []reply{{status: 200, answer: `{"janus":"server_info"}`}}}
	require.NoError(t, Probe(t.Context(), "http://gw/janus/?k=v", s.do))
	require.Equal(t, "http://gw/janus/info?k=v", s.calls[0].url)
	require.Equal(t, "GET", s.calls[0].method)
	for _, r := range []reply{{status: 404}, {status: 200, answer: "<html>"}, {status: 200}} {
		s := &script{replies: []reply{r}}
		var status *transport.StatusError
		require.ErrorAs(t, Probe(t.Context(), root, s.do), &status)
		require.NotEmpty(t, status.Fix)
	}
}
