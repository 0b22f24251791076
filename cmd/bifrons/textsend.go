//go:build !js

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

func (a *app) textSendCommand() *cli.Command {
	return &cli.Command{
		Name:      "send",
		Usage:     "say one thing in a text room",
		ArgsUsage: "[URL] TEXT",
		Description: "Enters the room, sends TEXT, and leaves. It prints nothing; exit code 0 means that the\n" +
			"gateway has taken the message, and with --to that those it is for are there.",
		Flags: append(textFlags(),
			&cli.StringSliceFlag{Name: "to", Usage: "send it to `NAME` alone; may be repeated"},
		),
		DisableSliceFlagSeparator: true, // a comma may be part of a name
		Action:                    a.action(a.textSend),
	}
}

func (a *app) textSend(ctx context.Context, cmd *cli.Command) error {
	url, text, err := a.urlAnd(cmd, "TEXT")
	if err != nil {
		return err
	}
	c, err := a.newChat(cmd, url)
	if err != nil {
		return err
	}
	c.req.History = new(false)
	return c.enter(ctx, client.Reconnect{Off: true}, func(ctx context.Context, _ []textroom.Participant) error {
		sent, err := c.conn.Message(ctx, textroom.MessageRequest{Room: c.req.Room, Text: text, Tos: cmd.StringSlice("to")})
		if err != nil {
			return c.fix(err)
		}
		if missing := c.missing(sent.To); missing != nil {
			return missing
		}
		if !cmd.Bool("json") {
			return nil
		}
		return a.data(cmd, struct {
			Event string          `json:"event"` // "sent"
			Room  client.ID       `json:"room"`
			To    map[string]bool `json:"to,omitempty"`
		}{"sent", c.req.Room, sent.To}, "")
	})
}

// missing names those a private message could not be sent to; nil: there are none.
func (c *chat) missing(to map[string]bool) error {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(to)) {
		if !to[name] {
			quoted, _ := json.Marshal(name) // a string always works
			names = append(names, string(quoted))
		}
	}
	if names == nil {
		return nil
	}
	return fmt.Errorf("text: nobody in room %s is called %s (bifrons text join shows who is there)", c.req.Room, strings.Join(names, " or "))
}
