package faultproxy

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/transport"
)

// mirror is a gateway that says what it hears.
type mirror struct{ heard chan string }

func (m mirror) Dial(context.Context, string, transport.API) (transport.Conn, error) {
	near, far := transport.Pipe()
	go func() { // ends with the connection
		defer close(m.heard)
		for {
			b, err := far.Read(context.Background())
			if err != nil {
				return
			}
			m.heard <- string(b)
			_ = far.Write(context.Background(), transport.Message{Data: b}) // it may have gone, and left more to hear
		}
	}()
	return near, nil
}

// heard returns what arrived so far, and tidies up.
func (m mirror) all() (list []string) {
	for {
		select {
		case s, ok := <-m.heard:
			if !ok {
				return list
			}
			list = append(list, s)
		default:
			return list
		}
	}
}

func TestMemory(t *testing.T) {
	for name, c := range map[string]struct {
		fault Fault
		want  []string // what comes back of 00 11 22 33
		lost  bool
	}{
		"pass":           {Fault{}, []string{"00", "11", "22", "33"}, false},
		"other":          {Fault{Conn: 1, Frame: 1, Kind: Drop}, []string{"00", "11", "22", "33"}, false},
		"drop":           {Fault{Frame: 1, Kind: Drop}, []string{"00", "22", "33"}, false},
		"any":            {Fault{Conn: AnyConn, Frame: 1, Kind: Drop}, []string{"00", "22", "33"}, false},
		"duplicate":      {Fault{Frame: 1, Kind: Duplicate}, []string{"00", "11", "11", "22", "33"}, false},
		"delay":          {Fault{Frame: 1, Kind: Delay, For: time.Hour}, []string{"00", "11", "22", "33"}, false},
		"reorder":        {Fault{Frame: 1, Kind: Reorder}, []string{"00", "22", "11", "33"}, false},
		"reorder 2":      {Fault{Frame: 1, Kind: Reorder, At: 2}, []string{"00", "22", "33", "11"}, false},
		"reorder at end": {Fault{Frame: 3, Kind: Reorder}, []string{"00", "11", "22", "33"}, false},
		"truncate":       {Fault{Frame: 1, Kind: Truncate, At: 1}, []string{"00", "1", "22", "33"}, false},
		"flip":           {Fault{Frame: 1, Kind: Flip, At: 9}, []string{"00", "13", "22", "33"}, false},
		"split":          {Fault{Frame: 1, Kind: Split, At: 1}, []string{"00", "1", "1", "22", "33"}, false},
		"merge":          {Fault{Frame: 1, Kind: Merge}, []string{"00", "1122", "33"}, false},
		"merge at end":   {Fault{Frame: 3, Kind: Merge}, []string{"00", "11", "22", "33"}, false},
		"reset":          {Fault{Frame: 1, Kind: Reset}, []string{"00"}, true},
		"reset after":    {Fault{Frame: 1, Kind: Reset, After: true}, []string{"00", "11"}, true},
		"end":            {Fault{Frame: 1, Kind: End}, []string{"00"}, true},
		"silence":        {Fault{Frame: 1, Kind: Silence}, []string{"00"}, false},
	} {
		for _, dir := range []Direction{ToServer, ToClient} {
			t.Run(name+" "+dir.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c.fault.Dir = dir
					memory(t, c.fault, c.want, c.lost)
				})
			})
		}
	}
}

func memory(t *testing.T, fault Fault, want []string, lost bool) {
	t.Helper()
	f, m := New(fault), mirror{make(chan string, 100)}
	conn, err := f.Dialer(m).Dial(t.Context(), "", transport.Janus)
	require.NoError(t, err)
	for _, s := range []string{"00", "11", "22", "33"} {
		synctest.Wait() // each comes back before the next one goes
		err := conn.Write(t.Context(), transport.Message{Data: []byte(s)})
		require.True(t, err == nil || lost)
	}
	synctest.Wait()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour)
	defer cancel()
	var got []string
	for {
		var b []byte
		if b, err = conn.Read(ctx); err != nil {
			break
		}
		got = append(got, string(b))
	}
	if fault.After && fault.Dir == ToServer {
		require.Equal(t, want, m.all())
		want = want[:len(got)] // the last one was heard, and its answer may come
		require.NotEmpty(t, got)
	}
	require.Equal(t, want, got)
	var down *transport.CloseError
	require.Equal(t, lost, errors.As(err, &down), "%v", err)
	require.NoError(t, conn.Close())
	require.NoError(t, conn.Close())
	_, err = conn.Read(t.Context())
	require.ErrorIs(t, err, transport.ErrClosed)
	require.ErrorIs(t, conn.Write(t.Context(), transport.Message{}), transport.ErrClosed)
	if fault.Kind == Silence {
		select {
		case _, open := <-m.heard:
			require.True(t, open, "the gateway has not noticed")
		default:
		}
		f.Cut(Reset) // else the gateway waits for ever
	}
	noted := slices.ContainsFunc(f.Log(), func(e Entry) bool { return e.Text == fault.String() || e.Text == withConn(fault) })
	require.Equal(t, fault.Kind != Pass && fault.Conn != 1, noted, "%v", f.Log())
}

// withConn is how a fault of any connection is logged.
func withConn(f Fault) string {
	f.Conn = 0
	return f.String()
}

// What is written before Close arrives.
func TestMemoryCloseFlushes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := mirror{make(chan string, 100)}
		conn, err := New(Fault{Kind: Delay, For: time.Second}, Fault{Frame: 1, Kind: Reorder, At: 9}).
			Dialer(m).Dial(t.Context(), "", transport.Janus)
		require.NoError(t, err)
		require.NoError(t, conn.Write(t.Context(), transport.Message{Data: []byte("a")}))
		require.NoError(t, conn.Write(t.Context(), transport.Message{Data: []byte("b")}))
		require.NoError(t, conn.Close())
		synctest.Wait()
		require.Equal(t, []string{"a", "b"}, m.all())
	})
}

func TestMemoryRefuse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := New()
		dial := func() (transport.Conn, error) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			return f.Dialer(mirror{make(chan string, 1)}).Dial(ctx, "", transport.Janus)
		}
		for kind, want := range map[Kind]error{Reset: errRefused, End: errRefused, Silence: context.DeadlineExceeded} {
			f.Refuse(kind)
			_, err := dial()
			require.ErrorIs(t, err, want)
		}
		f.Refuse(Pass)
		conn, err := dial()
		require.NoError(t, err)
		require.Equal(t, 1, f.Conns())
		f.Cut(End)
		_, err = conn.Read(t.Context())
		require.ErrorIs(t, err, errEnded)
		require.NoError(t, conn.Close())
	})
}

func TestRandomRepeats(t *testing.T) {
	a := Random(7, 100, 3, 20)
	require.Equal(t, a, Random(7, 100, 3, 20))
	require.NotEqual(t, a, Random(8, 100, 3, 20))
	seen := make(map[Kind]bool)
	for _, f := range a {
		require.NotEqual(t, Pass, f.Kind)
		seen[f.Kind] = true
	}
	require.Len(t, seen, len(kinds)-1)
}

// Messages are rewritten either way before the plan counts their bits.
func TestMemoryRewrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := mirror{make(chan string, 100)}
		f := New(Fault{Frame: 1, Dir: ToClient, Kind: Truncate, At: 2})
		f.Rewrite(rewrite)
		conn, err := f.Dialer(m).Dial(t.Context(), "", transport.Janus)
		require.NoError(t, err)
		for _, want := range []string{"0?!", "1?"} {
			require.NoError(t, conn.Write(t.Context(), transport.Message{Data: []byte(want[:1])}))
			got, err := conn.Read(t.Context())
			require.NoError(t, err)
			require.Equal(t, want, string(got))
		}
		f.Rewrite(nil)
		require.NoError(t, conn.Write(t.Context(), transport.Message{Data: []byte("2")}))
		got, err := conn.Read(t.Context())
		require.NoError(t, err)
		require.Equal(t, "2", string(got))
		require.NoError(t, conn.Close())
		synctest.Wait()
		require.Equal(t, []string{"0?", "1?", "2"}, m.all())
	})
}

// rewrite marks which way a message went.
func rewrite(dir Direction, b []byte) []byte {
	if dir == ToServer {
		return append(b, '?')
	}
	return append(b, '!')
}
