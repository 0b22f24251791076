//go:build !js

package main

import (
	"context"
	"encoding/json"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client/admin"
)

const requestHelp = "JSON is an object; @FILE reads it from a file, where secrets belong. Prints the\nanswer."

// query is a command that hands a request to a module.
type query struct {
	name, usage, arg, prefix, example string
	send                              func(*admin.Client, context.Context, string, any) (json.RawMessage, error)
}

var queries = []query{
	{
		"message-plugin", "send a request to a plugin", "PLUGIN", "janus.plugin.", `videoroom '{"request":"list"}'`,
		(*admin.Client).MessagePlugin,
	},
	{
		"query-transport", "send a request to a transport", "TRANSPORT", "janus.transport.", `http '{"request":"connections"}'`,
		(*admin.Client).QueryTransport,
	},
	{
		"query-eventhandler", "send a request to an event handler", "HANDLER", "janus.eventhandler.", `sampleevh '{"request":"tweak"}'`,
		(*admin.Client).QueryEventHandler,
	},
	{
		"query-logger", "send a request to a logger", "LOGGER", "janus.logger.", `jsonlog '{"request":"info"}'`,
		(*admin.Client).QueryLogger,
	},
}

// adminModules are the commands that reach the gateway's modules and its log.
func (a *app) adminModules() []*cli.Command {
	var list []*cli.Command
	for _, q := range queries {
		list = append(list, &cli.Command{
			Name: q.name, Usage: q.usage, ArgsUsage: "[URL] " + q.arg + " [JSON]",
			Description: "Such as: bifrons admin " + q.name + " " + q.example + "\n" +
				"The name may come without its \"" + q.prefix + "\".\n" + requestHelp,
			Action: a.adminAction(1, 2, func(ctx context.Context, c *adminCall) error {
				body, err := c.body(1)
				if err != nil {
					return err
				}
				name := c.args[0]
				if !strings.Contains(name, ".") {
					name = q.prefix + name
				}
				answer, err := q.send(c.Client, ctx, name, body)
				if err != nil {
					return err
				}
				return c.data(answer, indented(answer))
			}),
		})
	}
	return append(list, &cli.Command{
		Name: "custom-event", Usage: "give the event handlers an event of your own", ArgsUsage: "[URL] SCHEMA [JSON]",
		Description: "SCHEMA names its kind. Where no event handler runs, it goes nowhere.\nJSON is an object; @FILE reads it from a file.",
		Action: a.adminAction(1, 2, func(ctx context.Context, c *adminCall) error {
			body, err := c.body(1)
			if err != nil {
				return err
			}
			return c.done(c.CustomEvent(ctx, c.args[0], body), "sent the event")
		}),
	}, &cli.Command{
		Name: "custom-logline", Usage: "write a line to the gateway's log", ArgsUsage: "[URL] TEXT",
		Flags: []cli.Flag{&cli.IntFlag{Name: "level", Value: 4, Usage: "at `LEVEL`, from 1, fatal, to 7"}},
		Action: a.adminAction(1, 1, func(ctx context.Context, c *adminCall) error {
			level := c.cmd.Int("level")
			if level < 1 || level > 7 {
				return usagef(c.cmd, "--level must be from 1 to 7")
			}
			return c.done(c.CustomLogline(ctx, c.args[0], level), "logged the line")
		}),
	})
}

// body reads argument i, a JSON object; nil when there is none.
func (c *adminCall) body(i int) (any, error) {
	if i >= len(c.args) {
		return nil, nil //nolint:nilnil // no argument, no body
	}
	text := c.args[i]
	if name, ok := strings.CutPrefix(text, "@"); ok {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		text = string(b)
	}
	var object map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &object) != nil || object == nil {
		return nil, usagef(c.cmd, `the request is not a JSON object: write it as '{"request":"list"}'`)
	}
	return json.RawMessage(text), nil
}

// request sends what the arguments of admin request say.
func (c *adminCall) request(ctx context.Context) error {
	body, err := c.body(1)
	if err != nil {
		return err
	}
	var answer json.RawMessage
	r := admin.Request{Name: c.args[0], Session: c.cmd.Uint64("session"), Handle: c.cmd.Uint64("handle"), Body: body}
	if err := c.Call(ctx, r, &answer); err != nil {
		return err
	}
	return c.data(answer, indented(answer))
}
