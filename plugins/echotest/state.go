package echotest

import (
	"context"
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/turn"
)

// echo is what a Handle knows of its echo.
type echo struct {
	turn turn.Turn // of an exchange with the gateway

	mu   sync.Mutex // guards the rest
	ran  bool       // there is an echo, or was until the session ended
	cfg  Config     // everything set since the last hangup, which undoes it
	peer client.Negotiator

	unwatch func() // nil: nobody mends the connection
	making  bool   // a new connection: the hangup that comes is about the old one
	times   int    // it was made
}

// runs notes that there is an echo, perhaps one that somebody offered by hand.
func (e *echo) runs() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ran = true
}

// over forgets an echo that has ended.
func (e *echo) over() {
	e.keep(nil)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ran, e.cfg, e.peer, e.times = false, Config{}, nil, 0
}

// restore sends the settings of an echo that has not started yet again. One that
// was running gets them when it starts again, or is over: its peer connection
// went with the session.
func (e *echo) restore(ctx context.Context, h *client.Handle) error {
	e.mu.Lock()
	cfg, ran := e.cfg, e.ran
	e.mu.Unlock()
	if ran && !e.survives(true) {
		e.over()
	}
	if ran || cfg == (Config{}) {
		return nil
	}
	_, err := h.Request(ctx, &cfg, nil)
	return err
}

// started remembers a successful Start.
func (e *echo) started(cfg *Config, peer client.Negotiator) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.cfg.merge(cfg)
	e.ran, e.peer = true, peer
}

func (e *echo) configured(cfg *Config) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.cfg.merge(cfg)
}

// running returns the settings and the peer of the echo that goes on, nil for
// none.
func (e *echo) running() (Config, client.Negotiator) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.cfg, e.peer
}
