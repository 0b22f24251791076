//go:build !js

package main

import (
	"context"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

const untilHelp = "It runs until you press Ctrl-C, or for as long as --for says, and then finishes what it\nrecords; the exit code is 0 then, and 130 where Ctrl-C was too early for that."

const recordHelp = "WebM with VP8 or VP9, and Opus; a file is finished when its sender\nleaves, and plays until there if the program dies."

func visitFlags() []cli.Flag {
	return append([]cli.Flag{roomFlag(), nameFlag("in the room"), roomPIN.cliFlag(), roomToken.cliFlag()}, lengthFlags()...)
}

func (a *app) roomJoinCommand() *cli.Command {
	return &cli.Command{
		Name:      "join",
		Usage:     "watch who comes, sends, talks and goes",
		ArgsUsage: "[URL]",
		Description: "Enters a room as its audience and prints what happens there, a line each; it\nneither sends nor receives media. The gateway tells of those who only listen, and of\n" +
			"who talks, only if the room was made so: see --notify-joining and --talking of\nbifrons room create.\n" + untilHelp,
		Flags: visitFlags(),
		Action: a.action(func(ctx context.Context, cmd *cli.Command) error {
			v, err := a.newVisit(cmd)
			if err != nil {
				return err
			}
			v.show.data = true
			return v.stay(ctx)
		}),
	}
}

func (a *app) roomPublishCommand() *cli.Command {
	return &cli.Command{
		Name:      "publish",
		Usage:     "send files to a room, and record what the others send",
		ArgsUsage: "[URL]",
		Description: "Enters a room and sends a clip of four seconds, or the files of --in, again and\nagain. With --record FILE.webm the first of the others is recorded into FILE.webm,\n" +
			"and everybody after that into FILE-ID.webm, where ID is theirs in the room:\n" + recordHelp + "\n" + untilHelp,
		Flags: append(visitFlags(), inFlag(),
			&cli.BoolFlag{Name: "loop", Value: true, Usage: "play the files again and again; --loop=false leaves when they are played"},
			&cli.StringFlag{Name: "record", Usage: "record the others into `FILE`, a WebM", TakesFile: true},
		),
		DisableSliceFlagSeparator: true, // a comma may be part of a file's name
		Action: a.action(func(ctx context.Context, cmd *cli.Command) error {
			v, err := a.newVisit(cmd)
			if err != nil {
				return err
			}
			if v.once = !cmd.Bool("loop"); v.once && v.length > 0 {
				return usagef(cmd, "--loop=false ends with the files and --for by the clock: give one of them")
			}
			if cmd.IsSet("record") {
				if cmd.String("record") == "" {
					return usagef(cmd, "--record needs the name of a file")
				}
				if err := v.recordTo(cmd.String("record"), true, videoroom.Wanted{All: true}); err != nil {
					return err
				}
			}
			v.files = cmd.StringSlice("in")
			if v.sources, err = openFiles(ctx, v.files, !v.once); err != nil {
				return err
			}
			defer closeAll(v.sources)
			return v.stay(ctx)
		}),
	}
}

func (a *app) roomRecordCommand() *cli.Command {
	return &cli.Command{
		Name:      "record",
		Usage:     "record everybody in a room, each into a file",
		ArgsUsage: "[URL]",
		Description: "Enters a room as its audience and records everybody who sends, those who come later\nas well, into FILE-ID.webm each, where FILE.webm is that of --out and ID is theirs in\n" +
			"the room. With one --feed the file is FILE.webm. No file of before is overwritten,\nbut for that one.\n" + recordHelp + "\n" + untilHelp,
		Flags: append(visitFlags(),
			&cli.StringSliceFlag{Name: "feed", Usage: "record no one but who has this `ID` in the room; may be repeated"},
			&cli.StringFlag{Name: "out", Usage: "begin the names of the files with that of `FILE` (default: room-ID.webm)", TakesFile: true},
		),
		Action: a.action(func(ctx context.Context, cmd *cli.Command) error {
			v, err := a.newVisit(cmd)
			if err != nil {
				return err
			}
			name := cmd.String("out")
			if name == "" {
				name = "room-" + nameOf(v.join.Room) + ".webm"
			}
			wanted := videoroom.Wanted{All: true}
			if feeds := cmd.StringSlice("feed"); len(feeds) > 0 {
				wanted.All = false
				for _, f := range feeds {
					wanted.Feeds = append(wanted.Feeds, idOf(f))
				}
			}
			if err := v.recordTo(name, len(wanted.Feeds) == 1, wanted); err != nil {
				return err
			}
			return v.stay(ctx)
		}),
	}
}

// newVisit reads the flags of all three.
func (a *app) newVisit(cmd *cli.Command) (*visit, error) {
	v := &visit{app: a, cmd: cmd, show: a.newDisplay(cmd, time.Now()), people: people{}, timeout: cmd.Duration("timeout")}
	var err error
	if v.url, err = a.url(cmd); err != nil {
		return nil, err
	}
	if v.join.Room, err = roomID(cmd); err != nil {
		return nil, err
	}
	if v.length, v.retry, err = lengths(cmd); err != nil {
		return nil, err
	}
	v.join.Display = a.userName(cmd)
	return v, a.secrets(cmd, map[secret]*string{roomPIN: &v.join.PIN, roomToken: &v.join.Token})
}

// recordTo has what is wanted recorded. The first file is called name if plain is
// set.
func (v *visit) recordTo(name string, plain bool, wanted videoroom.Wanted) (err error) {
	wanted.Kinds = []string{"audio", "video"}
	v.wanted = wanted
	v.shelf, err = newShelf(v.show, name, plain)
	return err
}
