//go:build !js

package main

import (
	"context"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

const endHelp = `It runs until you press Ctrl-C, with the files in a loop, and then finishes the
recording. Because Ctrl-C is how such a run ends, the exit code is 0 once media
came back; it is 130 before that, and when --once or --duration was cut short.`

func (a *app) echoCommand() *cli.Command {
	return &cli.Command{
		Name:      "echo",
		Usage:     "send audio and video through the gateway's echo test",
		ArgsUsage: "[URL]",
		Description: "Sends a clip of four seconds, or the files of --in, through\njanus.plugin.echotest, takes what comes back, and shows how that goes.\n" +
			endHelp,
		Flags: append(jobFlags(""),
			&cli.DurationFlag{Name: "duration", HideDefault: true, Usage: "stop after `TIME`"},
			&cli.BoolFlag{Name: "audio", Value: true, Usage: "have audio sent back; --audio=false mutes it at the gateway"},
			&cli.BoolFlag{Name: "video", Value: true, Usage: "have video sent back; --video=false mutes it at the gateway"},
			&cli.IntFlag{Name: "bitrate", HideDefault: true, Usage: "have the gateway ask for at most `BPS` bits a second"},
			&cli.StringFlag{Name: "audio-codec", Usage: "have the gateway take no audio codec but `NAME`, e.g. opus"},
			&cli.StringFlag{Name: "video-codec", Usage: "have the gateway take no video codec but `NAME`, e.g. vp8"},
			&cli.BoolFlag{Name: "record", Usage: "record at the gateway, into its own files"},
			&cli.StringFlag{Name: "record-name", Usage: "begin the names of the gateway's files with `PATH`"},
		),
		DisableSliceFlagSeparator: true, // a comma may be part of a file's name
		Action: a.action(func(ctx context.Context, cmd *cli.Command) error {
			url, err := a.url(cmd)
			if err != nil {
				return err
			}
			j, err := a.newJob(cmd)
			if err != nil {
				return err
			}
			j.url, j.length = url, cmd.Duration("duration")
			switch {
			case j.length < 0:
				return usagef(cmd, "--duration must not be negative")
			case j.length > 0 && j.once:
				return usagef(cmd, "--once ends with the files and --duration by the clock: give one of them")
			}
			if j.config, err = echoConfig(cmd); err != nil {
				return err
			}
			defer j.close()
			if err := j.open(ctx); err != nil {
				return err
			}
			return a.echo(ctx, cmd, j)
		}),
	}
}

// jobFlags are those echo and demo share.
func jobFlags(out string) []cli.Flag {
	return []cli.Flag{
		inFlag(),
		&cli.StringFlag{Name: "out", Value: out, Usage: "record what comes back into `FILE`, a WebM", TakesFile: true},
		&cli.BoolFlag{Name: "once", Usage: "play the files once, then check what came back"},
	}
}

// echoConfig has only what was asked for, so that the plugin's own defaults
// count.
func echoConfig(cmd *cli.Command) (echotest.Config, error) {
	var c echotest.Config
	if cmd.IsSet("audio") {
		c.Audio = new(cmd.Bool("audio"))
	}
	if cmd.IsSet("video") {
		c.Video = new(cmd.Bool("video"))
	}
	if cmd.IsSet("bitrate") {
		if cmd.Int("bitrate") < 0 {
			return c, usagef(cmd, "--bitrate must not be negative")
		}
		c.Bitrate = new(cmd.Int("bitrate"))
	}
	if cmd.IsSet("record") {
		c.Record = new(cmd.Bool("record"))
	}
	if cmd.IsSet("record-name") && !cmd.Bool("record") {
		return c, usagef(cmd, "--record-name means nothing without --record")
	}
	for flag, field := range map[string]**string{
		"record-name": &c.Filename, "audio-codec": &c.AudioCodec, "video-codec": &c.VideoCodec,
	} {
		if cmd.IsSet(flag) {
			*field = new(cmd.String(flag))
		}
	}
	return c, nil
}
