//go:build !js

package main

import (
	"context"
	"io"

	"github.com/urfave/cli/v3"
)

func (a *app) completionCommand() *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print what makes a shell complete commands and flags",
		ArgsUsage: "bash|zsh|fish",
		Description: "For bash, in ~/.bashrc:                source <(bifrons completion bash)\n" +
			"For zsh, in ~/.zshrc, after compinit:  source <(bifrons completion zsh)\n" +
			"For fish:                              bifrons completion fish > ~/.config/fish/completions/bifrons.fish",
		Action: a.action(func(_ context.Context, cmd *cli.Command) error {
			if cmd.Args().Len() != 1 {
				return usagef(cmd, "give one shell: bash, zsh or fish")
			}
			places := completionPlaces(cmd.Root())
			var script string
			switch shell := cmd.Args().First(); shell {
			case "bash":
				script = bashCompletion(places)
			case "zsh":
				script = zshCompletion(places)
			case "fish":
				script = fishCompletion(places)
			default:
				return usagef(cmd, "no completion for %q: give bash, zsh or fish", shell)
			}
			return output(io.WriteString(a.stdout, script))
		}),
	}
}
