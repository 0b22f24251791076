package echotest

import (
	"sync"
	"time"
)

// A gateway goes to another substream of simulcast at its next keyframe, which it
// asks the sender for, once. An encoder ignores what comes too soon after its last
// one (Chromium: 300 ms), and then the change never happens. So it is asked again
// until the substream is there, but not for ever: it may not be sent at all.
const (
	layerWait = time.Second // and then twice that
	layerAsks = 4
)

// layer is the substream that an echo is to change to.
type layer struct {
	mu    sync.Mutex // guards the rest
	want  int
	wait  time.Duration
	left  int         // how often to ask again
	round int         // counts the changes, so that a late timer is known
	timer *time.Timer // nil: there is nothing to ask for
}

// ask has again called until the substream is reached.
func (l *layer) ask(substream int, again func(substream int)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.end()
	l.want, l.wait, l.left = substream, layerWait, layerAsks
	l.round++
	round := l.round
	l.timer = time.AfterFunc(l.wait, func() {
		if l.due(round) {
			again(substream)
		}
	})
}

// due reports whether to ask now, and sets the timer for the next time.
func (l *layer) due(round int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.timer == nil || l.round != round {
		return false
	}
	l.wait *= 2
	if l.left--; l.left == 0 {
		l.timer = nil
	} else {
		l.timer.Reset(l.wait)
	}
	return true
}

// reached hears of a change.
func (l *layer) reached(ev *LayerChanged) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if ev.Substream != nil && *ev.Substream == l.want {
		l.end()
	}
}

// stop ends the asking.
func (l *layer) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.end()
}

// end is stop while l.mu is held.
func (l *layer) end() {
	if l.timer != nil {
		l.timer.Stop()
		l.timer = nil
	}
}
