//go:build !js

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v3"
)

// adminLook are the commands about the gateway as a whole.
func (a *app) adminLook() []*cli.Command {
	return []*cli.Command{{
		Name:        "info",
		Usage:       "show what the gateway is and what it has",
		ArgsUsage:   "[URL]",
		Description: "As bifrons info, asked through the admin API. No secret is needed.",
		Action: a.adminAction(0, 0, func(ctx context.Context, c *adminCall) error {
			info, err := c.Info(ctx)
			if err != nil {
				return err
			}
			return c.data(info.Raw, describe(info))
		}),
	}, {
		Name:        "ping",
		Usage:       "measure a round trip through the gateway",
		ArgsUsage:   "[URL]",
		Description: "No secret is needed.",
		Action: a.adminAction(0, 0, func(ctx context.Context, c *adminCall) error {
			rtt, err := c.Ping(ctx)
			if err != nil {
				return err
			}
			return c.data(struct {
				RTT float64 `json:"rtt_ms"`
			}{ms(rtt)}, fmt.Sprintf("pong in %.2f ms", ms(rtt)))
		}),
	}, {
		Name:        "status",
		Usage:       "show the settings that can be changed while it runs",
		ArgsUsage:   "[URL]",
		Description: "With --json, prints the gateway's own object.",
		Action: a.adminAction(0, 0, func(ctx context.Context, c *adminCall) error {
			status, err := c.Status(ctx)
			if err != nil {
				return err
			}
			return c.data(status.Raw, flatTable(status.Raw))
		}),
	}, {
		Name:        "loops",
		Usage:       "list the static event loops and their load",
		ArgsUsage:   "[URL]",
		Description: "There are none unless event_loops in janus.jcfg says so.",
		Action: a.adminAction(0, 0, func(ctx context.Context, c *adminCall) error {
			loops, err := c.LoopsInfo(ctx)
			if err != nil {
				return err
			}
			rows := [][]string{{"LOOP", "HANDLES"}}
			type loop struct {
				ID      int `json:"id"`
				Handles int `json:"handles"`
			}
			list := []loop{}
			for _, l := range loops {
				list = append(list, loop{l.ID, l.Handles})
				rows = append(rows, []string{fmt.Sprint(l.ID), fmt.Sprint(l.Handles)})
			}
			text := table(rows)
			if len(loops) == 0 {
				text = "no static event loops: each handle has a thread of its own"
			}
			return c.data(struct {
				Loops []loop `json:"loops"`
			}{list}, text)
		}),
	}, {
		Name:      "request",
		Usage:     "send a request that has no command here",
		ArgsUsage: "[URL] NAME [JSON]",
		Description: "Prints the gateway's whole answer. JSON is an object with the fields of the\n" +
			"request; @FILE reads it from a file, where secrets belong.",
		Flags: []cli.Flag{
			&cli.Uint64Flag{Name: "session", HideDefault: true, Usage: "the session `ID` that it is about"},
			&cli.Uint64Flag{Name: "handle", HideDefault: true, Usage: "the handle `ID` that it is about"},
		},
		Action: a.adminAction(1, 2, func(ctx context.Context, c *adminCall) error {
			return c.request(ctx)
		}),
	}}
}

// table lines up columns.
func table(rows [][]string) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				_, _ = w.Write([]byte{'\t'}) // a strings.Builder takes everything
			}
			_, _ = w.Write([]byte(printable(cell)))
		}
		_, _ = w.Write([]byte{'\n'})
	}
	_ = w.Flush()
	return b.String()
}

// flatTable is a JSON object for reading, in the order of its names.
func flatTable(raw json.RawMessage) string {
	var rows [][]string
	for _, f := range flatten(raw) {
		rows = append(rows, []string{f.path, f.value})
	}
	return table(rows)
}

// indented is JSON for reading.
func indented(raw json.RawMessage) string {
	var b bytes.Buffer
	if json.Indent(&b, raw, "", "  ") != nil {
		return string(raw)
	}
	return b.String()
}
