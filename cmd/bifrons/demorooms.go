//go:build !js

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	embedded "github.com/bifrons-rtc/bifrons/client/janustest/gateway"
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

// demoReclaim is how long the gateway of the demo keeps a session whose connection
// was lost. Of Janus' own accord that is no time at all.
const demoReclaim = 15 * time.Second

// embeddedRooms are the same, as the requests that create them.
var embeddedRooms = map[string]string{
	"janus.plugin.videoroom": `{"request":"create","room":1234,"description":"Demo Room","publishers":12,` +
		`"fir_freq":10,"notify_joining":true,"audiolevel_event":true}`,
	"janus.plugin.textroom": `{"request":"create","room":1234,"description":"Demo Room","history":20}`,
}

// startEmbedded starts the gateway that needs no Janus, and returns its URL. Where
// there is an API secret it takes tokens as well. The caller closes it.
func startEmbedded(ctx context.Context, secret string) (*embedded.Gateway, string, error) {
	opts := janustest.Options{ReclaimTimeout: demoReclaim, APISecret: secret}
	if secret != "" {
		opts.Tokens = make(map[string][]string)
	}
	gw := embedded.Start(&embedded.Options{Options: opts})
	a, err := gw.Listen()
	if err == nil {
		err = createRooms(ctx, gw, secret)
	}
	if err != nil {
		gw.Close()
		return nil, "", fmt.Errorf("embedded gateway: %w", err)
	}
	return gw, a.WS, nil
}

func createRooms(ctx context.Context, gw *embedded.Gateway, secret string) error {
	c, err := gw.Client(ctx, &client.Options{Credentials: client.Static("", secret)})
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // always nil
	s, err := c.NewSession(ctx)
	if err != nil {
		return err
	}
	for plugin, body := range embeddedRooms {
		h, err := s.Attach(ctx, plugin, nil)
		if err != nil {
			return err
		}
		if _, err := h.Request(ctx, json.RawMessage(body), nil); err != nil {
			return err
		}
	}
	return nil
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

// prefix is what stands before a command that needs an API secret.
func prefix(secret string) string {
	if secret == "" {
		return ""
	}
	return "BIFRONS_API_SECRET=" + secret + " "
}

// try prints commands for other terminals. program is what we were started as,
// secret the gateway's.
func (d *display) try(program, url, secret string) {
	program = prefix(secret) + typable(program)
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
