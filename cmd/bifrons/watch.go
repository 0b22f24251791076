//go:build !js

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
)

// watch follows a running echo until it is over.
type watch struct {
	job  *job
	show *display
	peer *media.Peer
	rec  *recording

	connected time.Time                    // zero: not yet
	first     bool                         // the first frame was recorded
	played    map[media.Kind]time.Duration // how long the sources that ended played
	last      *media.Stats                 // the newest numbers; nil: none yet
	arrived   uint64                       // packets that came, when they were last counted
	quiet     int                          // ticks since then without another
}

// tick is how often the numbers are looked at; the display has its own pace.
const tick = 100 * time.Millisecond

// quietTicks without a packet after the sources ended mean that all is back;
// drainTicks is when nobody waits any longer.
const (
	quietTicks = 3
	drainTicks = 20
)

// run returns nil when the job is done, else why it ended before that.
func (w *watch) run(ctx context.Context, h stream) error {
	events, ended, stop := follow(ctx, h)
	defer stop()
	finished := make(chan media.Source, len(w.job.sources))
	for _, s := range w.job.sources {
		// Each waits for the end of a source, which job.close brings at the
		// latest; nobody waits for it, since the channel has room.
		go func() { <-s.Done(); finished <- s }()
	}
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	clock := time.NewTimer(w.job.timeout) // for the connection, then the job's length
	defer clock.Stop()
	w.played = make(map[media.Kind]time.Duration)
	draining := 0
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case ev := <-events:
			before := w.connected
			if err := w.event(ctx, ev); err != nil {
				return err
			}
			if before != w.connected {
				clock.Stop()
				if w.job.length > 0 {
					clock.Reset(w.job.length)
				}
			}
		case err := <-ended:
			return fmt.Errorf("echo: %w", err)
		case s := <-finished:
			if err := s.Err(); err != nil {
				return err
			}
			w.played[s.Kind()] = time.Since(w.connected)
		case <-clock.C:
			if !w.connected.IsZero() {
				return nil
			}
			return noMedia("echo", w.job.timeout)
		case <-w.rec.Done():
			return w.rec.Err()
		case <-ticker.C:
			w.look(ctx)
			if len(w.played) < len(w.job.sources) {
				continue
			}
			if draining++; w.quiet >= quietTicks || draining >= drainTicks {
				return nil
			}
		}
	}
}

// event handles one event; an error ends the run.
func (w *watch) event(ctx context.Context, ev client.Event) error {
	switch ev := ev.(type) {
	case *media.TrackAdded:
		w.show.track(ev.Track)
		return ev.Track.Attach(w.rec.Recorder)
	case *media.StateChanged:
		switch ev.State {
		case media.StateConnected:
			if w.connected.IsZero() {
				w.connected = time.Now()
			}
			w.show.connected(w.pair(ctx))
		case media.StateDisconnected:
			w.show.notice("the media connection is interrupted")
		case media.StateFailed, media.StateClosed:
			if w.job.lasts && ev.State == media.StateFailed {
				break // it is mended, or closes
			}
			if ev.Err != nil {
				return ev.Err
			}
			return errors.New("echo: the peer connection closed")
		}
	case *client.SlowLink:
		w.show.slowLink(ev)
	case *client.Interrupted:
		if !w.job.lasts {
			return ev.Err
		}
		w.show.notice("the connection is lost, trying again: " + ev.Err.Error())
	case *client.Resumed:
		if w.show.notice("connected again"); ev.Err != nil {
			w.show.notice("not all is as it was: " + ev.Err.Error())
		}
	case *client.Hangup:
		if w.job.lasts && ev.Fault() {
			break
		}
		return fmt.Errorf("echo: the gateway hung up: %s (its log may say why)", ev.Reason)
	case *client.Dropped:
		w.show.notice(fmt.Sprintf("%d events were dropped: this machine is too slow", ev.Count))
	}
	return nil
}

// pair returns the addresses media takes, ours first.
func (w *watch) pair(ctx context.Context) (local, remote string) {
	stats, err := w.peer.Stats(ctx)
	if err != nil {
		return "", ""
	}
	return stats.Local, stats.Remote
}

// look shows the numbers of the moment.
func (w *watch) look(ctx context.Context) {
	if !w.count(ctx) {
		return
	}
	rec := w.rec.Stats()
	if !w.first && !rec.Started.IsZero() {
		w.first = true
		w.show.firstFrame(rec.Started)
	}
	w.show.numbers(w.last, rec)
}

// count takes the numbers of the moment. It reports false when the peer is
// closing; the event that says why is on its way then.
func (w *watch) count(ctx context.Context) bool {
	stats, err := w.peer.Stats(ctx)
	if err != nil {
		return false
	}
	w.last = stats
	var packets uint64
	for _, s := range stats.Streams {
		if !s.Sent {
			packets += s.Packets
		}
	}
	w.quiet++
	if packets != w.arrived {
		w.arrived, w.quiet = packets, 0
	}
	return true
}
