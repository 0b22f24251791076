//go:build !js

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client"
)

const tokenHelp = `The token itself comes from --token-file or BIFRONS_TOKEN. Plugins may be named
without their "janus.plugin.".`

// adminTokens are the commands about stored tokens.
func (a *app) adminTokens() *cli.Command {
	return &cli.Command{
		Name:        "tokens",
		Usage:       "list, add, allow, disallow and remove stored tokens",
		Description: "A gateway has stored tokens with token_auth = true and no token_auth_secret.",
		Commands: []*cli.Command{{
			Name:        "list",
			Usage:       "list the tokens, which are secrets",
			ArgsUsage:   "[URL]",
			Description: "The gateway does not list those that may use no plugin.",
			Action:      a.adminAction(0, 0, func(ctx context.Context, c *adminCall) error { return c.tokens(ctx) }),
		}, {
			Name:        "add",
			Usage:       "add a token that may use some plugins, or all",
			ArgsUsage:   "[URL] [PLUGIN]...",
			Description: tokenHelp,
			Action: a.adminAction(0, anyNumber, func(ctx context.Context, c *adminCall) error {
				return c.token(func(token string, plugins []string) ([]string, error) { return c.AddToken(ctx, token, plugins...) })
			}),
		}, {
			Name:        "allow",
			Usage:       "let a token use more plugins",
			ArgsUsage:   "[URL] PLUGIN...",
			Description: tokenHelp,
			Action: a.adminAction(1, anyNumber, func(ctx context.Context, c *adminCall) error {
				return c.token(func(token string, plugins []string) ([]string, error) { return c.AllowToken(ctx, token, plugins...) })
			}),
		}, {
			Name:        "disallow",
			Usage:       "take plugins from a token",
			ArgsUsage:   "[URL] PLUGIN...",
			Description: tokenHelp + "\nHandles that are attached stay so.",
			Action: a.adminAction(1, anyNumber, func(ctx context.Context, c *adminCall) error {
				return c.token(func(token string, plugins []string) ([]string, error) { return c.DisallowToken(ctx, token, plugins...) })
			}),
		}, {
			Name:        "remove",
			Usage:       "remove a token",
			ArgsUsage:   "[URL]",
			Description: "The token itself comes from --token-file or BIFRONS_TOKEN.",
			Action: a.adminAction(0, 0, func(ctx context.Context, c *adminCall) error {
				token, err := c.tokenToChange()
				if err != nil {
					return err
				}
				return c.done(tokenError(c.RemoveToken(ctx, token)), "removed the token")
			}),
		}},
	}
}

func (c *adminCall) tokens(ctx context.Context) error {
	tokens, err := c.ListTokens(ctx)
	if err != nil {
		return tokenError(err)
	}
	type token struct {
		Token   string   `json:"token"`
		Plugins []string `json:"plugins"`
	}
	list, text := []token{}, [][]string{{"TOKEN", "PLUGINS"}}
	for _, t := range tokens {
		slices.Sort(t.Plugins)
		list = append(list, token(t))
		text = append(text, []string{t.Token, shortPlugins(t.Plugins)})
	}
	return c.data(struct {
		Tokens []token `json:"tokens"`
	}{list}, table(text))
}

// token changes a token and prints what it may use now.
func (c *adminCall) token(change func(token string, plugins []string) ([]string, error)) error {
	token, err := c.tokenToChange()
	if err != nil {
		return err
	}
	wanted := slices.Clone(c.args)
	for i, p := range wanted {
		wanted[i] = pluginName(p)
	}
	plugins, err := change(token, wanted)
	if err != nil {
		return tokenError(err)
	}
	slices.Sort(plugins)
	if c.cmd.Name == "add" {
		for _, p := range wanted {
			if !slices.Contains(plugins, p) {
				c.app.say("bifrons: the gateway has no " + oneLine(p) + ", and left it out\n")
			}
		}
	}
	if plugins == nil {
		plugins = []string{}
	}
	return c.data(struct {
		Plugins []string `json:"plugins"`
	}{plugins}, "the token may use: "+shortPlugins(plugins))
}

// tokenToChange reads the token that a command is about.
func (c *adminCall) tokenToChange() (string, error) {
	o := origin{flag: "token-file", file: c.cmd.String("token-file"), variable: "BIFRONS_TOKEN", value: c.app.getenv("BIFRONS_TOKEN")}
	if !o.given() {
		return "", usagef(c.cmd, "no token: give --token-file, or set BIFRONS_TOKEN")
	}
	return o.read()
}

// tokenError adds what the gateway does not say.
func tokenError(err error) error {
	if e, ok := errors.AsType[*client.Error](err); ok && e.Code == client.UnknownError && strings.Contains(e.Reason, "Stored-Token") {
		return fmt.Errorf("%w (stored tokens need token_auth = true and no token_auth_secret in janus.jcfg)", err)
	}
	return err
}

// pluginName completes the name of a plugin.
func pluginName(name string) string {
	if strings.Contains(name, ".") {
		return name
	}
	return "janus.plugin." + name
}

func shortPlugins(plugins []string) string {
	var names []string
	for _, p := range plugins {
		names = append(names, strings.TrimPrefix(p, "janus.plugin."))
	}
	return orNothing(strings.Join(names, ", "))
}
