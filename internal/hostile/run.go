package hostile

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

// Call is a method of what is tested, with its arguments.
type Call func(context.Context) error

// Guest is what a plugin's package puts into the hands of the gateway.
type Guest struct {
	Calls  []Call
	Events []client.Nexter
	Known  []error // that calls may return besides the types of package client
	// Alive tells the gateway what it should say and asks it something: an error
	// is a failure. Nil: nothing of that kind can be asked.
	Alive Call
}

// Enter makes a guest.
type Enter func(t *testing.T, g *Gateway, s *client.Session) *Guest

// patience is how long a call may take; it is not real time.
const patience = time.Minute

// Run has each body come as the answer to a call, each call meeting many of them,
// and as an event.
func Run(t *testing.T, plugin string, bodies []string, enter Enter) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		g := newGateway(t, plugin)
		guest := enter(t, g, g.session)
		step := 1
		if runtime.GOOS == "js" {
			step = 17 // it takes so much longer there, and runs the same code
		}
		for i := 0; i < len(bodies); i += step {
			guest.meets(t, g, bodies[i], i%len(guest.Calls), i%2 == 0, description(i/2))
			guest.hears(t, g, bodies[i], description(i/3))
		}
		guest.ends(t)
	})
}

// One is Run with one body, for fuzz tests.
func One(t *testing.T, plugin, body string, n uint, enter Enter) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		g := newGateway(t, plugin)
		guest := enter(t, g, g.session)
		for i := range guest.Calls {
			guest.meets(t, g, body, i, n%2 == 0, description(int(n%7)))
		}
		guest.hears(t, g, body, description(int(n%7)))
		guest.ends(t)
	})
}

// meets makes a call that is answered with body.
func (x *Guest) meets(t *testing.T, g *Gateway, body string, call int, async bool, jsep *client.JSEP) {
	t.Helper()
	g.Answer(body, async, jsep)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := x.Calls[call](ctx); err != nil && !x.typed(err) {
		t.Fatalf("call %d, answered with %.200s: %T: %v", call, body, err, err)
	}
}

// typed says whether an error tells a program what it is.
func (x *Guest) typed(err error) bool {
	for _, target := range []any{
		new(*client.PluginError), new(*client.ProtocolError), new(*client.Error), new(*client.ArgumentError),
		new(*client.VersionError), new(*client.FeatureError), new(client.PluginCode),
	} {
		if errors.As(err, target) {
			return true
		}
	}
	for _, target := range append(x.Known, context.DeadlineExceeded, client.ErrTimeout) {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}

// hears reads the events that body is.
func (x *Guest) hears(t *testing.T, g *Gateway, body string, jsep *client.JSEP) {
	t.Helper()
	g.Answer(`{}`, true, nil)
	g.Event(t, body, jsep)
	synctest.Wait()
	for _, n := range x.Events {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		for {
			ev, err := n.Next(ctx)
			if errors.Is(err, context.DeadlineExceeded) {
				break
			}
			if err != nil {
				t.Fatalf("the events end after %.200s: %v", body, err)
			}
			if ev.Base().Kind == "" {
				t.Fatalf("an event without a kind, of %.200s: %T", body, ev)
			}
		}
		cancel()
	}
}

// ends asks for the last time.
func (x *Guest) ends(t *testing.T) {
	t.Helper()
	if x.Alive == nil {
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := x.Alive(ctx); err != nil {
		t.Fatalf("it is not as good as before: %v", err)
	}
}
