//go:build !js

package main

import (
	"strings"

	"github.com/urfave/cli/v3"
)

const adminHelp = `URL is that of the gateway's admin API, which has a port of its own and is off
unless its configuration turns it on: http://host:7088/admin, ws://host:7188/ or
unix:///path. It may be left out where BIFRONS_ADMIN_URL has it.

The admin secret comes from --admin-secret-file or BIFRONS_ADMIN_SECRET, and a
token that is to be added, allowed or removed from --token-file or BIFRONS_TOKEN.

SESSION and HANDLE are ids; where a handle is wanted, its own id is enough.`

// The headings of the help, which sorts them.
const (
	groupLook     = "Gateway"
	groupSessions = "Sessions and handles"
	groupCapture  = "Captures"
	groupSettings = "Settings, until the gateway restarts"
	groupTokens   = "Tokens"
	groupModules  = "Modules"
	groupNetwork  = "Network of the gateway"
)

func (a *app) adminCommand() *cli.Command {
	admin := &cli.Command{
		Name:        "admin",
		Usage:       "look after a gateway through its admin API",
		UsageText:   "bifrons [flags] admin [--admin-secret-file FILE] COMMAND [flags] [URL] [arguments]",
		Description: adminHelp,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "admin-secret-file", Usage: "read the admin secret from `FILE`", TakesFile: true},
		},
	}
	for _, group := range []struct {
		name     string
		commands []*cli.Command
	}{
		{groupLook, a.adminLook()},
		{groupSessions, a.adminSessions()},
		{groupCapture, a.adminCaptures()},
		{groupSettings, a.adminSettings()},
		{groupTokens, []*cli.Command{a.adminTokens()}},
		{groupModules, a.adminModules()},
		{groupNetwork, a.adminNetwork()},
	} {
		for _, c := range group.commands {
			c.Category = group.name
			admin.Commands = append(admin.Commands, c)
		}
	}
	return admin
}

// withHeadings makes the help of commands with commands below them show the
// headings, which only that of the root does by default. The template belongs to
// the parser's package, so that only the program itself may set it.
func withHeadings() {
	cli.SubcommandHelpTemplate = strings.Replace(cli.SubcommandHelpTemplate,
		`"visibleCommandTemplate"`, `"visibleCommandCategoryTemplate"`, 1)
}
