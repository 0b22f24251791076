//go:build !js

package main

import (
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client"
)

func (a *app) roomCommand() *cli.Command {
	return &cli.Command{
		Name:  "room",
		Usage: "make video rooms, send to them and record them",
		Description: "Works with the rooms of janus.plugin.videoroom. A room's id is a number; where the\n" +
			"gateway has string_ids it is a word, and one that looks like a number is written\n" +
			"in quotes: --room '\"1234\"'.\n" +
			"\nPins, secrets and tokens come from files or from the environment: BIFRONS_ROOM_PIN,\n" +
			"BIFRONS_ROOM_SECRET, BIFRONS_ROOM_TOKEN and BIFRONS_ADMIN_KEY.",
		Commands: []*cli.Command{
			a.roomListCommand(),
			a.roomCreateCommand(),
			a.roomDestroyCommand(),
			a.roomJoinCommand(),
			a.roomPublishCommand(),
			a.roomRecordCommand(),
		},
	}
}

// defaultRoom is the one the configuration has that comes with Janus.
const defaultRoom = "1234"

func roomFlag() cli.Flag {
	return &cli.StringFlag{Name: "room", Value: defaultRoom, Usage: "the room's `ID`"}
}

// roomID is what --room says.
func roomID(cmd *cli.Command) (client.ID, error) {
	id := idOf(cmd.String("room"))
	if id.String() == "" {
		return id, usagef(cmd, "--room needs the id of a room: bifrons room list shows those there are")
	}
	return id, nil
}

// idOf is what a person means by s; quotes make a word of what looks like a number.
func idOf(s string) client.ID {
	if word, quoted := strings.CutPrefix(s, `"`); quoted {
		return client.StrID(strings.TrimSuffix(word, `"`))
	}
	return client.ParseID(s)
}

func nameFlag(what string) cli.Flag {
	return &cli.StringFlag{Name: "as", Usage: "be called `NAME` " + what + ", not what you are called on this machine"}
}

// userName is what to call the user.
func (a *app) userName(cmd *cli.Command) string {
	for _, name := range []string{cmd.String("as"), a.getenv("USER"), a.getenv("USERNAME")} {
		if name != "" {
			return name
		}
	}
	return "bifrons"
}

// lengthFlags say for how long a command runs.
func lengthFlags() []cli.Flag {
	return []cli.Flag{
		&cli.DurationFlag{Name: "for", HideDefault: true, Usage: "end after `TIME`, not when interrupted"},
		&cli.DurationFlag{Name: "retry", Value: 30 * time.Second, Usage: "when the connection is lost, try for `TIME` to have it back; 0 gives up at once"},
	}
}

// lengths reads them.
func lengths(cmd *cli.Command) (length, retry time.Duration, err error) {
	length, retry = cmd.Duration("for"), cmd.Duration("retry")
	switch {
	case length < 0:
		return 0, 0, usagef(cmd, "--for must not be negative")
	case retry < 0:
		return 0, 0, usagef(cmd, "--retry must not be negative")
	}
	return length, retry, nil
}
