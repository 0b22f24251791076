//go:build !js

package main

import "github.com/urfave/cli/v3"

// secret is what only some may know. It comes from a file or from the
// environment, and never from the command line.
type secret struct{ flag, variable, what string }

var (
	roomPIN    = secret{"pin-file", "BIFRONS_ROOM_PIN", "the room's pin"}
	roomToken  = secret{"room-token-file", "BIFRONS_ROOM_TOKEN", "the token that lets you into the room"}
	roomSecret = secret{"room-secret-file", "BIFRONS_ROOM_SECRET", "the room's secret"}
	adminKey   = secret{"admin-key-file", "BIFRONS_ADMIN_KEY", "the plugin's admin key"}
)

func (s secret) cliFlag() cli.Flag {
	return &cli.StringFlag{Name: s.flag, Usage: "read " + s.what + " from `FILE`, not from " + s.variable, TakesFile: true}
}

// secrets reads some of them, each into its place; those not given are empty.
func (a *app) secrets(cmd *cli.Command, places map[secret]*string) error {
	for s, place := range places {
		o := origin{flag: s.flag, file: cmd.String(s.flag), variable: s.variable, value: a.getenv(s.variable)}
		var err error
		if *place, err = o.read(); err != nil {
			return err
		}
	}
	return nil
}

// fix says how to give it.
func (s secret) fix() string { return "give " + s.what + " with --" + s.flag + " or " + s.variable }
