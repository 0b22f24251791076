package client

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/transport"
)

// Nothing that cannot be read, or that nobody asked for, ends anything.
func TestNonsenseIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var reasons []string
		opts := quiet()
		opts.Trace = &Trace{Ignored: func(_ []byte, reason string) {
			mu.Lock()
			defer mu.Unlock()
			reasons = append(reasons, reason)
		}}
		c, f := newFake(t, opts)
		h := f.handle(c, nil)
		for _, nonsense := range []string{
			`{"janus":`, `[]`, `"x"`, "\x00", `{}`, `{"janus":7}`, // not what JSON or Janus is
			`{"janus":"success","session_id":1,"transaction":"mine"}`,         // nobody's
			`{"janus":"ack","session_id":1,"sender":2,"transaction":"AAAA"}`,  // nobody's either
			`{"janus":"event","session_id":"1","sender":"2","plugindata":{}}`, // ids are numbers
			`{"janus":"webrtcup","session_id":9,"sender":2}`,                  // of no session here
			`{"janus":"webrtcup","session_id":1,"sender":9}`,                  // of no handle here
		} {
			f.send("%s", nonsense)
		}
		synctest.Wait()
		mu.Lock()
		require.Len(t, reasons, 11)
		mu.Unlock()
		got := asyncErr(func() error { return h.Send(t.Context(), nil, nil) })
		m := f.expect("message")
		f.ack(m)
		f.ack(m) // once more: that is nobody's
		require.NoError(t, <-got)
		f.send(`{"janus":"webrtcup","session_id":1,"sender":2}`)
		after[*WebRTCUp](t, h)
		require.NoError(t, c.Err())
	})
}

// A request that was taken twice is answered twice: the first final answer counts,
// in whatever order the ack and it come.
func TestAnsweredTwice(t *testing.T) {
	c, f := newFake(t, quiet())
	h := f.handle(c, nil)
	for _, order := range []string{"aeae", "eaea", "aaee", "eeaa"} {
		got := async(func() (Response, error) { return h.Request(t.Context(), nil, nil) })
		m := f.expect("message")
		n := 0
		for _, step := range order {
			if step == 'a' {
				f.ack(m)
				continue
			}
			n++
			f.event(m, []string{"", `{"n":1}`, `{"n":2}`}[n])
		}
		r := <-got
		require.NoError(t, r.err)
		require.JSONEq(t, `{"n":1}`, string(r.value.Data), order)
		require.JSONEq(t, `{"n":2}`, string(after[*PluginEvent](t, h).Data), order)
	}
	require.Zero(t, c.calls.pending())
}

// An answer without end keeps nobody waiting for longer than it should: the ack
// alone is none.
func TestAckAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newFake(t, quiet())
		h := f.handle(c, nil)
		got := asyncErr(func() error { _, err := h.Request(t.Context(), nil, nil); return err })
		f.ack(f.expect("message"))
		require.ErrorIs(t, <-got, ErrTimeout)
		require.Zero(t, c.calls.pending())
	})
}

// short is a connection whose peer sends more than it takes.
type short struct{ transport.Conn }

func (s short) Read(ctx context.Context) ([]byte, error) {
	data, err := s.Conn.Read(ctx)
	if len(data) > 1000 {
		_ = s.Close()
		return nil, &transport.TooLargeError{Limit: 1000}
	}
	return data, err
}

// A message above the limit is named as what it is, and the client goes on.
func TestMessageTooLarge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newCloud(t)
		a := v.add("a", nil)
		a.reclaim = time.Minute
		a.wrap = func(conn transport.Conn) transport.Conn { return short{conn} }
		c := v.client(quiet(), "a")
		h := v.caller(c)
		event := fmt.Sprintf(`{"janus":"event","session_id":1,"sender":2,"plugindata":{"data":"%01000d"}}`, 0)
		require.NoError(t, a.conns[0].Write(t.Context(), transport.Message{Data: []byte(event)}))
		var large *transport.TooLargeError
		lost := after[*Interrupted](t, h).Err
		require.ErrorAs(t, lost, &large)
		require.ErrorContains(t, lost, "raise ReadLimit")
		after[*Resumed](t, h)
		require.Equal(t, "a", h.works())
	})
}

// Ids keep every bit that a page can hold, and more.
func TestIDsAreWhole(t *testing.T) {
	c, f := newFake(t, quiet())
	for _, id := range []uint64{1, 1<<53 - 1, 1 << 53, 1<<64 - 1} {
		got := async(func() (*Session, error) { return c.NewSession(t.Context()) })
		f.success(f.expect("create"), id)
		s := (<-got).value
		require.Equal(t, id, s.ID())
		done := asyncErr(func() error { return s.Destroy(t.Context()) })
		m := f.expect("destroy")
		require.Equal(t, id, m.Session)
		f.refuse(m, 457)
		require.ErrorIs(t, <-done, InvalidRequestPath)
	}
	for _, bad := range []string{`"7"`, `-1`, `1.5`, `0`, `null`, `18446744073709551616`} {
		got := async(func() (*Session, error) { return c.NewSession(t.Context()) })
		m := f.expect("create")
		f.send(`{"janus":"success","transaction":%q,"data":{"id":%s}}`, m.Transaction, bad)
		var e *ProtocolError
		require.ErrorAs(t, (<-got).err, &e, bad)
	}
}
