package videoroom

import "context"

// turn lets one exchange with the plugin go on at a time. It holds a token then.
type turn chan struct{}

// lock waits for the exchange before to end.
func (t turn) lock(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turn) unlock() { <-t }
