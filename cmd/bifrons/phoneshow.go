//go:build !js

package main

import (
	"context"
	"fmt"
	"time"
)

func (d *display) registered(name string) {
	now := time.Now()
	d.line(now, struct {
		happened
		Name string `json:"name"`
	}{d.happened("registered", now), name}, "registered as %s", name)
}

// call prints news of the call; name is the other side's.
func (d *display) call(event, name, text string) {
	now := time.Now()
	d.line(now, struct {
		happened
		Name string `json:"name"`
	}{d.happened(event, now), name}, "%s", text)
}

// result says how the call went.
func (p *phone) result(stopped bool) error {
	r := struct {
		Event       string `json:"event"` // "result"
		OK          bool   `json:"ok"`
		Interrupted bool   `json:"interrupted"`
		Name        string `json:"name"` // of the other side
		Files       int    `json:"files"`
		Bytes       int64  `json:"recorded_bytes"`
	}{Event: "result", OK: !p.shelf.incomplete(), Interrupted: stopped, Name: p.other}
	if p.shelf != nil {
		r.Files, r.Bytes = p.shelf.size()
		if r.Files == 0 {
			p.app.say("nothing was recorded: the other side sent nothing\n")
		}
	}
	if p.cmd.Bool("json") {
		return p.app.data(p.cmd, r, "")
	}
	return nil
}

// numbers shows the counters of the moment, now and then.
func (p *phone) numbers(ctx context.Context, now time.Time) {
	r, due := p.meter.look(ctx, now, p.show.live, p.peer)
	if !due.any() {
		return
	}
	files, bytes := p.shelf.size()
	text := fmt.Sprintf("%d kbit/s out %d in", r.Sent/1000, r.Received/1000)
	if p.shelf != nil {
		text += "  " + size(bytes)
	}
	p.show.running(now, due, text, struct {
		happened
		rates
		Files int   `json:"files"`
		Bytes int64 `json:"recorded_bytes"`
	}{p.show.happened("stats", now), r, files, bytes})
}
