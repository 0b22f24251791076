//go:build !js

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/admin"
)

func (a *app) adminWatch() *cli.Command {
	return &cli.Command{
		Name:      "watch",
		Usage:     "show a handle and then what changes about it",
		ArgsUsage: "[URL] [SESSION] HANDLE",
		Description: "It ends when the handle does, or with Ctrl-C, and exits 0 in both cases. With\n" +
			"--json, each line is an object: the handle, then its changes.",
		Flags: []cli.Flag{
			&cli.DurationFlag{Name: "interval", Value: time.Second, Usage: "look every `TIME`"},
			&cli.BoolFlag{Name: "plugin-only", Usage: "leave the peer connection out"},
		},
		Action: a.adminAction(1, 2, func(ctx context.Context, c *adminCall) error {
			interval := c.cmd.Duration("interval")
			if interval <= 0 {
				return usagef(c.cmd, "--interval must be more than zero")
			}
			session, handle, err := c.handle(ctx)
			if err != nil {
				return err
			}
			return c.watch(ctx, session, handle, &admin.WatchOptions{Interval: interval, PluginOnly: c.cmd.Bool("plugin-only")})
		}),
	}
}

// clocks are the fields that change with every look and say nothing.
var clocks = []string{"current_time", "session_last_activity"}

// change is one field that is not what it was before.
type change struct {
	Path string `json:"path"`
	From string `json:"from"` // empty: it was not there
	To   string `json:"to"`   // empty: it is gone
}

func (c *adminCall) watch(ctx context.Context, session, handle uint64, opts *admin.WatchOptions) error {
	var before []field
	began := time.Now()
	for info, err := range c.WatchHandle(ctx, session, handle, opts) {
		switch {
		case err == nil:
		case before != nil && interrupted(ctx, err):
			return nil // that is how a watch ends
		case before != nil && (errors.Is(err, client.HandleNotFound) || errors.Is(err, client.SessionNotFound)):
			return c.data(c.app.happenedSince("gone", began), "the handle is gone")
		default:
			return err
		}
		raw := client.Redact(info.Raw)
		now := flatten(raw)
		if before == nil {
			err = c.data(struct {
				happened
				Handle json.RawMessage `json:"handle"`
			}{c.app.happenedSince("handle", began), raw}, describeHandle(info))
		} else if changes := compare(before, now); len(changes) > 0 {
			err = c.data(struct {
				happened
				Changes []change `json:"changes"`
			}{c.app.happenedSince("changed", began), changes}, describeChanges(time.Since(began), changes))
		}
		if err != nil {
			return err
		}
		before = now
	}
	return nil
}

// happenedSince is the time of an event of a watch that began then.
func (a *app) happenedSince(event string, began time.Time) happened {
	return happened{event, time.Since(began).Round(time.Millisecond).Seconds()}
}

// compare lists what changed, in the order of the paths.
func compare(before, now []field) []change {
	var list []change
	for len(before) > 0 || len(now) > 0 {
		var c change
		switch {
		case len(now) == 0 || len(before) > 0 && before[0].path < now[0].path:
			c, before = change{before[0].path, before[0].value, ""}, before[1:]
		case len(before) == 0 || now[0].path < before[0].path:
			c, now = change{now[0].path, "", now[0].value}, now[1:]
		default:
			c = change{now[0].path, before[0].value, now[0].value}
			before, now = before[1:], now[1:]
		}
		if c.From != c.To && !slices.Contains(clocks, c.Path) {
			list = append(list, c)
		}
	}
	return list
}

// instants are times of the gateway's clock, which say nothing to people.
var instants = []string{"connected", "handshake-started", "gathered", "failed-detected", "agent-created", "agent-started", "created"}

// describeChanges puts what changed in one object on one line.
func describeChanges(at time.Duration, changes []change) string {
	var objects []string
	lines := map[string]string{}
	for _, c := range changes {
		object, name := "", c.Path
		if i := strings.LastIndexByte(c.Path, '.'); i >= 0 {
			object, name = c.Path[:i], c.Path[i+1:]
		}
		text := name + " " + orNothing(brief(c.From)) + " → " + orNothing(brief(c.To))
		if slices.Contains(instants, name) && c.To != "" {
			text = name + " now"
		}
		if line, ok := lines[object]; ok {
			lines[object] = line + ", " + text
			continue
		}
		objects = append(objects, object)
		if object != "" {
			text = object + ": " + text
		}
		lines[object] = fmt.Sprintf("%7.1f s  %s", at.Seconds(), text)
	}
	var b strings.Builder
	for _, object := range objects {
		b.WriteString(lines[object] + "\n")
	}
	return b.String()
}

// brief cuts what is too long for a line, such as a session description.
func brief(s string) string {
	const most = 60
	s = oneLine(s)
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
