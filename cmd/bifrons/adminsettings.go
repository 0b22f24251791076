//go:build !js

package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client/admin"
)

// toggle is a setting that is on or off.
type toggle struct {
	name, usage string
	set         func(*admin.Client, context.Context, bool) error
}

var toggles = []toggle{
	{"accept-new-sessions", "take new sessions or refuse them, which drains the gateway", (*admin.Client).AcceptNewSessions},
	{"log-timestamps", "put the time before each line of the log", (*admin.Client).SetLogTimestamps},
	{"log-colors", "colour the log", (*admin.Client).SetLogColors},
	{"locking-debug", "log every use of every lock, which is slow", (*admin.Client).SetLockingDebug},
	{"refcount-debug", "log every change of every reference counter, which is slow", (*admin.Client).SetRefcountDebug},
	{"libnice-debug", "log what the ICE library does; up to Janus 1.3.1", (*admin.Client).SetLibniceDebug},
	{"nack-optimizations", "drop packets that others asked for from retransmissions", (*admin.Client).SetNACKOptimizations},
}

// number is a setting with a value.
type number struct {
	name, usage, arg string
	set              func(*admin.Client, context.Context, int) error
}

var numbers = []number{
	{"log-level", "log nothing with LEVEL 0, 4 by default, everything with 7", "LEVEL", (*admin.Client).SetLogLevel},
	{"no-media-timer", "report media that stopped after SECONDS; 0 never", "SECONDS", (*admin.Client).SetNoMediaTimer},
	{"slowlink-threshold", "report PACKETS lost in a second; 0 never", "PACKETS", (*admin.Client).SetSlowlinkThreshold},
}

// adminSettings are the commands that change how the gateway works.
func (a *app) adminSettings() []*cli.Command {
	var list []*cli.Command
	for _, s := range numbers {
		list = append(list, &cli.Command{
			Name: s.name, Usage: s.usage, ArgsUsage: "[URL] " + s.arg,
			Action: a.adminAction(1, 1, func(ctx context.Context, c *adminCall) error {
				value, err := c.number(c.args[0])
				if err != nil {
					return err
				}
				return c.done(s.set(c.Client, ctx, value), "%s is %d", s.name, value)
			}),
		})
	}
	list = append(list, a.adminNACKQueue(), a.adminSessionTimeout())
	for _, s := range toggles {
		list = append(list, &cli.Command{
			Name: s.name, Usage: s.usage, ArgsUsage: "[URL] on|off",
			Action: a.adminAction(1, 1, func(ctx context.Context, c *adminCall) error {
				on := c.args[0] == "on"
				if !on && c.args[0] != "off" {
					return usagef(c.cmd, "%q is neither on nor off", c.args[0])
				}
				return c.done(s.set(c.Client, ctx, on), "%s is %s", s.name, c.args[0])
			}),
		})
	}
	return list
}

// number reads an argument; what is too much the gateway says.
func (c *adminCall) number(arg string) (int, error) {
	n, err := strconv.Atoi(arg)
	if err != nil || n < 0 {
		return 0, usagef(c.cmd, "%q is not a whole number from 0: give %s", arg, c.cmd.ArgsUsage)
	}
	return n, nil
}

func (a *app) adminNACKQueue() *cli.Command {
	return &cli.Command{
		Name: "min-nack-queue", Usage: "keep packets for MILLISECONDS to send them again", ArgsUsage: "[URL] MILLISECONDS",
		Description: "The gateway may take less than it is told; the answer says what it made of it.",
		Action: a.adminAction(1, 1, func(ctx context.Context, c *adminCall) error {
			value, err := c.number(c.args[0])
			if err != nil {
				return err
			}
			now, err := c.SetMinNACKQueue(ctx, value)
			if err != nil {
				return err
			}
			return c.data(struct {
				Value int `json:"min_nack_queue"`
			}{now}, fmt.Sprintf("min-nack-queue is %d", now))
		}),
	}
}

func (a *app) adminSessionTimeout() *cli.Command {
	return &cli.Command{
		Name: "session-timeout", Usage: "end sessions that are silent for SECONDS; 0 never", ArgsUsage: "[URL] SECONDS|default [SESSION]",
		Description: "With a session, counts for that one alone; \"default\" has it follow the others.",
		Action: a.adminAction(1, 2, func(ctx context.Context, c *adminCall) error {
			one := len(c.args) == 2
			if one && c.args[0] == "default" {
				session, err := c.id(c.args[1])
				if err != nil {
					return err
				}
				return c.done(c.SetSessionTimeoutOf(ctx, session, -1), "session %d has the timeout of all", session)
			}
			value, err := c.number(c.args[0])
			if err != nil {
				return err
			}
			if !one {
				return c.done(c.SetSessionTimeout(ctx, value), "sessions time out after %s", seconds(value, "never"))
			}
			session, err := c.id(c.args[1])
			if err != nil {
				return err
			}
			return c.done(c.SetSessionTimeoutOf(ctx, session, value), "session %d times out after %s", session, seconds(value, "never"))
		}),
	}
}
