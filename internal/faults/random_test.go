//go:build !js

package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/internal/faultproxy"
	"github.com/bifrons-rtc/bifrons/transport"
)

// R3: random faults on the first frames of the first connections. Nothing
// panics, every call ends in time, no handle hears what is for another one, and
// once the faults are over everything works, or says that it ended. BIFRONS_SEED
// repeats one run.
func TestRandomFaults(t *testing.T) {
	first, runs := rand.Uint64(), long(300, 10_000)
	if s := os.Getenv("BIFRONS_SEED"); s != "" {
		seed, err := strconv.ParseUint(s, 10, 64)
		require.NoError(t, err)
		first, runs = seed, 1
	}
	t.Logf("BIFRONS_SEED=%d, and the %d that follow", first, runs-1)
	for seed := first; seed != first+uint64(runs); seed++ {
		r := rand.New(rand.NewPCG(seed, 1))
		faults := faultproxy.Random(seed, 1+r.IntN(12), 3, 24)
		reclaim := []time.Duration{0, 30 * time.Second}[r.IntN(2)]
		err := disturbed(t, reclaim, faults)
		if err == nil {
			continue
		}
		for i := 0; i < len(faults); { // what it fails without is left out
			less := slices.Delete(slices.Clone(faults), i, i+1)
			if e := disturbed(t, reclaim, less); e != nil {
				faults, err = less, e
			} else {
				i++
			}
		}
		t.Fatalf("BIFRONS_SEED=%d, reclaim timeout %v, of its faults %v: %v", seed, reclaim, faults, err)
	}
}

// unnatural says whether a fault is one that no network makes while the connection
// goes on: anything may come of it but a wrong answer.
func unnatural(f faultproxy.Fault) bool {
	switch f.Kind {
	case faultproxy.Delay, faultproxy.Reset, faultproxy.End, faultproxy.Silence:
		return false
	default:
		return true
	}
}

// speakers are the names of the handles: no bit that is turned over makes one of
// another.
var speakers = []string{"Ann", "Bob", "Cyd"}

// disturbed has three handles talk through faults.
func disturbed(t *testing.T, reclaim time.Duration, faults []faultproxy.Fault) (err error) {
	bubble(t, func(t *testing.T) {
		gw := janustest.New(t, &janustest.Options{ReclaimTimeout: reclaim})
		greeter(gw)
		f := faultproxy.New(faults...)
		defer f.Cut(faultproxy.Reset) // what is silent is lost
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		c, dialErr := client.Dial(ctx, "memory://", &client.Options{
			KeepAlive:  2 * time.Second,
			Transports: transport.Registry{"memory": f.Dialer(gw.Dialer())},
		})
		if dialErr != nil {
			err = dialErr
			return
		}
		defer func() { err = errors.Join(err, c.Close()) }()
		err = talk(ctx, c, slices.ContainsFunc(faults, unnatural))
		if err != nil {
			err = fmt.Errorf("%w; %v", err, f.Log())
		}
	})
	return err
}

// talk talks until every handle was answered when all faults were over.
func talk(ctx context.Context, c *client.Client, odd bool) error {
	var s *client.Session
	err := settles(ctx, func(ctx context.Context) (err error) {
		s, err = c.NewSession(ctx)
		return err
	})
	if err != nil {
		return ended(err, nil, c.Err(), odd)
	}
	results := make([]error, len(speakers))
	var wg sync.WaitGroup
	for i := range results {
		wg.Go(func() { results[i] = converse(ctx, s, i, odd) })
	}
	wg.Wait()
	return errors.Join(results...)
}

// converse is one handle.
func converse(ctx context.Context, s *client.Session, n int, odd bool) error {
	var h *client.Handle
	err := settles(ctx, func(ctx context.Context) (err error) {
		h, err = s.Attach(ctx, "janus.plugin.greeter", nil)
		return err
	})
	if err != nil {
		return ended(err, s.Err(), s.Client().Err(), odd)
	}
	for i := range 6 {
		err = settles(ctx, func(ctx context.Context) error {
			return say(ctx, h, fmt.Sprintf("%s says %d", speakers[n], i), i%2 == 0, odd)
		})
		if err != nil {
			break
		}
	}
	if err != nil {
		return ended(err, h.Err(), s.Client().Err(), odd)
	}
	return nil
}

// ended says whether it is right that something failed for good.
func ended(err, why, gone error, odd bool) error {
	if odd && (why != nil || gone != nil || errors.Is(err, client.SessionNotFound) || errors.Is(err, client.HandleNotFound)) {
		return nil //nolint:nilerr // an id that was changed on its way is said to be wrong
	}
	return fmt.Errorf("%w; ended: %w; %w", err, why, gone)
}

// say has a handle answered, with what it said.
func say(ctx context.Context, h *client.Handle, text string, later, odd bool) error {
	resp, err := h.Request(ctx, object{"echo": text, "later": later}, nil)
	if err != nil {
		return err
	}
	var got struct{ Echo string }
	if err := json.Unmarshal(resp.Data, &got); err != nil || got.Echo == text {
		return err
	}
	if odd && !slices.ContainsFunc(speakers, func(name string) bool {
		return strings.HasPrefix(got.Echo, name) && !strings.HasPrefix(text, name)
	}) {
		return nil // it was said here, and changed on its way
	}
	return &wrongError{text, got.Echo}
}

// wrongError is an answer to somebody else.
type wrongError struct{ said, heard string }

func (e *wrongError) Error() string { return fmt.Sprintf("said %q, heard %q", e.said, e.heard) }

// settles makes a call until it succeeds, at most for some minutes. A call that
// does not keep its deadline, or gets what is not for it, is an error at once.
func settles(ctx context.Context, do func(ctx context.Context) error) error {
	end := time.Now().Add(5 * time.Minute)
	for {
		try, cancel := context.WithTimeout(ctx, stepTime)
		began := time.Now()
		err := do(try)
		cancel()
		var wrong *wrongError
		switch took := time.Since(began); {
		case took > stepTime+100*time.Millisecond:
			return fmt.Errorf("stuck for %v: %w", took, err)
		case err == nil || errors.As(err, &wrong) || time.Now().After(end):
			return err
		}
		time.Sleep(time.Second) //nolint:forbidigo // virtual time
	}
}
