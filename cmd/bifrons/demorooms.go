//go:build !js

package main

import (
	"path/filepath"
	"strings"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
)

// demoRooms are those of the configuration that comes with Janus, with room for
// more people, and with all there is to see.
var demoRooms = map[string]string{
	"janus.plugin.videoroom.jcfg": `room-1234: {
	description = "Demo Room"
	publishers = 12
	fir_freq = 10
	notify_joining = true
	audiolevel_event = true
}`,
	"janus.plugin.textroom.jcfg": `room-1234: {
	description = "Demo Room"
	history = 20
}`,
}

// typable is what to type for a program in another terminal, whose folder is
// another.
func typable(program string) string {
	if strings.ContainsRune(program, filepath.Separator) {
		if path, err := filepath.Abs(program); err == nil {
			program = path
		}
	}
	if strings.ContainsAny(program, " \t\"$&;|()") {
		return "'" + program + "'"
	}
	return program
}

// try prints commands for other terminals. program is what we were started as.
func (d *display) try(program, url string) {
	program = typable(program)
	url = transport.Redact(url)
	for _, c := range []struct{ what, command string }{
		{"its video room, from another terminal", "room publish " + url + " --in clip --record out.webm"},
		{"its text room, likewise", "text join " + url + " --as ann"},
		{"a call is waited for in one terminal", "call " + url + " --as ann --answer"},
		{"and made in another, or in the page", "call " + url + " ann --as bob --in clip --record call.webm"},
	} {
		now, command := time.Now(), program+" "+c.command
		d.line(now, struct {
			happened
			Command string `json:"command"`
		}{d.happened("try", now), command}, "%s: %s", c.what, command)
	}
}
