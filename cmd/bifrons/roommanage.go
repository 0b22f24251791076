//go:build !js

package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// inSession runs f for a command that asks one thing.
func (a *app) inSession(ctx context.Context, cmd *cli.Command, f func(context.Context, *client.Session) error) error {
	url, err := a.url(cmd)
	if err != nil {
		return err
	}
	c, err := a.dial(ctx, cmd, url)
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // it is nil
	session, err := c.NewSession(ctx)
	if err != nil {
		return err
	}
	defer destroy(ctx, session)
	return f(ctx, session)
}

// managing is inSession with a handle of the plugin.
func (a *app) managing(ctx context.Context, cmd *cli.Command, f func(context.Context, *videoroom.Handle) error) error {
	return a.inSession(ctx, cmd, func(ctx context.Context, s *client.Session) error {
		h, err := videoroom.Attach(ctx, s, nil)
		if err != nil {
			return err
		}
		return f(ctx, h)
	})
}

func (a *app) roomCreateCommand() *cli.Command {
	return &cli.Command{
		Name:      "create",
		Usage:     "make a room",
		ArgsUsage: "[URL]",
		Description: "Prints the id of the room. Flags that are not given leave the choice to the gateway.\n" +
			"The secret is for those who may change and remove the room, the pin for those who may\nenter it.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "room", Usage: "the room's `ID` (default: the gateway chooses)"},
			&cli.StringFlag{Name: "description", Usage: "what the room is for, in `WORDS`"},
			&cli.IntFlag{Name: "publishers", HideDefault: true, Usage: "let `N` people send at a time"},
			&cli.IntFlag{Name: "bitrate", HideDefault: true, Usage: "ask each of them for at most `BPS` bits a second"},
			&cli.StringFlag{Name: "audio-codec", Usage: "take sound in `NAMES`, e.g. opus, the best first"},
			&cli.StringFlag{Name: "video-codec", Usage: "take pictures in `NAMES`, e.g. vp8,vp9, the best first"},
			&cli.BoolFlag{Name: "notify-joining", Usage: "tell everybody also of those who only listen"},
			&cli.BoolFlag{Name: "talking", Usage: "tell everybody who talks"},
			&cli.BoolFlag{Name: "private", Usage: "leave the room out of lists"},
			&cli.BoolFlag{Name: "permanent", Usage: "write it into the gateway's configuration"},
			&cli.BoolFlag{Name: "record", Usage: "record everybody at the gateway, into its own files"},
			&cli.StringFlag{Name: "record-dir", Usage: "put those into `DIR`, a folder of the gateway's machine"},
			roomPIN.cliFlag(), roomSecret.cliFlag(), adminKey.cliFlag(),
		},
		Action: a.action(a.roomCreate),
	}
}

func (a *app) roomCreate(ctx context.Context, cmd *cli.Command) error {
	req := videoroom.CreateRequest{AudioCodec: cmd.String("audio-codec"), VideoCodec: cmd.String("video-codec")}
	if cmd.IsSet("room") {
		var err error
		if req.Room, err = roomID(cmd); err != nil {
			return err
		}
	}
	for flag, field := range map[string]**string{"description": &req.Description, "record-dir": &req.RecDir} {
		if cmd.IsSet(flag) {
			*field = new(cmd.String(flag))
		}
	}
	for flag, field := range map[string]**int{"publishers": &req.Publishers, "bitrate": &req.Bitrate} {
		if cmd.IsSet(flag) {
			if cmd.Int(flag) < 1 {
				return usagef(cmd, "--%s must be 1 or more", flag)
			}
			*field = new(cmd.Int(flag))
		}
	}
	for flag, field := range map[string]**bool{
		"notify-joining": &req.NotifyJoining, "talking": &req.AudioLevelEvent, "private": &req.Private,
		"permanent": &req.Permanent, "record": &req.Record,
	} {
		if cmd.IsSet(flag) {
			*field = new(cmd.Bool(flag))
		}
	}
	if req.RecDir != nil && !cmd.Bool("record") {
		return usagef(cmd, "--record-dir means nothing without --record")
	}
	if err := a.secrets(cmd, map[secret]*string{roomPIN: &req.PIN, roomSecret: &req.Secret, adminKey: &req.AdminKey}); err != nil {
		return err
	}
	return a.managing(ctx, cmd, func(ctx context.Context, h *videoroom.Handle) error {
		reply, err := h.Create(ctx, req)
		if err != nil {
			return withFix(err,
				refusal{videoroom.ErrRoomExists, "choose another --room, or leave it out and the gateway chooses"},
				refusal{videoroom.ErrUnauthorized, adminKey.fix()},
				refusal{videoroom.ErrMissingElement, adminKey.fix()},
				refusal{videoroom.ErrInvalidElement, idFix},
			)
		}
		return a.changedRoom(cmd, "created", reply.Room, reply.Permanent)
	})
}

// changedRoom prints what became of a room.
func (a *app) changedRoom(cmd *cli.Command, event string, id client.ID, permanent *bool) error {
	if permanent != nil && cmd.Bool("permanent") && !*permanent {
		a.say("the gateway could not write its configuration, so this lasts until it is started again\n")
	}
	return a.data(cmd, struct {
		Event     string    `json:"event"`
		Room      client.ID `json:"room"`
		Permanent bool      `json:"permanent"`
	}{event, id, permanent != nil && *permanent}, oneLine(fmt.Sprintf("room %s %s", id, event)))
}

func (a *app) roomDestroyCommand() *cli.Command {
	return &cli.Command{
		Name:        "destroy",
		Usage:       "remove a room with everybody in it",
		ArgsUsage:   "[URL]",
		Description: "Whoever is in the room is told, and is outside then.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "room", Usage: "the room's `ID`"},
			&cli.BoolFlag{Name: "permanent", Usage: "remove it from the gateway's configuration too"},
			roomSecret.cliFlag(),
		},
		Action: a.action(func(ctx context.Context, cmd *cli.Command) error {
			id, err := roomID(cmd)
			if err != nil {
				return err
			}
			req := videoroom.DestroyRequest{Room: id}
			if cmd.IsSet("permanent") {
				req.Permanent = new(cmd.Bool("permanent"))
			}
			if err := a.secrets(cmd, map[secret]*string{roomSecret: &req.Secret}); err != nil {
				return err
			}
			return a.managing(ctx, cmd, func(ctx context.Context, h *videoroom.Handle) error {
				reply, err := h.Destroy(ctx, req)
				if err != nil {
					return withFix(err,
						refusal{videoroom.ErrNoSuchRoom, "bifrons room list shows the rooms there are"},
						refusal{videoroom.ErrUnauthorized, roomSecret.fix()},
						refusal{videoroom.ErrMissingElement, roomSecret.fix()},
						refusal{videoroom.ErrInvalidElement, idFix},
					)
				}
				return a.changedRoom(cmd, "destroyed", reply.Room, reply.Permanent)
			})
		}),
	}
}
