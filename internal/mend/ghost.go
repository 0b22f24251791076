package mend

import (
	"context"
	"errors"
	"time"
)

const (
	ghostMin = 50 * time.Millisecond // before the second time, and doubled each time
	ghostMax = time.Second
)

// Ghost asks for something of ours that somebody has, as the error taken says: what
// the gateway keeps of us from before, and may be a moment late to forget. It asks
// again for as long as within, or until gone is closed or ctx ends, and returns what
// the last answer was.
func Ghost(ctx context.Context, gone <-chan struct{}, within time.Duration, taken error, ask func() error) error {
	waited, wait := time.Duration(0), ghostMin
	for {
		err := ask()
		if !errors.Is(err, taken) || waited >= within || !Pause(ctx, gone, wait) {
			return err
		}
		waited += wait
		wait = min(2*wait, ghostMax)
	}
}

// Pause waits, and reports whether neither ctx ended meanwhile nor gone was closed.
func Pause(ctx context.Context, gone <-chan struct{}, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-gone:
	}
	return false
}
