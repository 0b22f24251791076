package videoroom

import "time"

// A gateway goes to another substream of simulcast at its next keyframe, which it
// asks the publisher for, once. An encoder ignores what comes too soon after its
// last one (Chromium: 300 ms), and then the change never happens. So a room asks
// again until the layer is there, but not for ever: the publisher may not be
// sending it.
const (
	layerWait = time.Second // and then twice that
	layerAsks = 4
)

// layerAsk is a substream that an m-line should change to.
type layerAsk struct {
	substream int
	due       time.Time // to ask again
	wait      time.Duration
	left      int // how often
}

// ask notes that an m-line was told which substream to change to, if any. r.mu is
// held.
func (r *Room) ask(mid string, relay *Relay) {
	delete(r.asks, mid)
	if relay.Substream != nil {
		r.asks[mid] = &layerAsk{*relay.Substream, time.Now().Add(layerWait), layerWait, layerAsks}
	}
}

// reached hears which layer an m-line has changed to.
func (r *Room) reached(ev *LayerChanged) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if a := r.asks[ev.MID]; a != nil && ev.Substream != nil && *ev.Substream == a.substream {
		delete(r.asks, ev.MID)
	}
}

// overdue returns what to ask for again.
func (r *Room) overdue(streams []SubscriberStream) (list []ConfigureStream) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	for mid, a := range r.asks {
		s := streamOf(streams, mid)
		switch {
		case s == nil || !s.Active || s.Simulcast == nil || s.FeedID != r.applied[mid].feed:
			delete(r.asks, mid) // it is another stream, or has no layers
		case now.Before(a.due):
		default:
			list = append(list, ConfigureStream{MID: mid, Relay: Relay{Substream: new(a.substream)}})
			a.wait *= 2
			a.due = now.Add(a.wait)
			if a.left--; a.left == 0 {
				delete(r.asks, mid)
			}
		}
	}
	return list
}

// nextAsk returns when there may be something to ask for again, or somebody to give
// up; nil for never.
func (r *Room) nextAsk() <-chan time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	var first time.Time
	if len(r.who.absent) > 0 {
		first = r.missed
	}
	for _, a := range r.asks {
		if r.sub == nil {
			break
		}
		if first.IsZero() || a.due.Before(first) {
			first = a.due
		}
	}
	if first.IsZero() {
		return nil
	}
	return time.After(time.Until(first))
}
