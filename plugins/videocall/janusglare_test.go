package videocall_test

import (
	"context"
	"sync"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

// watcher reads the events of a user, and so negotiates, until it is stopped.
type watcher struct {
	answers chan error        // of each offer of ours that got its answer
	tracks  chan *media.Track // that came
	glare   int               // offers of the other side that gave way to ours
	err     error             // what went wrong
	stop    func()
}

func (u *user) watch() *watcher {
	ctx, cancel := context.WithCancel(u.ctx)
	w := &watcher{answers: make(chan error, 1024), tracks: make(chan *media.Track, 16)}
	var done sync.WaitGroup
	done.Go(func() { // ends with cancel; stop waits for it
		for {
			ev, err := u.Next(ctx)
			if err != nil {
				return
			}
			switch ev := ev.(type) {
			case *videocall.Updated:
				switch {
				case ev.JSEP.Type == "answer":
					w.answers <- ev.Err
				case ev.Err == nil:
				case ev.Err == videocall.ErrGlare: //nolint:errorlint // that very one
					w.glare++
				default:
					w.err = ev.Err
				}
			case *media.TrackAdded:
				w.tracks <- ev.Track
			case *client.Hangup:
				w.err = client.ErrDetached
			}
		}
	})
	w.stop = func() { cancel(); done.Wait() }
	return w
}

// answered waits for the answer to an offer.
func (w *watcher) answered(u *user) {
	u.t.Helper()
	select {
	case err := <-w.answers:
		require.NoError(u.t, err)
	case <-u.ctx.Done():
		require.Fail(u.t, "an offer got no answer", u.name)
	}
}

// glares has both sides offer at once, and returns how often the offers met.
func glares(u, v *user, rounds int, offer func(*user) error) int {
	u.t.Helper()
	a, b := u.watch(), v.watch()
	for range rounds {
		var both sync.WaitGroup
		var errs [2]error
		both.Go(func() { errs[0] = offer(u) })
		both.Go(func() { errs[1] = offer(v) })
		both.Wait()
		require.NoError(u.t, errs[0])
		require.NoError(u.t, errs[1])
		a.answered(u)
		b.answered(v)
	}
	a.stop()
	b.stop()
	require.NoError(u.t, a.err)
	require.NoError(u.t, b.err)
	require.Zero(u.t, b.glare, "the caller's offer counts")
	return a.glare
}
