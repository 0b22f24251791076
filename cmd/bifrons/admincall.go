//go:build !js

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/admin"
	"github.com/bifrons-rtc/bifrons/client/slogtrace"
)

// adminCall is one run of a command that speaks to the admin API.
type adminCall struct {
	*admin.Client
	app  *app
	cmd  *cli.Command
	args []string // without the URL
}

// anyNumber is the most arguments of a command that takes a list.
const anyNumber = 1 << 10

// adminAction connects to the admin API and runs f. The command takes from
// least to most arguments behind the URL; its ArgsUsage names them.
func (a *app) adminAction(least, most int, f func(ctx context.Context, c *adminCall) error) cli.ActionFunc {
	return a.action(func(ctx context.Context, cmd *cli.Command) error {
		c := &adminCall{app: a, cmd: cmd, args: cmd.Args().Slice()}
		url := a.getenv("BIFRONS_ADMIN_URL")
		if len(c.args) > 0 && isURL(c.args[0]) {
			url, c.args = c.args[0], c.args[1:]
		}
		switch n := len(c.args); {
		case n < least:
			return usagef(cmd, "too few arguments: give %s", cmd.ArgsUsage)
		case n > most:
			return usagef(cmd, "%q is one argument too many: give %s", c.args[most], cmd.ArgsUsage)
		case url == "":
			return usagef(cmd, "no URL: give one first, such as http://127.0.0.1:7088/admin, or set BIFRONS_ADMIN_URL")
		}
		var err error
		if c.Client, err = a.dialAdmin(ctx, cmd, url); err != nil {
			return err
		}
		defer c.Close() //nolint:errcheck // it is nil
		return f(ctx, c)
	})
}

// isURL tells a URL, even of an unknown scheme, from what else may come first.
func isURL(arg string) bool {
	scheme, _, ok := strings.Cut(arg, "://")
	return ok && scheme != "" && !strings.ContainsFunc(scheme, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("+-.", r)
	})
}

// dialAdmin connects as the flags say.
func (a *app) dialAdmin(ctx context.Context, cmd *cli.Command, url string) (*admin.Client, error) {
	timeout := cmd.Duration("timeout")
	if timeout <= 0 {
		return nil, usagef(cmd, "--timeout must be more than zero")
	}
	a.login = login{admin: true, secret: origin{
		flag: "admin-secret-file", file: cmd.String("admin-secret-file"),
		variable: "BIFRONS_ADMIN_SECRET", value: a.getenv("BIFRONS_ADMIN_SECRET"),
	}}
	secret, err := a.login.secret.read()
	if err != nil {
		return nil, err
	}
	opts := &admin.Options{Secret: secret, RequestTimeout: timeout, Transports: a.transports, AllowInsecure: cmd.Bool("insecure")}
	if cmd.Bool("trace") {
		h := slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelDebug})
		opts.Trace = slogtrace.New(slog.New(h))
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return admin.Dial(ctx, url, opts)
}

// data prints v with --json, else the text.
func (c *adminCall) data(v any, text string) error {
	rows := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, row := range rows {
		rows[i] = strings.TrimRight(printable(row), " ") // what the gateway says may be anything
	}
	return c.app.data(c.cmd, v, strings.Join(rows, "\n"))
}

// id reads the id of a session or a handle.
func (c *adminCall) id(arg string) (uint64, error) {
	id, err := strconv.ParseUint(arg, 10, 64)
	if err != nil || id == 0 {
		return 0, usagef(c.cmd, "an id is a number, and %q is none: give %s", arg, c.cmd.ArgsUsage)
	}
	return id, nil
}

// handle reads a handle and its session from the first arguments that are not
// the last n. A handle alone is looked for.
func (c *adminCall) handle(ctx context.Context) (session, handle uint64, err error) {
	if handle, err = c.id(c.args[len(c.args)-1]); err != nil {
		return 0, 0, err
	}
	if len(c.args) == 2 {
		session, err = c.id(c.args[0])
		return session, handle, err
	}
	sessions, err := c.ListSessions(ctx)
	if err != nil {
		return 0, 0, err
	}
	for _, session := range sessions {
		handles, err := c.ListHandles(ctx, session)
		switch {
		case errors.Is(err, client.SessionNotFound):
			continue // it ended meanwhile
		case err != nil:
			return 0, 0, err
		}
		for _, h := range handles {
			if h == handle {
				return session, handle, nil
			}
		}
	}
	return 0, 0, fmt.Errorf("no session has a handle %d: %w (bifrons admin sessions --long lists them)", handle, client.HandleNotFound)
}

// done says that a request without an answer of its own was executed.
func (c *adminCall) done(err error, format string, args ...any) error {
	if err != nil {
		return err
	}
	return c.data(struct {
		OK bool `json:"ok"`
	}{true}, fmt.Sprintf(format, args...))
}
