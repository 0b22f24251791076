package echotest

import (
	"context"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

// settleTime is how long after a Hangup event the handle gets its next offer.
// Janus 1.1.2 frees the old connection a moment after it reported the end; of
// offers in that moment one in some hundreds met error 490 or a connection
// that never comes up, of those 10 ms later none in a thousand.
const settleTime = 50 * time.Millisecond

// echo is what a Handle knows of its echo.
type echo struct {
	turn chan struct{} // holds a token while an exchange goes on

	mu   sync.Mutex // guards the rest
	cfg  Config     // everything set since the last hangup, which undoes it
	peer client.Negotiator
	up   chan struct{} // closed by the hangup; nil while there is nothing to hang up
	down time.Time     // when the last hangup came
}

func (e *echo) init() { e.turn = make(chan struct{}, 1) }

// lock waits for the exchange before to end.
func (e *echo) lock(ctx context.Context) error {
	select {
	case e.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *echo) unlock() { <-e.turn }

// observe follows the peer connection. It runs on the client's read loop.
func (e *echo) observe(ev client.Event) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch ev.(type) {
	case *client.WebRTCUp:
		if e.up == nil { // somebody sent the offer with Request
			e.up = make(chan struct{})
		}
	case *client.Hangup:
		e.over()
		e.down = time.Now()
	}
	return false
}

// over forgets an echo that has ended. e.mu is held.
func (e *echo) over() {
	if e.up != nil {
		close(e.up)
	}
	e.cfg, e.peer, e.up = Config{}, nil, nil
}

// restore sends the settings of an echo that has not started yet again. One that
// was running is over: its peer connection went with the session.
func (e *echo) restore(ctx context.Context, h *client.Handle) error {
	e.mu.Lock()
	cfg, ran := e.cfg, e.up != nil
	if ran {
		e.over()
	}
	e.mu.Unlock()
	if ran || cfg == (Config{}) {
		return nil
	}
	_, err := h.Request(ctx, &cfg, nil)
	return err
}

// begin marks that there will be something to hang up, unless there is.
func (e *echo) begin() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.up != nil {
		return false
	}
	e.up = make(chan struct{})
	return true
}

// settle waits until the gateway is done with the connection before.
func (e *echo) settle(ctx context.Context) error {
	e.mu.Lock()
	wait := settleTime - time.Since(e.down)
	e.mu.Unlock()
	if wait <= 0 {
		return nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// started remembers a successful Start.
func (e *echo) started(cfg *Config, peer client.Negotiator) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.cfg.merge(cfg)
	e.peer = peer
}

func (e *echo) configured(cfg *Config) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.cfg.merge(cfg)
}

// failed takes back begin.
func (e *echo) failed() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.up = nil
}

// running returns the settings and the peer of the echo that goes on, nil for
// none.
func (e *echo) running() (Config, client.Negotiator) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.cfg, e.peer
}

// reset forgets an echo.
func (e *echo) reset() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.cfg, e.peer, e.up = Config{}, nil, nil
}

// hungUp returns a channel that is closed when the gateway has hung up, nil
// when there is nothing to wait for.
func (e *echo) hungUp() <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.up
}
