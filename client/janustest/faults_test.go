package janustest_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/internal/conform"
	"github.com/bifrons-rtc/bifrons/transport"
)

const keepalive = `
	a> {"janus":"keepalive","transaction":"k","session_id":$S}
	a< {"janus":"ack","session_id":$S,"transaction":"k"}
`

func TestDrop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw := janustest.New(t, nil)
		p := play(t, gw, withHandle)
		gw.Drop()
		_, err := p.Conn("a").Read(t.Context())
		var lost *transport.CloseError
		require.ErrorAs(t, err, &lost)
		require.Equal(t, 1006, lost.Code)
		require.Empty(t, gw.Sessions(), "without a reclaim timeout sessions die with their connection")
		p.Run(`
			b> {"janus":"claim","transaction":"1","session_id":$S}
			b< {"janus":"error","session_id":$S,"transaction":"1","error":458}`)
		p.Fence()
	})
}

func TestDropLosesWhatIsQueued(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw := janustest.New(t, nil)
		p := play(t, gw, withHandle)
		gw.Delay(time.Minute)
		p.Run(`a> {"janus":"keepalive","transaction":"k","session_id":$S}`)
		synctest.Wait()
		gw.Drop()
		_, err := p.Conn("a").Read(t.Context())
		require.ErrorAs(t, err, new(*transport.CloseError))
	})
}

func TestRefuse(t *testing.T) {
	gw := janustest.New(t, nil)
	down := errors.New("connection refused")
	gw.Refuse(down)
	_, err := gw.Client(t.Context(), nil)
	require.ErrorIs(t, err, down)
	require.ErrorAs(t, err, new(*transport.DialError))
	gw.Refuse(nil)
	c, err := gw.Client(t.Context(), nil)
	require.NoError(t, err)
	require.NoError(t, c.Close())
}

func TestDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw := janustest.New(t, nil)
		p := play(t, gw, withSession)
		gw.Delay(3 * time.Second)
		start := time.Now()
		p.Run(keepalive)
		require.Equal(t, 3*time.Second, time.Since(start))

		// A shorter delay does not let a later message overtake.
		p.Run(`a> {"janus":"ping","transaction":"1"}`)
		synctest.Wait()
		gw.Delay(0)
		p.Run(`
			a> {"janus":"ping","transaction":"2"}
			a< {"janus":"pong","transaction":"1"}
			a< {"janus":"pong","transaction":"2"}`)
		require.Equal(t, 6*time.Second, time.Since(start))
	})
}

func TestFail(t *testing.T) {
	gw := janustest.New(t, nil)
	gw.Fail("Create", client.NotAcceptingSessions, client.Unauthorized)
	const create = `a> {"janus":"create","transaction":"1"}`
	p := play(t, gw, create+`
		a< {"janus":"error","transaction":"1","error":472}
		`+create+`
		a< {"janus":"error","transaction":"1","error":403}
		`+create+`
		a< {"janus":"success","transaction":"1","data":{"id":"$S="}}`)
	gw.Fail("keepalive", client.UnknownError)
	gw.Fail("keepalive")
	p.Run(keepalive)
	p.Fence()
	require.Len(t, gw.Sessions(), 1, "what fails is not executed")
}

func TestSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw := janustest.New(t, nil)
		gw.Handle("janus.plugin.lua", conform.Lua)
		p := play(t, gw, withHandle)

		gw.Silence("keepalive", "hangup")
		p.Run(`
			a> {"janus":"keepalive","transaction":"1","session_id":$S}
			a> {"janus":"hangup","transaction":"2","session_id":$S,"handle_id":$H}
			a< {"janus":"event","session_id":$S,"sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"done"}}}`)
		settled(p)

		gw.Silence("event")
		p.Run(`
			a> {"janus":"message","transaction":"3","session_id":$S,"handle_id":$H,"body":{"audio":true}}
			a< {"janus":"ack","session_id":$S,"transaction":"3","hint":"$any"}`)
		settled(p)

		gw.Silence("message")
		p.Run(`a> {"janus":"message","transaction":"4","session_id":$S,"handle_id":$H,"body":{"audio":true}}`)
		settled(p)

		gw.Silence("*")
		p.Run(`
			a> {"janus":"ping","transaction":"5"}
			a> {"janus":"info","transaction":"6"}
			a> {"janus":"destroy","transaction":"7","session_id":$S}`)
		synctest.Wait()
		require.Empty(t, gw.Sessions(), "what is silenced is executed")
		gw.Silence()
		settled(p)
	})
}

// settled checks that nothing more comes, however long a plugin took.
func settled(p *conform.Player) {
	synctest.Wait()
	p.Fence()
}

func TestEventBeforeAck(t *testing.T) {
	gw := janustest.New(t, nil)
	p := play(t, gw, withHandle)
	first := func() string {
		p.Run(`a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true}}`)
		one, ok := p.Receive("a", "the first answer").(map[string]any)
		require.True(t, ok)
		p.Receive("a", "the second answer")
		return one["janus"].(string)
	}
	require.Equal(t, "ack", first())
	gw.EventBeforeAck(true)
	require.Equal(t, "event", first())
	gw.EventBeforeAck(false)
	require.Equal(t, "ack", first())
	p.Fence()
}

func TestExpireSession(t *testing.T) {
	for name, opts := range map[string]*janustest.Options{"timeout first": nil, "detached first": {DetachedFirst: true}} {
		t.Run(name, func(t *testing.T) {
			gw := janustest.New(t, opts)
			p := play(t, gw, withHandle)
			require.True(t, gw.ExpireSession(p.ID("S")))
			timeout := `a< {"janus":"timeout","session_id":$S}`
			detached := `a< {"janus":"detached","session_id":$S,"sender":$H}`
			if opts == nil {
				p.Run(timeout)
				p.Run(detached)
			} else {
				p.Run(detached)
				p.Run(timeout)
			}
			p.Fence()
			require.False(t, gw.ExpireSession(p.ID("S")))
		})
	}
}

func TestPushRaw(t *testing.T) {
	gw := janustest.New(t, nil)
	p := play(t, gw, withSession)
	raw := []byte(`{"janus":`)
	gw.PushRaw(raw)
	raw[0] = 'x'
	require.Equal(t, `{"janus":`, string(p.Bytes("a", "half a message")))
}

// TestSessionTimeout shows that the clock of the bubble decides.
func TestSessionTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw := janustest.New(t, nil)
		p := play(t, gw, withSession)
		start := time.Now()
		<-time.After(59 * time.Second)
		p.Run(keepalive)
		<-time.After(59 * time.Second)
		p.Run(`a< {"janus":"timeout","session_id":$S}`)
		require.Equal(t, 119*time.Second, time.Since(start))
		require.Empty(t, gw.Sessions())
	})
}

// TestWatchdog looks every 2 s from the start on.
func TestWatchdog(t *testing.T) {
	for timeout, late := range map[time.Duration]time.Duration{time.Second: 4 * time.Second, 5 * time.Second: 8 * time.Second, 8 * time.Second: 10 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			gw := janustest.New(t, &janustest.Options{SessionTimeout: timeout, Watchdog: true})
			start := time.Now()
			play(t, gw, withSession).Run(`a< {"janus":"timeout","session_id":$S}`)
			require.Equal(t, late, time.Since(start))
		})
	}
}

// TestReclaimWindows counts from the last request, not from the loss. With the
// watchdog a claim may come up to 4 s later, and 2 s later in any case, which
// counts from the loss where the window was over by then.
func TestReclaimWindows(t *testing.T) {
	for _, reclaim := range []time.Duration{0, 15 * time.Second, 60 * time.Second} {
		for _, idle := range []time.Duration{0, 10 * time.Second, 40 * time.Second} {
			for _, gap := range []time.Duration{0, 4 * time.Second, 14 * time.Second, 30 * time.Second, 58 * time.Second} {
				for _, watchdog := range []bool{false, true} {
					synctest.Test(t, func(t *testing.T) {
						gw := janustest.New(t, &janustest.Options{ReclaimTimeout: reclaim, Watchdog: watchdog})
						p := play(t, gw, withSession)
						<-time.After(idle)
						p.Run("a!")
						<-time.After(gap)
						synctest.Wait()
						alive := len(gw.Sessions()) == 1
						late := idle + gap - max(idle, reclaim)
						switch {
						case reclaim == 0 || !watchdog:
							require.Equal(t, idle+gap < reclaim, alive, "reclaim %v, idle %v, gap %v", reclaim, idle, gap)
						case late < 2*time.Second || late >= 4*time.Second:
							require.Equal(t, late < 2*time.Second, alive, "reclaim %v, idle %v, gap %v, watchdog", reclaim, idle, gap)
						}
						code := `{"janus":"success","session_id":$S,"transaction":"1"}`
						if !alive {
							code = `{"janus":"error","session_id":$S,"transaction":"1","error":458}`
						}
						p.Run("b> {\"janus\":\"claim\",\"transaction\":\"1\",\"session_id\":$S}\nb< " + code)
					})
				}
			}
		}
	}
}

func TestNoSessionTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw := janustest.New(t, &janustest.Options{SessionTimeout: -1, ReclaimTimeout: time.Minute})
		p := play(t, gw, withSession)
		<-time.After(1000 * time.Hour)
		p.Run(keepalive)
		p.Run("a!")
		<-time.After(59 * time.Second)
		require.Len(t, gw.Sessions(), 1)
		<-time.After(time.Second)
		synctest.Wait()
		require.Empty(t, gw.Sessions(), "the reclaim timeout counts from the last request")
	})
}

// TestClientSurvivesASession is the whole way through the real client.
func TestClientSurvivesASession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw := janustest.New(t, nil)
		c, err := gw.Client(t.Context(), &client.Options{Reconnect: client.Reconnect{Off: true}})
		require.NoError(t, err)
		s, err := c.NewSession(t.Context())
		require.NoError(t, err)
		<-time.After(time.Hour)
		require.NoError(t, s.Err(), "the client's keepalives keep the session")
		gw.Silence("keepalive")
		_, err = s.Next(t.Context())
		require.NoError(t, err)
		<-s.Done()
		require.ErrorIs(t, s.Err(), client.ErrUnresponsive)
		require.NoError(t, c.Close())
	})
}

func TestClientOutcomeUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw := janustest.New(t, nil)
		c, err := gw.Client(t.Context(), nil)
		require.NoError(t, err)
		defer func() { require.NoError(t, c.Close()) }()
		gw.Silence("create")
		go func() { // drops the connection while create waits; the bubble waits for it
			synctest.Wait()
			gw.Drop()
		}()
		_, err = c.NewSession(context.Background())
		require.ErrorIs(t, err, client.ErrOutcomeUnknown)
	})
}
