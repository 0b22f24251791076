//go:build !js

package faults

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/internal/faultproxy"
	"github.com/bifrons-rtc/bifrons/transport"
)

// stepTime is the deadline of each call of a flow.
const stepTime = 30 * time.Second

// scene is a gateway in memory, and a client behind faults, in a bubble.
type scene struct {
	setting
	t      *testing.T
	gw     *janustest.Server
	proxy  *faultproxy.Faults
	client *client.Client

	video, text, call *double

	told *told // hears of the errors of every step; nil: nobody does
}

// setting is how a scene goes.
type setting struct {
	reclaim time.Duration
	faults  []faultproxy.Fault
	url     string                               // empty: one without secrets
	options func(client.Options) *client.Options // nil: as they are
}

// play runs a flow in a bubble, and what is to be true in the end.
func play(t *testing.T, how setting, f func(s *scene)) {
	t.Helper()
	bubble(t, func(t *testing.T) {
		s := &scene{setting: how, t: t, gw: janustest.New(t, &janustest.Options{ReclaimTimeout: how.reclaim}), proxy: faultproxy.New(how.faults...)}
		s.video, s.text, s.call = install(s.gw)
		greeter(s.gw)
		defer func() {
			if t.Failed() {
				t.Logf("reclaim timeout %v, faults %v\n%v", how.reclaim, how.faults, s.proxy.Log())
			}
		}()
		s.dial()
		// In the end what went silent is lost for the gateway as well.
		defer func() {
			require.NoError(t, s.client.Close())
			s.proxy.Cut(faultproxy.Reset)
		}()
		f(s)
		for _, d := range []*double{s.video, s.text, s.call} {
			require.Empty(t, d.strange())
		}
		seen := make(map[string]bool)
		for _, r := range s.gw.Requests() {
			require.False(t, seen[r.Transaction], "%v was sent again", r)
			seen[r.Transaction] = true
		}
	})
}

// dial makes the client.
func (s *scene) dial() {
	s.t.Helper()
	opts := &client.Options{
		KeepAlive:  2 * time.Second,
		Transports: transport.Registry{"memory": s.proxy.Dialer(s.gw.Dialer())},
	}
	if s.options != nil {
		opts = s.options(*opts)
	}
	c, err := client.Dial(s.t.Context(), cmp.Or(s.url, "memory://"), opts)
	require.NoError(s.t, err)
	s.client = c
}

// expected are the errors that a lost connection may give a call.
var expected = []error{client.ErrInterrupted, client.ErrOutcomeUnknown, client.ErrTimeout}

// step makes a call until it succeeds, or fails as one does that was executed
// before. Each time it is over at its deadline at the latest, and its error says
// what a caller wants to know.
func (s *scene) step(name string, do func(ctx context.Context) error, done ...error) (tries int) {
	s.t.Helper()
	is := func(err error) func(error) bool { return func(target error) bool { return errors.Is(err, target) } }
	for tries = 1; ; tries++ {
		ctx, cancel := context.WithTimeout(s.t.Context(), stepTime)
		began := time.Now()
		err := do(ctx)
		cancel()
		require.LessOrEqual(s.t, time.Since(began), stepTime+100*time.Millisecond, "%s: %v", name, err)
		if s.told != nil {
			s.told.err(err)
		}
		if err == nil || tries > 1 && slices.ContainsFunc(done, is(err)) {
			return tries
		}
		require.True(s.t, slices.ContainsFunc(expected, is(err)), "%s: %v", name, err)
		require.Less(s.t, tries, 4, "%s: %v", name, err)
		require.NoError(s.t, s.client.Err())
	}
}

// becomes waits for something to be true in the end.
func (s *scene) becomes(what string, is func() bool) {
	s.t.Helper()
	for end := time.Now().Add(5 * time.Minute); !is(); {
		require.True(s.t, time.Now().Before(end), "%s; state %v", what, s.client.State())
		time.Sleep(100 * time.Millisecond) //nolint:forbidigo // virtual time
	}
}

// session is the first step of most flows.
func (s *scene) session() (ses *client.Session) {
	s.t.Helper()
	s.step("create", func(ctx context.Context) (err error) {
		ses, err = s.client.NewSession(ctx)
		return err
	})
	return ses
}

// R2: every flow with its connection cut before and after every frame of it, by
// a reset, an end and silence, at gateways that keep sessions and that do not.
func TestCutEverywhere(t *testing.T) {
	points := 0
	for _, f := range flows {
		t.Run(f.name, func(t *testing.T) {
			n := 0
			for _, reclaim := range []time.Duration{0, 30 * time.Second} {
				frames := make(map[faultproxy.Direction]int)
				play(t, setting{reclaim: reclaim}, func(s *scene) {
					f.run(s)
					for _, dir := range []faultproxy.Direction{faultproxy.ToServer, faultproxy.ToClient} {
						frames[dir] = s.proxy.Frames(0, dir)
					}
				})
				for _, fault := range cuts(frames) {
					play(t, setting{reclaim: reclaim, faults: []faultproxy.Fault{fault}}, f.run)
					if n++; t.Failed() {
						return
					}
				}
			}
			t.Logf("%d cuts", n)
			points += n
		})
	}
	require.GreaterOrEqual(t, points, 400)
	t.Logf("%d cuts in all", points)
}

// cuts returns every way to cut a connection.
func cuts(frames map[faultproxy.Direction]int) (list []faultproxy.Fault) {
	for dir, n := range frames {
		for frame := range n {
			for _, kind := range []faultproxy.Kind{faultproxy.Reset, faultproxy.End, faultproxy.Silence} {
				for _, after := range []bool{false, true} {
					list = append(list, faultproxy.Fault{Dir: dir, Frame: frame, Kind: kind, After: after})
				}
			}
		}
	}
	return list
}
