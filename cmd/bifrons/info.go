//go:build !js

package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client"
)

func (a *app) infoCommand() *cli.Command {
	return &cli.Command{
		Name:        "info",
		Usage:       "show what a gateway is and what it has",
		ArgsUsage:   "[URL]",
		Description: "With --json, prints the gateway's whole answer as it came.\nNo credentials are needed, not even where everything else wants them.",
		Action:      a.action(a.info),
	}
}

func (a *app) info(ctx context.Context, cmd *cli.Command) error {
	url, err := a.url(cmd)
	if err != nil {
		return err
	}
	c, err := a.dial(ctx, cmd, url)
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // it is nil
	info, err := c.Info(ctx)
	if err != nil {
		return err
	}
	return a.data(cmd, info.Raw, describe(info))
}

// describe is info for reading.
func describe(info *client.ServerInfo) string {
	var b strings.Builder
	row := func(name, value string) { fmt.Fprintf(&b, "%-11s %s\n", name, value) }
	row("gateway", strings.TrimSpace(info.Name+" "+info.VersionString))
	row("name", info.ServerName)
	var wants []string
	if info.APISecret {
		wants = append(wants, "API secret")
	}
	if info.AuthToken {
		wants = append(wants, "token")
	}
	row("wants", orNothing(strings.Join(wants, " or ")))
	row("sessions", fmt.Sprintf("time out after %s, outlive their connection by %s", seconds(info.SessionTimeout, "never"), seconds(info.ReclaimTimeout, "nothing")))
	var ice []string
	for _, o := range []struct {
		on   bool
		name string
	}{{info.ICELite, "lite"}, {info.FullTrickle, "full trickle"}, {info.ICETCP, "TCP"}, {info.IPv6, "IPv6"}, {info.MDNSEnabled, "mDNS"}} {
		if o.on {
			ice = append(ice, o.name)
		}
	}
	row("ICE", orNothing(strings.Join(append(ice, info.STUNServer, info.TURNServer), " ")))
	row("transports", names(info.Transports, "janus.transport."))
	row("plugins", names(info.Plugins, "janus.plugin."))
	return oneLinePerRow(b.String())
}

func orNothing(s string) string {
	if s = strings.TrimSpace(s); s == "" {
		return "nothing"
	}
	return s
}

func seconds(n int, zero string) string {
	if n == 0 {
		return zero
	}
	return fmt.Sprintf("%d s", n)
}

// names lists components with their versions, without the common prefix.
func names(m map[string]client.Component, prefix string) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		list = append(list, strings.TrimSpace(strings.TrimPrefix(name, prefix)+" "+m[name].VersionString))
	}
	return orNothing(strings.Join(list, ", "))
}

// oneLinePerRow takes out what the gateway's words could do to a terminal.
func oneLinePerRow(text string) string {
	rows := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i := range rows {
		rows[i] = strings.TrimRight(oneLine(rows[i]), " ")
	}
	return strings.Join(rows, "\n")
}
