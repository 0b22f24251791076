package longpoll

import (
	"context"
	"math/rand/v2"
	"time"
)

const (
	firstDelay = 250 * time.Millisecond
	maxDelay   = 8 * time.Second
)

// backoff waits before try n, counted from 0: the first is at once, later ones
// come after a random part of a delay that doubles up to 8 s. Without chance in
// it, all clients of a gateway that was restarted would come back in step.
func backoff(ctx context.Context, n int) error {
	if n == 0 {
		return ctx.Err()
	}
	d := maxDelay
	if n < 7 {
		d = min(d, firstDelay<<(n-1))
	}
	return sleep(ctx, rand.N(d)+1)
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
