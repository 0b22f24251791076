//go:build !js

package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

func (a *app) textListCommand() *cli.Command {
	return &cli.Command{
		Name:        "list",
		Usage:       "show the text rooms of a gateway",
		ArgsUsage:   "[URL]",
		Description: "Prints a line for each room. Private rooms are shown to those who have the plugin's\nadmin key.",
		Flags:       []cli.Flag{adminKey.cliFlag()},
		Action:      a.action(a.textList),
	}
}

func (a *app) textList(ctx context.Context, cmd *cli.Command) error {
	var key string
	if err := a.secrets(cmd, map[secret]*string{adminKey: &key}); err != nil {
		return err
	}
	return a.inSession(ctx, cmd, func(ctx context.Context, s *client.Session) error {
		h, err := textroom.Attach(ctx, s, nil)
		if err != nil {
			return err
		}
		rooms, err := h.List(ctx, key)
		if err != nil {
			return withFix(err, refusal{textroom.ErrUnauthorized, adminKey.fix()})
		}
		slices.SortFunc(rooms, func(x, y textroom.Room) int { return compareIDs(x.ID, y.ID) })
		for i := range rooms {
			r := &rooms[i]
			row := struct {
				Room         client.ID `json:"room"`
				Description  string    `json:"description"`
				Participants int       `json:"participants"`
				PIN          bool      `json:"pin_required"`
				History      int       `json:"history"`
			}{r.ID, r.Description, r.Participants, r.PINRequired, r.History}
			pin := ""
			if r.PINRequired {
				pin = ", pin"
			}
			if err := a.data(cmd, row, oneLine(fmt.Sprintf("%-10s %s (%d people%s)", r.ID, r.Description, r.Participants, pin))); err != nil {
				return err
			}
		}
		if len(rooms) == 0 {
			a.say("there are no rooms (the plugin's configuration file makes them)\n")
		}
		return nil
	})
}
