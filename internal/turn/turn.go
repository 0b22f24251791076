// Package turn has a lock that a context can end the wait for.
package turn

import "context"

// Turn lets one thing go on at a time. It holds a token then. Make one with [New].
type Turn chan struct{}

// New returns a Turn that nobody has.
func New() Turn { return make(Turn, 1) }

// Lock waits for whoever has the turn to give it back. Without an error the turn
// is the caller's, until [Turn.Unlock].
func (t Turn) Lock(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Unlock gives the turn back.
func (t Turn) Unlock() { <-t }
