package client

import (
	"context"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// Reattach replaces the handle at the gateway by a new one under the same Go
// object, as a rebuild of the session does, and detaches the one before. It is for
// plugins that make a handle useless when its peer connection ends. Events and
// peers stay; what the plugin knew of the handle is gone, and its peer connection
// too, without a [Hangup]. Other requests of the session wait meanwhile. On an
// error the handle is what it was.
func (h *Handle) Reattach(ctx context.Context) error {
	const op = "reattach"
	if err := h.life.cause(); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	s := h.session
	gate := make(chan struct{})
	for {
		if err := s.passGate(ctx); err != nil {
			return fmt.Errorf("%s: %w", op, err)
		}
		if s.gate.CompareAndSwap(nil, &gate) {
			break
		}
	}
	before := h.ID()
	err := s.attach(ctx, h)
	s.gate.Store(nil)
	close(gate)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	s.forget(before)
	// Where this is lost, the handle before goes with the session.
	_, _ = s.client.do(ctx, &request{op: "detach", session: s.ID(), handle: before})
	return nil
}
