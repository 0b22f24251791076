package mend_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/bifrons-rtc/bifrons/internal/mend"
)

func TestMain(m *testing.M) { leak.Main(m) }

// patient is a client.Mender whose health the test sets.
type patient struct {
	refuses bool

	mu       sync.Mutex
	health   client.Health
	changed  chan struct{}
	released int
	renewed  int
}

func newPatient(h client.Health) *patient {
	return &patient{health: h, changed: make(chan struct{})}
}

func (p *patient) set(h client.Health) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.health = h
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *patient) Keep() (func(), bool) {
	return func() { p.mu.Lock(); p.released++; p.mu.Unlock() }, !p.refuses
}

func (p *patient) Health() (client.Health, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.health, p.changed
}

func (p *patient) Renew(context.Context, ...string) error { p.renewed++; return nil }

func (p *patient) Offer(context.Context, bool) (*client.JSEP, error)          { return nil, nil } //nolint:nilnil // nobody asks
func (p *patient) Answer(context.Context, *client.JSEP) (*client.JSEP, error) { return nil, nil } //nolint:nilnil // nobody asks
func (p *patient) Accept(context.Context, *client.JSEP) error                 { return nil }

// handle is a mend.Handle.
type handle struct {
	done    chan struct{}
	idle    bool
	hangups int
}

func (h *handle) Done() <-chan struct{}        { return h.done }
func (h *handle) Connected() bool              { return !h.idle }
func (h *handle) Hangup(context.Context) error { h.hangups++; return nil }

// ward is what a test of the policy has: the patient, and what was done when.
type ward struct {
	*patient
	handle
	stop func()

	log    sync.Mutex // guards the rest
	start  time.Time
	what   []string        // restart, renew or failed
	when   []time.Duration // since start
	result func(what string, n int) error
}

func (w *ward) do(what string) error {
	w.log.Lock()
	defer w.log.Unlock()
	w.what, w.when = append(w.what, what), append(w.when, time.Since(w.start))
	return w.result(what, len(w.what))
}

// did returns what was done, and when.
func (w *ward) did() ([]string, []time.Duration) {
	w.log.Lock()
	defer w.log.Unlock()
	return slices.Clone(w.what), slices.Clone(w.when)
}

// from has f say what becomes of each try, and counts the time from now on.
func (w *ward) from(f func(what string, n int) error) {
	w.log.Lock()
	defer w.log.Unlock()
	w.start, w.result = time.Now(), f
}

// recovers is a result.
func (w *ward) recovers(string, int) error {
	w.patient.set(client.HealthGood)
	return nil
}

// releases returns how often the patient was released.
func (p *patient) releases() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.released
}

// watched runs test on a patient that is looked after, in virtual time.
func watched(t *testing.T, h client.Health, test func(*testing.T, *ward)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &ward{patient: newPatient(h), handle: handle{done: make(chan struct{})}}
		w.from(func(string, int) error { return nil })
		w.stop = mend.Watch(&w.handle, w.patient, mend.Recipe{
			Restart: func(context.Context) error { return w.do("restart") },
			Renew:   func(context.Context) error { return w.do("renew") },
			Failed:  func(err error) { require.ErrorIs(t, err, mend.ErrGivenUp); _ = w.do("failed") },
		})
		synctest.Wait()
		test(t, w)
		w.stop()
		w.stop()
		synctest.Wait()
		require.Positive(t, w.releases())
	})
}

// set changes the health, and lets that be seen.
func (w *ward) set(h client.Health) {
	w.patient.set(h)
	synctest.Wait()
}

// after lets virtual time pass.
func after(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func TestShaky(t *testing.T) {
	watched(t, client.HealthNew, func(t *testing.T, w *ward) {
		w.set(client.HealthGood)
		w.set(client.HealthShaky)
		after(1999 * time.Millisecond)
		w.set(client.HealthGood)
		after(time.Hour)
		did, _ := w.did()
		require.Empty(t, did, "it came back by itself")

		w.from(w.recovers)
		w.set(client.HealthShaky)
		after(time.Hour)
		did, at := w.did()
		require.Equal(t, []string{"restart"}, did)
		require.Equal(t, []time.Duration{mend.Grace}, at)
	})
}

func TestEscalation(t *testing.T) {
	watched(t, client.HealthGood, func(t *testing.T, w *ward) {
		expect := func(want ...string) {
			t.Helper()
			did, _ := w.did()
			require.Equal(t, want, did)
		}
		w.set(client.HealthBroken)
		expect("restart")
		after(11 * time.Second)
		expect("restart", "restart")
		after(11 * time.Second)
		expect("restart", "restart", "renew")
		w.set(client.HealthGood)
		after(time.Hour)
		w.set(client.HealthBroken)
		expect("restart", "restart", "renew", "restart") // from the start the next time
	})
}

func TestLost(t *testing.T) {
	watched(t, client.HealthGood, func(t *testing.T, w *ward) {
		w.from(func(what string, n int) error {
			if n < 3 {
				w.patient.set(client.HealthNew) // as after Renew
				return errors.New("refused")
			}
			return w.recovers(what, n)
		})
		w.set(client.HealthLost)
		after(time.Minute)
		did, at := w.did()
		require.Equal(t, []string{"renew", "renew", "renew"}, did)
		require.Zero(t, at[0])
		require.Less(t, at[1], 250*time.Millisecond)
	})
}

func TestGivenUp(t *testing.T) {
	watched(t, client.HealthGood, func(t *testing.T, w *ward) {
		w.from(func(string, int) error { return errors.New("refused") })
		w.set(client.HealthLost)
		after(2 * mend.Budget)
		did, at := w.did()
		last := len(did) - 1
		require.Equal(t, "failed", did[last])
		require.Greater(t, at[last], mend.Budget)
		require.Less(t, at[last], mend.Budget+10*time.Second)
		require.Greater(t, last, 8, "tries")
		require.Less(t, last, 25, "tries")
		require.Equal(t, 1, w.releases())
	})
}

func TestAway(t *testing.T) {
	watched(t, client.HealthGood, func(t *testing.T, w *ward) {
		w.set(client.HealthAway)
		after(time.Hour)
		did, _ := w.did()
		require.Empty(t, did)
		w.set(client.HealthLost)
		did, _ = w.did()
		require.Equal(t, []string{"renew"}, did)
		w.set(client.HealthAway)
		after(time.Hour) // the budget does not run
		w.from(w.recovers)
		w.set(client.HealthLost)
		after(time.Second)
		did, _ = w.did()
		require.Equal(t, []string{"renew", "renew"}, did)
	})
}

// TestAwayDuringATry: a try ends with the connection to the gateway.
func TestAwayDuringATry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, h := newPatient(client.HealthGood), &handle{done: make(chan struct{})}
		ended := make(chan error, 1)
		stop := mend.Watch(h, p, mend.Recipe{Renew: func(ctx context.Context) error {
			<-ctx.Done()
			ended <- ctx.Err()
			return ctx.Err()
		}})
		synctest.Wait()
		p.set(client.HealthBroken)
		after(time.Second)
		p.set(client.HealthAway)
		require.ErrorIs(t, <-ended, context.Canceled, "a plugin that cannot restart renews")
		close(h.done)
		synctest.Wait()
		require.Equal(t, 1, p.releases())
		stop()
	})
}

// TestLostDuringATry: what a try is about is gone, and so is the answer it waits for.
func TestLostDuringATry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, h := newPatient(client.HealthGood), &handle{done: make(chan struct{})}
		renewals := 0
		stop := mend.Watch(h, p, mend.Recipe{
			Restart: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
			Renew: func(ctx context.Context) error {
				if renewals++; renewals == 1 {
					p.set(client.HealthNew)
					<-ctx.Done()
					return ctx.Err()
				}
				p.set(client.HealthGood)
				return nil
			},
		})
		synctest.Wait()
		begin := time.Now()
		p.set(client.HealthBroken)
		after(time.Second)
		p.set(client.HealthLost)
		after(time.Second)
		require.Equal(t, 1, renewals)
		p.set(client.HealthLost) // the new one as well
		after(time.Second)
		require.Equal(t, 2, renewals)
		require.Less(t, time.Since(begin), 4*time.Second)
		stop()
	})
}

// TestTryEnds: a try does not go on for ever, and sets no limit to its requests.
func TestTryEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, h := newPatient(client.HealthGood), &handle{done: make(chan struct{})}
		ended := make(chan error, 100)
		stop := mend.Watch(h, p, mend.Recipe{Renew: func(ctx context.Context) error {
			_, has := ctx.Deadline()
			require.False(t, has)
			<-ctx.Done()
			ended <- ctx.Err()
			return ctx.Err()
		}})
		synctest.Wait()
		begin := time.Now()
		p.set(client.HealthBroken)
		require.ErrorIs(t, <-ended, context.Canceled)
		require.Equal(t, 30*time.Second, time.Since(begin))
		stop()
	})
}

func TestEnds(t *testing.T) {
	watched(t, client.HealthGood, func(t *testing.T, w *ward) {
		w.set(client.HealthEnded)
		synctest.Wait()
		require.Equal(t, 1, w.releases())
	})
	watched(t, client.HealthGood, func(t *testing.T, w *ward) {
		close(w.handle.done)
		synctest.Wait()
		require.Equal(t, 1, w.releases())
	})
	for _, bad := range []client.Health{client.HealthBroken, client.HealthLost} {
		watched(t, client.HealthNew, func(t *testing.T, w *ward) {
			w.set(bad)
			synctest.Wait()
			require.Equal(t, 1, w.releases(), "it was never up")
			did, _ := w.did()
			require.Empty(t, did)
		})
	}
	watched(t, client.HealthGood, func(t *testing.T, w *ward) {
		w.stop()
		w.set(client.HealthLost)
		after(time.Hour)
		did, _ := w.did()
		require.Empty(t, did)
	})
}

func TestNotKept(t *testing.T) {
	h := &handle{done: make(chan struct{})}
	p := newPatient(client.HealthGood)
	p.refuses = true
	require.Nil(t, mend.Watch(h, p, mend.Recipe{}))
	require.Zero(t, p.releases())
	require.Nil(t, mend.Watch(h, nil, mend.Recipe{}))
}

func TestFresh(t *testing.T) {
	h, p := &handle{}, newPatient(client.HealthLost)
	require.NoError(t, mend.Fresh(t.Context(), h, p))
	require.Equal(t, []int{1, 1}, []int{p.renewed, h.hangups})
	h.idle = true
	require.NoError(t, mend.Fresh(t.Context(), h, p))
	require.Equal(t, []int{2, 1}, []int{p.renewed, h.hangups}, "there is nothing to hang up")
	require.ErrorAs(t, mend.Fresh(t.Context(), h, nil), new(*client.ArgumentError))
}
