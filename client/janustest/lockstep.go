package janustest

import (
	"context"
	"sync"
	"time"
)

// stepTime is the most that a request waits for what is under way.
const stepTime = 10 * time.Millisecond

// lockstep makes runs with faults repeat. What is under way, an answer that is
// not out yet or a plugin at work, is finished before the next request of any
// client is looked at, unless it takes more than stepTime. Without faults nobody
// waits.
type lockstep struct {
	mu   sync.Mutex // guards what follows
	on   bool
	busy int
	idle chan struct{} // closed when busy is zero
}

func newLockstep() *lockstep {
	l := &lockstep{idle: make(chan struct{})}
	close(l.idle)
	return l
}

// add changes the number of things under way.
func (l *lockstep) add(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := l.busy
	l.busy += n
	switch {
	case before == 0 && l.busy > 0:
		l.idle = make(chan struct{})
	case before > 0 && l.busy == 0:
		close(l.idle)
	}
}

// start turns it on for good.
func (l *lockstep) start() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.on = true
}

// wait returns when nothing is under way, or the time for that is over.
func (l *lockstep) wait(ctx context.Context) {
	l.mu.Lock()
	on, idle := l.on, l.idle
	l.mu.Unlock()
	if !on {
		return
	}
	select {
	case <-idle:
		return
	default:
	}
	timer := time.NewTimer(stepTime)
	defer timer.Stop()
	select {
	case <-idle:
	case <-timer.C:
	case <-ctx.Done():
	}
}
