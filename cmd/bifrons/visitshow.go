//go:build !js

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// entered says where we are, and who is there.
func (v *visit) entered() {
	feeds, others := v.room.Feeds(), v.room.Attendees()
	now := time.Now()
	what := ""
	if len(v.sources) > 0 {
		what = ", sending " + whatOf(v.files, v.sources)
	}
	v.show.line(now, struct {
		happened
		Room   client.ID `json:"room"`
		ID     client.ID `json:"id"`
		Name   string    `json:"name"`
		People int       `json:"people"` // who were there before
	}{v.show.happened("joined", now), v.room.ID(), v.room.Self(), v.join.Display, len(feeds) + len(others)},
		"in room %s as %s (id %s)%s; others here: %d", v.room.ID(), v.join.Display, v.room.Self(), what, len(feeds)+len(others))
	for i := range feeds {
		v.sends(&feeds[i])
	}
	for _, o := range others {
		v.came(o.ID, o.Display)
	}
}

// person prints news of somebody.
func (d *display) person(event string, id client.ID, name, format string, args ...any) {
	now := time.Now()
	d.line(now, struct {
		happened
		ID   client.ID `json:"id"`
		Name string    `json:"name"`
	}{d.happened(event, now), id, name}, format, args...)
}

func (v *visit) came(id client.ID, name string) {
	if id == v.room.Self() {
		return
	}
	if _, fresh := v.people.get(id, name); fresh {
		v.show.person("came", id, name, "%s is here (id %s)", v.people.name(id), id)
	}
}

func (v *visit) sends(f *videoroom.Feed) {
	if f.ID == v.room.Self() {
		return
	}
	list := sentBy(f)
	text := sentText(list)
	v.came(f.ID, f.Display)
	who, _ := v.people.get(f.ID, f.Display)
	if who.sends == text {
		return
	}
	who.sends = text
	now, name := time.Now(), v.people.name(f.ID)
	v.show.line(now, struct {
		happened
		ID      client.ID `json:"id"`
		Name    string    `json:"name"`
		Streams []sent    `json:"streams"`
	}{v.show.happened("sends", now), f.ID, name, list}, "%s sends %s", name, text)
}

func (v *visit) renamed(id client.ID, name string) {
	if id == v.room.Self() {
		return
	}
	before := v.people.name(id)
	v.people.get(id, name)
	v.show.person("renamed", id, name, "%s is called %s now", before, name)
}

// nameOf is what to call anybody, ourselves included.
func (v *visit) nameOf(id client.ID) string {
	if id == v.room.Self() {
		return v.join.Display
	}
	return v.people.name(id)
}

func (v *visit) talks(ev *videoroom.Talking) {
	now, name := time.Now(), v.nameOf(ev.Feed)
	words := "talks"
	if !ev.Talking {
		words = "is silent"
	}
	v.show.line(now, struct {
		happened
		ID      client.ID `json:"id"`
		Name    string    `json:"name"`
		Talking bool      `json:"talking"`
	}{v.show.happened("talking", now), ev.Feed, name, ev.Talking}, "%s %s", name, words)
}

func (v *visit) moderated(ev *videoroom.Moderated) {
	now, name := time.Now(), v.nameOf(ev.Feed)
	words := "was muted"
	if !ev.Muted {
		words = "is relayed again"
	}
	v.show.line(now, struct {
		happened
		ID    client.ID `json:"id"`
		Name  string    `json:"name"`
		MID   string    `json:"mid"`
		Muted bool      `json:"muted"`
	}{v.show.happened("moderated", now), ev.Feed, name, ev.MID, ev.Muted}, "m-line %s of %s %s", ev.MID, name, words)
}

// recording says that a file was begun.
func (d *display) recording(t *tape) {
	now := time.Now()
	d.line(now, struct {
		happened
		ID   client.ID `json:"id,omitzero"`
		Name string    `json:"name"`
		File string    `json:"file"`
	}{d.happened("recording", now), t.feed, t.name, t.path}, "recording %s into %s", t.name, t.path)
}

// recorded says that a file is finished, which is data.
func (d *display) recorded(t *tape) {
	d.clear()
	r := t.recorded()
	if d.err == nil {
		d.err = d.app.data(d.cmd, struct {
			happened
			recorded
		}{d.happened("recorded", time.Now()), r}, r.text())
	}
}

// notRecorded says that something cannot be recorded.
func (d *display) notRecorded(id client.ID, name, problem string) {
	now := time.Now()
	d.line(now, struct {
		happened
		ID   client.ID `json:"id"`
		Name string    `json:"name"`
		Text string    `json:"text"`
	}{d.happened("not_recorded", now), id, name, problem}, "%s: %s", name, problem)
}

// result says how the visit went.
func (v *visit) result(stopped bool) error {
	r := struct {
		Event       string    `json:"event"` // "result"
		OK          bool      `json:"ok"`
		Interrupted bool      `json:"interrupted"`
		Room        client.ID `json:"room"`
		Files       int       `json:"files"`
		Bytes       int64     `json:"recorded_bytes"`
	}{Event: "result", OK: !v.shelf.incomplete(), Interrupted: stopped, Room: v.room.ID()}
	if v.shelf != nil {
		r.Files, r.Bytes = v.shelf.size()
		if r.Files == 0 {
			v.app.say("nothing was recorded: nobody else sent anything\n")
		}
	}
	if v.cmd.Bool("json") {
		return v.app.data(v.cmd, r, "")
	}
	return nil
}

// numbers shows the counters of the moment, now and then.
func (v *visit) numbers(ctx context.Context, out, in *media.Peer) {
	now := time.Now()
	r, due := v.meter.look(ctx, now, v.show.live, out, in)
	if !due.any() {
		return
	}
	files, bytes := v.shelf.size()
	text := fmt.Sprintf("%d others  %d kbit/s out %d in", len(v.people), r.Sent/1000, r.Received/1000)
	if v.shelf != nil {
		text += fmt.Sprintf("  %d files %s", files, size(bytes))
	}
	v.show.running(now, due, text, struct {
		happened
		People int `json:"people"`
		rates
		Files int   `json:"files"`
		Bytes int64 `json:"recorded_bytes"`
	}{v.show.happened("stats", now), len(v.people), r, files, bytes})
}
