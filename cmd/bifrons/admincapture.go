//go:build !js

package main

import (
	"context"
	"path"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client/admin"
)

// adminCaptures are the commands that have the gateway write packets to files.
func (a *app) adminCaptures() []*cli.Command {
	return []*cli.Command{
		a.adminCapture("pcap", "capture the packets of a handle, decrypted, as pcap",
			(*admin.Client).StartPcap, (*admin.Client).StopPcap),
		a.adminCapture("text2pcap", "capture the packets of a handle as the text that text2pcap reads",
			(*admin.Client).StartText2pcap, (*admin.Client).StopText2pcap),
	}
}

func (a *app) adminCapture(name, usage string,
	start func(*admin.Client, context.Context, uint64, uint64, admin.Capture) error,
	stop func(*admin.Client, context.Context, uint64, uint64) error,
) *cli.Command {
	return &cli.Command{
		Name:  name,
		Usage: usage,
		Commands: []*cli.Command{{
			Name:      "start",
			Usage:     "start a capture",
			ArgsUsage: "[URL] [SESSION] HANDLE",
			Description: "The file is the gateway's: on its machine, and with the rights of its user. One\n" +
				"that is there is appended to. A handle has one capture at a time.",
			Flags: []cli.Flag{
				&cli.StringFlag{Name: "file", Required: true, Usage: "write to `PATH` on the gateway's machine; folders are made"},
				&cli.IntFlag{Name: "truncate", HideDefault: true, Usage: "keep the first `BYTES` of each packet; default all"},
			},
			Action: a.adminAction(1, 2, func(ctx context.Context, c *adminCall) error {
				file, truncate := c.cmd.String("file"), c.cmd.Int("truncate")
				folder, name := path.Split(file)
				if folder == "" || name == "" {
					return usagef(c.cmd, "--file must be a whole path on the gateway's machine, such as /tmp/one.pcap")
				}
				if truncate < 0 {
					return usagef(c.cmd, "--truncate must not be negative")
				}
				session, handle, err := c.handle(ctx)
				if err != nil {
					return err
				}
				to := admin.Capture{Folder: path.Clean(folder), Filename: name, Truncate: truncate}
				return c.done(start(c.Client, ctx, session, handle, to), "capturing handle %d to %s", handle, file)
			}),
		}, {
			Name:      "stop",
			Usage:     "stop the capture",
			ArgsUsage: "[URL] [SESSION] HANDLE",
			Action: a.adminAction(1, 2, func(ctx context.Context, c *adminCall) error {
				session, handle, err := c.handle(ctx)
				if err != nil {
					return err
				}
				return c.done(stop(c.Client, ctx, session, handle), "stopped the capture of handle %d", handle)
			}),
		}},
	}
}
