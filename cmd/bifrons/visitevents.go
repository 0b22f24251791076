//go:build !js

package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// event handles one event; an error ends the visit.
func (v *visit) event(ev client.Event) error {
	switch ev := ev.(type) {
	case *videoroom.Joined:
		v.came(ev.Attendee.ID, ev.Attendee.Display)
	case *videoroom.Published:
		for i := range ev.Feeds {
			v.sends(&ev.Feeds[i])
		}
	case *videoroom.Unpublished:
		return v.stopped(ev.Feed)
	case *videoroom.Left:
		if !ev.Own {
			return v.gone(ev.Feed, "left", "left")
		}
	case *videoroom.Kicked:
		return v.gone(ev.Feed, "kicked", "was kicked")
	case *videoroom.Changed:
		if ev.Display != nil {
			v.renamed(ev.Feed, *ev.Display)
		}
	case *videoroom.Talking:
		v.talks(ev)
	case *videoroom.Moderated:
		v.moderated(ev)
	case *videoroom.SlowLink:
		v.show.notice(fmt.Sprintf("slow link: the gateway misses packets of ours, and asks for %d kbit/s", ev.Bitrate/1000))
	case *videoroom.Error:
		v.show.notice("the gateway refuses something: " + ev.Err.Error())
	case *videoroom.PublicationFailed:
		v.show.notice("sending again did not work yet: " + ev.Err.Error())
	case *videoroom.SubscriptionFailed:
		v.show.notice("receiving does not work: " + ev.Err.Error())
	case *media.TrackAdded:
		return v.track(ev.Track)
	case *media.TrackEnded:
		return v.settle()
	case *media.StateChanged:
		if ev.State == media.StateDisconnected {
			v.show.notice("the media connection is interrupted")
		}
	case *client.SlowLink:
		v.show.slowLink(ev)
	case *client.Dropped:
		v.show.notice(fmt.Sprintf("%d events were dropped: this machine is too slow", ev.Count))
		return v.reconcile()
	case *client.Interrupted:
		if v.away {
			return nil // both handles say so
		}
		v.away = true
		v.show.notice(fmt.Sprintf("the connection is lost, trying again for %v: %v", v.retry, ev.Err))
	case *client.Resumed:
		if !v.away {
			return nil
		}
		v.away = false
		v.show.notice("connected again") // who came and went meanwhile, the room tells
	}
	return nil
}

// track records a track that begins, if anything is recorded.
func (v *visit) track(t *media.Track) error {
	s := v.room.Stream(t.MID)
	if s == nil {
		return nil
	}
	kinds := make(map[string]bool)
	for _, f := range v.room.Feeds() {
		for _, m := range f.Streams {
			if f.ID == s.FeedID && !m.Disabled {
				kinds[m.Type] = true
			}
		}
	}
	return v.shelf.add(s.FeedID, v.people.name(s.FeedID), t, kinds["audio"] && kinds["video"])
}

// stopped is about somebody who does not send any more.
func (v *visit) stopped(id client.ID) error {
	who, _ := v.people.get(id, "")
	if who.sends == "" {
		return nil
	}
	who.sends = ""
	v.show.person("stopped", id, v.people.name(id), "%s sends nothing any more", v.people.name(id))
	return v.settle()
}

// settle finishes the recordings of those who send nothing any more. Where a track
// lives on, it is the gateway that was restarted, and the sender is about to be
// back: the file goes on.
func (v *visit) settle() error {
	return v.shelf.keep(func(id client.ID) bool {
		who := v.people[id]
		return who != nil && who.sends != "" || v.shelf.open[id].live()
	})
}

// gone is about somebody who is not in the room any more.
func (v *visit) gone(id client.ID, event, words string) error {
	if v.people[id] != nil {
		name := v.people.name(id)
		delete(v.people, id)
		v.show.person(event, id, name, "%s %s", name, words)
	}
	return v.ended(id)
}

// ended finishes the recording of a feed.
func (v *visit) ended(id client.ID) error {
	return v.shelf.finish(id)
}

// reconcile takes note of who is there after events may have been missed.
func (v *visit) reconcile() error {
	feeds := v.room.Feeds()
	v.people.keep(feeds, v.room.Attendees())
	for i := range feeds {
		v.sends(&feeds[i])
	}
	return v.shelf.keep(func(id client.ID) bool {
		return slices.ContainsFunc(feeds, func(f videoroom.Feed) bool { return f.ID == id })
	})
}

// roomEnded says why the room ended, and what can be done about it.
func roomEnded(err error) error {
	switch {
	case errors.Is(err, videoroom.ErrKicked):
		return fmt.Errorf("%w (somebody with the room's secret did that; join again if you may)", err)
	case errors.Is(err, videoroom.ErrDestroyed):
		return fmt.Errorf("%w (bifrons room create makes another)", err)
	}
	return fmt.Errorf("room: %w", err)
}
