package mend_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/mend"
)

// TestGhost asks until what is ours is free.
func TestGhost(t *testing.T) {
	errTaken, errOther := errors.New("taken"), errors.New("other")
	closed := make(chan struct{})
	close(closed)
	for name, test := range map[string]struct {
		free time.Duration // from when on the answer is then
		then error
		gone chan struct{}
		end  time.Duration // of the context; zero: never
		want error
		took time.Duration
		asks int
	}{
		"free":      {took: 0, asks: 1},
		"a moment":  {free: 60 * time.Millisecond, took: 150 * time.Millisecond, asks: 3},
		"other":     {free: time.Millisecond, then: errOther, want: errOther, took: 50 * time.Millisecond, asks: 2},
		"ghost":     {free: time.Hour, want: errTaken, took: 5550 * time.Millisecond, asks: 10},
		"gone":      {free: time.Hour, gone: closed, want: errTaken, asks: 1},
		"cancelled": {free: time.Hour, end: 400 * time.Millisecond, want: errTaken, took: 400 * time.Millisecond, asks: 4},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if test.end > 0 {
					ctx, cancel = context.WithTimeout(ctx, test.end)
					defer cancel()
				}
				begin, asks := time.Now(), 0
				err := mend.Ghost(ctx, test.gone, 5*time.Second, errTaken, func() error {
					if asks++; time.Since(begin) < test.free {
						return errTaken
					}
					return test.then
				})
				require.Equal(t, []any{test.want, test.took, test.asks}, []any{err, time.Since(begin), asks})
			})
		})
	}
}
