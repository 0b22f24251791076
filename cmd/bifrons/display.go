//go:build !js

package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
)

// display shows how an echo goes: lines that stay, and below them, on a
// terminal, one line that changes. Elsewhere the changing line is a line a
// second. With --json everything is also an object on standard output. One
// goroutine calls it.
type display struct {
	app   *app
	cmd   *cli.Command
	began time.Time
	live  bool // a terminal, and nobody else writes to it
	data  bool // the lines are data, and go to standard output

	width   int       // of the line that changes, as it stands there
	drawn   time.Time // when it was
	counted time.Time // when the rates were computed
	before  media.Stats
	rates   rates
	rated   bool  // rates are of a whole report
	err     error // the first error of standard output
}

// rates are bits a second.
type rates struct {
	Sent     int `json:"sent_bps"`
	Received int `json:"received_bps"`
}

const (
	redraw = 200 * time.Millisecond // of the line that changes
	report = time.Second            // of plain lines, objects and rates
)

func (a *app) newDisplay(cmd *cli.Command, began time.Time) *display {
	return &display{app: a, cmd: cmd, began: began, live: a.columns() > 0 && !cmd.Bool("trace")}
}

// line prints a line that stays, with the time since the beginning, and v.
func (d *display) line(at time.Time, v any, format string, args ...any) {
	d.clear()
	text := fmt.Sprintf("%7.3f s  %s\n", at.Sub(d.began).Seconds(), oneLine(fmt.Sprintf(format, args...)))
	if d.data && !d.cmd.Bool("json") {
		if d.err == nil {
			d.err = output(io.WriteString(d.app.stdout, text))
		}
		return
	}
	d.app.say(text)
	d.object(v)
}

// object prints v with --json.
func (d *display) object(v any) {
	if d.err == nil && d.cmd.Bool("json") {
		d.err = d.app.data(d.cmd, v, "")
	}
}

func (d *display) clear() {
	if d.width > 0 {
		// Spaces instead of an escape sequence: every terminal knows them.
		d.app.say("\r" + strings.Repeat(" ", d.width) + "\r")
		d.width = 0
	}
}

// draw puts text on the line that changes.
func (d *display) draw(text string) {
	if columns := d.app.columns(); utf8.RuneCountInString(text) >= columns {
		text = string([]rune(text)[:max(0, columns-1)])
	}
	width := utf8.RuneCountInString(text)
	d.app.say("\r" + text + strings.Repeat(" ", max(0, d.width-width)))
	d.width = width
}

// end leaves the terminal on a line of its own.
func (d *display) end() {
	if d.width > 0 {
		d.app.say("\n")
		d.width = 0
	}
}

// happened is what all objects of events have.
type happened struct {
	Event string  `json:"event"`
	At    float64 `json:"at_s"` // since the beginning
}

func (d *display) happened(event string, at time.Time) happened {
	return happened{event, at.Sub(d.began).Round(time.Millisecond).Seconds()}
}

func (d *display) started(url, media string) {
	now := time.Now()
	d.line(now, struct {
		happened
		URL   string `json:"url"`
		Media string `json:"media"`
	}{d.happened("gateway", now), url, media}, "started Janus on %s, media on %s", url, media)
}

// embedded says what stands in for a Janus.
func (d *display) embedded(url string) {
	now := time.Now()
	d.line(now, struct {
		happened
		URL      string `json:"url"`
		Embedded bool   `json:"embedded"`
	}{d.happened("gateway", now), url, true}, "embedded gateway (a test double, loopback only) on %s; --janus starts the installed Janus", url)
}

func (d *display) page(url string) {
	now := time.Now()
	d.line(now, struct {
		happened
		URL string `json:"url"`
	}{d.happened("page", now), url}, "the page is on %s", url)
}

func (d *display) attached(url, what string) {
	now := time.Now()
	d.line(now, struct {
		happened
		URL string `json:"url"`
	}{d.happened("attached", now), url}, "attached to %s, sending %s", url, what)
}

func (d *display) connected(local, remote string) {
	now := time.Now()
	d.line(now, struct {
		happened
		Local  string `json:"local"`
		Remote string `json:"remote"`
	}{d.happened("connected", now), local, remote}, "connected, ICE from %s to %s", local, remote)
}

func (d *display) track(t *media.Track) {
	now := time.Now()
	d.line(now, struct {
		happened
		Kind  string `json:"kind"`
		Codec string `json:"codec"`
	}{d.happened("track", now), t.Kind.String(), t.Codec.Name()}, "%s is back: %s", t.Kind, t.Codec.Name())
}

func (d *display) firstFrame(at time.Time) {
	d.line(at, d.happened("first_frame", at), "first frame is back")
}

func (d *display) slowLink(ev *client.SlowLink) {
	now := time.Now()
	direction := "to the gateway"
	if ev.Uplink {
		direction = "from the gateway"
	}
	d.line(now, struct {
		happened
		Kind   string `json:"kind"`
		Uplink bool   `json:"uplink"`
		Lost   int    `json:"lost"`
	}{d.happened("slowlink", now), ev.Media, ev.Uplink, ev.Lost}, "slow link: %d %s packets lost %s", ev.Lost, ev.Media, direction)
}

func (d *display) notice(text string) {
	now := time.Now()
	d.line(now, struct {
		happened
		Text string `json:"text"`
	}{d.happened("notice", now), text}, "%s", text)
}
