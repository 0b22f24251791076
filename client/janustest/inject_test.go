package janustest_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/transport"
)

// raw is one end of a connection that is looked at byte by byte.
type raw struct {
	t    *testing.T
	conn transport.Conn
}

func dialRaw(t *testing.T, gw *janustest.Server) raw {
	conn, err := gw.Dialer().Dial(t.Context(), janustest.URL, transport.Janus)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return raw{t, conn}
}

func (r raw) send(n int) {
	r.t.Helper()
	require.NoError(r.t, r.conn.Write(r.t.Context(), transport.Message{Data: pingOf(n)}))
}

// pingOf and pongOf are a request and its answer.
func pingOf(n int) []byte {
	return []byte(`{"janus":"ping","transaction":"` + strconv.Itoa(n) + `"}`)
}

func pongOf(n int) string { return `{"janus":"pong","transaction":"` + strconv.Itoa(n) + `"}` }

// all returns what has arrived by now, "lost" last where the connection was.
func (r raw) all() (list []string) {
	r.t.Helper()
	synctest.Wait()
	for {
		ctx, cancel := context.WithTimeout(r.t.Context(), time.Nanosecond)
		b, err := r.conn.Read(ctx)
		cancel()
		switch {
		case err == nil:
			list = append(list, string(b))
		case errors.Is(err, context.DeadlineExceeded):
			return list
		default:
			return append(list, "lost")
		}
	}
}

// TestFrameFaults sends four pings and looks at the pongs, at once and in the
// end.
func TestFrameFaults(t *testing.T) {
	const syntax = `{"janus":"error","error":{"code":454,`
	for name, test := range map[string]struct {
		fault    janustest.Fault
		now, end []string // pongs by number
	}{
		"lose a request": {janustest.Fault{Kind: janustest.LoseFrame, Frame: 2}, []string{"1", "3", "4"}, nil},
		"lose an answer": {janustest.Fault{Kind: janustest.LoseFrame, Direction: janustest.ToClient, Frame: 2}, []string{"1", "3", "4"}, nil},
		"lose all":       {janustest.Fault{Kind: janustest.LoseFrame}, nil, nil},
		"delay":          {janustest.Fault{Kind: janustest.DelayFrame, Frame: 3, For: time.Minute}, []string{"1", "2"}, []string{"3", "4"}},
		"delay an answer": {janustest.Fault{Kind: janustest.DelayFrame, Direction: janustest.ToClient, Frame: 3, For: time.Minute},
			[]string{"1", "2"}, []string{"3", "4"}},
		"duplicate":           {janustest.Fault{Kind: janustest.DuplicateFrame, Frame: 2}, []string{"1", "2", "2", "3", "4"}, nil},
		"duplicate an answer": {janustest.Fault{Kind: janustest.DuplicateFrame, Direction: janustest.ToClient, Frame: 4}, []string{"1", "2", "3", "4", "4"}, nil},
		"reorder":             {janustest.Fault{Kind: janustest.ReorderFrame, Frame: 1}, []string{"2", "1", "3", "4"}, nil},
		"reorder by three":    {janustest.Fault{Kind: janustest.ReorderFrame, Direction: janustest.ToClient, Frame: 1, Window: 3}, []string{"2", "3", "4", "1"}, nil},
		"reorder the last":    {janustest.Fault{Kind: janustest.ReorderFrame, Frame: 4, For: time.Second}, []string{"1", "2", "3"}, []string{"4"}},
		"merge":               {janustest.Fault{Kind: janustest.MergeFrame, Frame: 1}, []string{"1", "2", "3", "4"}, nil},
		"merge an answer": {janustest.Fault{Kind: janustest.MergeFrame, Direction: janustest.ToClient, Frame: 2},
			[]string{"1", pongOf(2) + pongOf(3), "4"}, nil},
		"merge the last": {janustest.Fault{Kind: janustest.MergeFrame, Direction: janustest.ToClient, Frame: 4, For: time.Second},
			[]string{"1", "2", "3"}, []string{"4"}},
		"truncate": {janustest.Fault{Kind: janustest.TruncateFrame, Direction: janustest.ToClient, Frame: 2, At: 9},
			[]string{"1", `{"janus":`, "3", "4"}, nil},
		"truncate to nothing": {janustest.Fault{Kind: janustest.TruncateFrame, Direction: janustest.ToClient, Frame: 4, At: 34},
			[]string{"1", "2", "3", ""}, nil},
		"truncate a request": {janustest.Fault{Kind: janustest.TruncateFrame, Frame: 2, At: 9}, []string{"1", syntax, "3", "4"}, nil},
		"split":              {janustest.Fault{Kind: janustest.SplitFrame, Direction: janustest.ToClient, Frame: 2, At: 9}, []string{"1", "2", "3", "4"}, nil},
		"flip": {janustest.Fault{Kind: janustest.FlipBit, Direction: janustest.ToClient, Frame: 2, At: 8*2 + 1},
			[]string{"1", `{"hanus":"pong","transaction":"2"}`, "3", "4"}, nil},
		"fail": {janustest.Fault{Kind: janustest.FailRequest, Frame: 3, Code: client.Unauthorized},
			[]string{"1", "2", `{"janus":"error","transaction":"3","error":{"code":403,`, "4"}, nil},
		"cut before": {janustest.Fault{Kind: janustest.CutConn, Frame: 3}, []string{"1", "2", "lost"}, nil},
		"cut before an answer": {janustest.Fault{Kind: janustest.ResetConn, Direction: janustest.ToClient, Frame: 3},
			[]string{"1", "2", "lost"}, nil},
		"cut after an answer": {janustest.Fault{Kind: janustest.CloseConn, Direction: janustest.ToClient, Frame: 3, After: true},
			[]string{"1", "2", "3", "lost"}, nil},
		"silence before": {janustest.Fault{Kind: janustest.SilenceConn, Frame: 3}, []string{"1", "2"}, nil},
		"silence after an answer": {janustest.Fault{Kind: janustest.SilenceConn, Direction: janustest.ToClient, Frame: 3, After: true},
			[]string{"1", "2", "3"}, nil},
		"another connection": {janustest.Fault{Kind: janustest.CutConn, Conn: 2, Frame: 1}, []string{"1", "2", "3", "4"}, nil},
		"this connection":    {janustest.Fault{Kind: janustest.LoseFrame, Conn: 1, Frame: 1}, []string{"2", "3", "4"}, nil},
		"a frame too far":    {janustest.Fault{Kind: janustest.CutConn, Frame: 5}, []string{"1", "2", "3", "4"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				gw := janustest.New(t, nil)
				gw.Inject(test.fault)
				r := dialRaw(t, gw)
				for n := range 4 {
					// The connection may have been cut by the last one; what counts is what comes.
					_ = r.conn.Write(t.Context(), transport.Message{Data: pingOf(n + 1)})
				}
				check := func(want, got []string) {
					t.Helper()
					require.Len(t, got, len(want), "%q", got)
					for i, w := range want {
						if n, err := strconv.Atoi(w); err == nil {
							w = pongOf(n)
						}
						require.Equal(t, w, got[i][:min(len(w), len(got[i]))])
					}
				}
				check(test.now, r.all())
				if n := len(test.now); n == 0 || test.now[n-1] != "lost" {
					<-time.After(time.Hour)
					check(test.end, r.all())
				}
			})
		})
	}
}

// TestCutAfterARequest executes it and loses the answer, every time.
func TestCutAfterARequest(t *testing.T) {
	for _, kind := range []janustest.FaultKind{janustest.CutConn, janustest.ResetConn, janustest.SilenceConn} {
		synctest.Test(t, func(t *testing.T) {
			gw := janustest.New(t, &janustest.Options{ReclaimTimeout: time.Minute})
			gw.Inject(janustest.Fault{Kind: kind, Frame: 1, After: true})
			r := dialRaw(t, gw)
			require.NoError(t, r.conn.Write(t.Context(), transport.Message{Data: []byte(`{"janus":"create","transaction":"1"}`)}))
			got := r.all()
			require.Len(t, gw.Sessions(), 1)
			if kind == janustest.SilenceConn {
				require.Empty(t, got)
			} else {
				require.Equal(t, []string{"lost"}, got)
			}
		})
	}
}

// TestHalfOpen is row 4 of the failure modes: a claim succeeds while the old
// connection only seems to live, that one is not told, and its end does no harm.
func TestHalfOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw := janustest.New(t, nil)
		p := play(t, gw, withHandle)
		gw.Inject(janustest.Fault{Kind: janustest.SilenceConn, Conn: 1})
		p.Run(`a> {"janus":"keepalive","transaction":"1","session_id":$S}`)
		p.Run("a!")
		synctest.Wait()
		require.Len(t, gw.Sessions(), 1, "nobody told the gateway")
		p.Run(`
			b> {"janus":"claim","transaction":"2","session_id":$S}
			b< {"janus":"success","session_id":$S,"transaction":"2"}`)
		gw.Drop()
		require.Empty(t, gw.Sessions(), "without a reclaim timeout, of the one that claimed it")
	})
}

func TestGatewayFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw := janustest.New(t, nil)
		p := play(t, gw, withOffer)
		remove := gw.Inject(janustest.Fault{Kind: janustest.HangUpHandles, Frame: 1, After: true})
		p.Run(`a> {"janus":"ping","transaction":"1"}
			a< {"janus":"pong","transaction":"1"}
			a< {"janus":"hangup","session_id":$S,"sender":$H,"reason":"ICE failed"}
			a< {"janus":"event","session_id":$S,"sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"done"}}}`)
		remove()
		gw.Inject(janustest.Fault{Kind: janustest.DetachHandles, Frame: 1}, janustest.Fault{Kind: janustest.ExpireSessions, Frame: 2})
		p.Run(`a> {"janus":"hangup","transaction":"2","session_id":$S,"handle_id":$H}
			a< {"janus":"detached","session_id":$S,"sender":$H}
			a< {"janus":"error","session_id":$S,"transaction":"2","error":459}
			a> {"janus":"keepalive","transaction":"3","session_id":$S}
			a< {"janus":"timeout","session_id":$S}
			a< {"janus":"error","session_id":$S,"transaction":"3","error":458}`)

		gw.Inject(janustest.Fault{Kind: janustest.RefuseSessions, Frame: 1, For: time.Minute},
			janustest.Fault{Kind: janustest.RefuseDials, Frame: 1, For: time.Hour})
		p.Run(`a> {"janus":"create","transaction":"4"}
			a< {"janus":"error","transaction":"4","error":472}`)
		_, err := gw.Dialer().Dial(t.Context(), janustest.URL, transport.Janus)
		require.ErrorAs(t, err, new(*transport.DialError))
		<-time.After(time.Minute)
		p.Run(`a> {"janus":"create","transaction":"5"}
			a< {"janus":"success","transaction":"5","data":{"id":"$S="}}`)
		gw.Drain(true)
		p.Run(`a> {"janus":"create","transaction":"6"}
			a< {"janus":"error","transaction":"6","error":472}`)
		gw.Drain(false)
		<-time.After(time.Hour)
		p.Run(`a> {"janus":"create","transaction":"7"}
			a< {"janus":"timeout","session_id":$S}
			a< {"janus":"success","transaction":"7","data":{"id":"$S="}}
			b> {"janus":"ping","transaction":"8"}
			b< {"janus":"pong","transaction":"8"}`)
		p.Fence()
	})
}

func TestFreeze(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw := janustest.New(t, nil)
		p := play(t, gw, withSession)
		start := time.Now()
		gw.Inject(janustest.Fault{Kind: janustest.FreezeGateway, Frame: 1, After: true, For: 90 * time.Second})
		p.Run(`a> {"janus":"keepalive","transaction":"k","session_id":$S}`)
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := gw.Dialer().Dial(ctx, janustest.URL, transport.Janus)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Len(t, gw.Sessions(), 1)
		r := dialRaw(t, gw) // as soon as it is possible
		require.Equal(t, 90*time.Second, time.Since(start))
		r.send(1)
		require.Equal(t, []string{pongOf(1)}, r.all())
		p.Run(`
			a< {"janus":"ack","session_id":$S,"transaction":"k"}
			a< {"janus":"timeout","session_id":$S}`)

		gw.Freeze()
		r.send(2)
		require.Empty(t, r.all())
		gw.Thaw()
		require.Equal(t, []string{pongOf(2)}, r.all())
	})
}

func TestRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw := janustest.New(t, &janustest.Options{ReclaimTimeout: time.Hour})
		play(t, gw, withHandle)
		r := dialRaw(t, gw)
		gw.Restart(time.Minute)
		require.Equal(t, []string{"lost"}, r.all())
		require.Empty(t, gw.Sessions())
		_, err := gw.Dialer().Dial(t.Context(), janustest.URL, transport.Janus)
		require.ErrorAs(t, err, new(*transport.DialError))
		<-time.After(time.Minute)
		r = dialRaw(t, gw)
		gw.Inject(janustest.Fault{Kind: janustest.RestartGateway, Frame: 1})
		r.send(1)
		require.Equal(t, []string{"lost"}, r.all())
		dialRaw(t, gw)
	})
}

// TestSlowReader fills what lies between the two until Write has to wait.
func TestSlowReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw := janustest.New(t, nil)
		gw.Inject(janustest.Fault{Kind: janustest.DelayFrame, For: time.Second})
		r := dialRaw(t, gw)
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		sent := 0
		for r.conn.Write(ctx, transport.Message{Data: pingOf(sent)}) == nil {
			sent++
			require.Less(t, sent, 1000)
		}
		<-time.After(time.Hour)
		require.Len(t, r.all(), sent)
	})
}

// TestSlowClient is cut off before it costs much memory.
func TestSlowClient(t *testing.T) {
	gw := janustest.New(t, nil)
	r := dialRaw(t, gw)
	large := make([]byte, 4<<20)
	for range 100 {
		gw.PushRaw(large)
	}
	err := error(nil)
	for n := 0; err == nil; n++ {
		require.Less(t, n, 90)
		_, err = r.conn.Read(t.Context())
	}
	require.ErrorAs(t, err, new(*transport.CloseError))
}

func TestObserve(t *testing.T) {
	gw := janustest.New(t, nil)
	var seen []string
	gw.Observe(func(r janustest.Request) {
		if seen = append(seen, r.Janus); r.Janus == "attach" {
			gw.ExpireSession(r.Session)
		}
	})
	play(t, gw, withSession+`
		a> {"janus":"attach","transaction":"1","session_id":$S,"plugin":"janus.plugin.echotest"}
		a< {"janus":"timeout","session_id":$S}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":458}`)
	require.Equal(t, []string{"create", "attach"}, seen)
}

func TestInjected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw := janustest.New(t, nil)
		f := janustest.Fault{Kind: janustest.DelayFrame, For: time.Second, Frame: 2, Direction: janustest.ToClient}
		gw.Inject(f)
		dialRaw(t, gw)
		r := dialRaw(t, gw)
		start := time.Now()
		r.send(1)
		r.send(2)
		r.all()
		require.Equal(t, []janustest.Injected{{Fault: f, Conn: 2, Frame: 2, Time: start}}, gw.Injected())
		require.Equal(t, "delay frame 2 to client for 1s", f.String())
		require.Equal(t, "fail after every frame from client of connection 3 at 4 window 5 code 403",
			janustest.Fault{Kind: janustest.FailRequest, After: true, Conn: 3, At: 4, Window: 5, Code: 403}.String())
	})
}

// TestRandomFaults shows that a seed decides about everything.
func TestRandomFaults(t *testing.T) {
	run := func(seed uint64) (got [][]string) {
		synctest.Test(t, func(t *testing.T) {
			gw := janustest.New(t, nil)
			gw.Inject(janustest.RandomFaults(seed, 8, 40)...)
			for range 4 {
				r := dialRaw(t, gw)
				for n := range 10 {
					if r.conn.Write(t.Context(), transport.Message{Data: pingOf(n)}) != nil {
						break
					}
					synctest.Wait()
				}
				<-time.After(time.Minute)
				got = append(got, r.all())
				_ = r.conn.Close()
			}
		})
		return got
	}
	differ := 0
	for seed := range uint64(20) {
		require.Equal(t, run(seed), run(seed), "seed %d", seed)
		if !slices.Equal(run(seed)[0], run(seed + 1)[0]) {
			differ++
		}
	}
	require.Positive(t, differ)
	for _, f := range janustest.RandomFaults(1, 100, 3, janustest.LoseFrame) {
		require.Equal(t, janustest.LoseFrame, f.Kind)
		require.LessOrEqual(t, f.Frame, 3)
	}
	text, err := json.Marshal(janustest.RandomFaults(1, 1, 1))
	require.NoError(t, err)
	var back []janustest.Fault
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, janustest.RandomFaults(1, 1, 1), back)
}

// dialling is a plugin that dials when its handles end.
type dialling struct {
	janustest.PluginFunc
	dial func() error
	errs chan error
}

// Detached implements janustest.Detacher.
func (d dialling) Detached(*janustest.Attachment) { d.errs <- d.dial() }

// Nobody comes back to a gateway that restarts before everything is gone.
func TestRestartIsWhole(t *testing.T) {
	gw := janustest.New(t)
	p := dialling{errs: make(chan error, 1), dial: func() error {
		_, err := gw.Dialer().Dial(t.Context(), janustest.URL, transport.Janus)
		return err
	}}
	gw.Handle("janus.plugin.dialling", p)
	c, err := gw.Client(t.Context(), &client.Options{Reconnect: client.Reconnect{Off: true}})
	require.NoError(t, err)
	defer c.Close()
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	_, err = s.Attach(t.Context(), "janus.plugin.dialling", nil)
	require.NoError(t, err)
	gw.Restart(0)
	require.Error(t, <-p.errs)
	require.NoError(t, p.dial())
}
