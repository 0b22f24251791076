// Package mend looks after the peer connection of a plugin's handle: one policy
// for all plugins, who bring the requests that fit them.
//
//	stop := mend.Watch(h.Handle, peer, mend.Recipe{Restart: h.Restart, Renew: h.renew})
package mend

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// The policy.
const (
	Grace    = 2 * time.Second  // how long a connection may be shaky
	Patience = 10 * time.Second // how long a restart or a new connection may take to be up
	Restarts = 2                // before a new connection
	Budget   = time.Minute      // of trouble, with a gateway that can be asked
	exchange = 30 * time.Second // at most, for one try

	pauseMin = 250 * time.Millisecond // before the second try, and doubled each time
	pauseMax = 8 * time.Second
)

// ErrGivenUp is matched by the error that Recipe.Failed gets.
var ErrGivenUp = errors.New("the peer connection could not be mended")

// Recipe is what a plugin does to mend a connection. Each function makes one try,
// on a goroutine of this package; an error means another one.
type Recipe struct {
	// Restart negotiates with new ICE credentials. Nil: the plugin cannot.
	Restart func(ctx context.Context) error
	// Renew renews the peer, ends what the gateway still has of the connection
	// before ([Fresh] does both), and negotiates as for the first time.
	Renew func(ctx context.Context) error
	// Failed hears that the connection was given up and why, before the peer
	// closes. Nil: nobody needs to know.
	Failed func(err error)
}

// Handle is what of a *client.Handle is needed.
type Handle interface {
	// Done is closed when the handle is gone.
	Done() <-chan struct{}
	// Connected reports whether the gateway may have a peer connection for it.
	Connected() bool
	// Hangup ends its peer connection.
	Hangup(ctx context.Context) error
}

// Fresh renews peer, and has the gateway end what it has of the connection before.
// A handle that has none is not hung up: Janus would tell its plugin, in its own
// time, and the plugin might end the connection that is made next.
func Fresh(ctx context.Context, h Handle, peer client.Negotiator, lost ...string) error {
	m, ok := peer.(client.Mender)
	if !ok {
		return &client.ArgumentError{Op: "renew", Reason: "the peer is no client.Mender"}
	}
	if err := m.Renew(ctx, lost...); err != nil || !h.Connected() {
		return err
	}
	return h.Hangup(ctx)
}

// Watch keeps the connection of peer up, until stop, the end of the handle, or the
// end of the peer. Call it when the descriptions of the first negotiation are
// exchanged. A peer that is no [client.Mender], or wants no mending, is left
// alone, and stop is nil. So is a connection that was never up, for which there is a
// reason.
//
// A connection that is shaky for two seconds, or broken, gets an ICE restart, and
// another one if that did not help. One that is lost, or that two restarts did not
// mend, is renewed, again and again with growing pauses. After a minute it is
// given up, and the peer closes; time without the gateway does not count.
//
// stop does not wait: the ctx of a try that is on its way ends. It may be called
// from anywhere and more than once.
func Watch(h Handle, peer client.Negotiator, r Recipe) (stop func()) {
	m, ok := peer.(client.Mender)
	if !ok {
		return nil
	}
	release, ok := m.Keep()
	if !ok {
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	w := watcher{peer: m, recipe: r, over: h.Done()}
	// Owns the mending of one peer; ends with stop, with the handle or with the
	// peer, and with it whatever it began.
	go func() {
		defer cancel()
		defer release()
		if err := w.run(ctx); err != nil && r.Failed != nil {
			r.Failed(err)
		}
	}()
	return func() {
		cancel()
		release()
	}
}

type watcher struct {
	peer   client.Mender
	recipe Recipe
	over   <-chan struct{} // the end of the handle
}

// run returns nil when there is nothing to look after any more.
func (w *watcher) run(ctx context.Context) error {
	if w.reach(ctx, 0, good) != client.HealthGood {
		return nil
	}
	for {
		switch w.reach(ctx, 0, trouble) {
		case client.HealthShaky:
			if w.reach(ctx, Grace, notShaky) != client.HealthShaky {
				continue
			}
		case client.HealthBroken, client.HealthLost:
		default:
			return nil
		}
		if err := w.mend(ctx); err != nil {
			return err
		}
	}
}

func good(h client.Health) bool { return h != client.HealthNew && h != client.HealthAway }
func trouble(h client.Health) bool {
	return h != client.HealthGood && h != client.HealthAway && h != client.HealthNew
}
func notShaky(h client.Health) bool { return h != client.HealthShaky }

// settled is when waiting for the effect of a try is of no use any more.
func settled(h client.Health) bool {
	return h == client.HealthGood || h == client.HealthLost || h == client.HealthEnded
}

// asked is when the gateway can be asked, or never again.
func asked(h client.Health) bool { return h != client.HealthAway }

// reach waits until the health is one that want takes, or for as long as given;
// zero is for ever. It returns the health it then has, which is HealthEnded when
// there is nothing to look after any more.
func (w *watcher) reach(ctx context.Context, within time.Duration, want func(client.Health) bool) client.Health {
	var late <-chan time.Time
	if within > 0 {
		timer := time.NewTimer(within)
		defer timer.Stop()
		late = timer.C
	}
	for {
		health, changed := w.peer.Health()
		if ctx.Err() != nil {
			return client.HealthEnded
		}
		if want(health) {
			return health
		}
		select {
		case <-changed:
		case <-late:
			return health
		case <-w.over:
			return client.HealthEnded
		case <-ctx.Done():
			return client.HealthEnded
		}
	}
}

// mend tries until the connection is up, and returns an error when it gives up.
func (w *watcher) mend(ctx context.Context) error {
	begin, restarts, pause := time.Now(), 0, pauseMin
	for {
		away := time.Now()
		health := w.reach(ctx, 0, asked)
		begin = begin.Add(time.Since(away))
		if health == client.HealthEnded || health == client.HealthGood {
			return nil
		}
		if health == client.HealthLost || w.recipe.Restart == nil {
			restarts = Restarts // of what is lost nothing can be restarted, nor of half a new one
		}
		try := w.recipe.Renew
		if restarts < Restarts {
			try = w.recipe.Restart
			restarts++
		}
		err := w.try(ctx, health != client.HealthLost, try)
		if err == nil {
			health = w.reach(ctx, Patience, settled)
			if health == client.HealthEnded || health == client.HealthGood {
				return nil
			}
			err = errors.New("it did not come up")
		}
		if time.Since(begin) > Budget {
			return fmt.Errorf("%w: %w", ErrGivenUp, err)
		}
		// What somebody else mends meanwhile ends the pause.
		health = w.reach(ctx, pause/2+rand.N(pause/2), func(h client.Health) bool {
			return h == client.HealthGood || h == client.HealthEnded
		})
		if health == client.HealthEnded {
			return nil
		}
		pause = min(2*pause, pauseMax)
	}
}

// try makes one try. It ends when the connection to the gateway goes: what is sent
// after that would belong to another one. It also ends when the peer connection is
// lost that it is about, or makes, which had says is there: a gateway that has hung
// up may say nothing to what it was asked before. ctx has no deadline, so that each
// request has its own, which is sooner.
func (w *watcher) try(ctx context.Context, had bool, f func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	late := time.AfterFunc(exchange, cancel)
	defer late.Stop()
	// Ends the try when it is of no use any more; ends with the try.
	go func() {
		w.reach(ctx, 0, func(h client.Health) bool {
			had = had || h != client.HealthLost
			return h == client.HealthAway || h == client.HealthEnded || had && h == client.HealthLost
		})
		cancel()
	}()
	return f(ctx)
}
