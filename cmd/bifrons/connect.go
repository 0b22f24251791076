//go:build !js

package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/slogtrace"
)

// login says where the credentials come from.
type login struct {
	token, secret origin
	admin         bool // the secret is that of the admin API
}

// origin is a file or a variable that holds a secret.
type origin struct {
	flag, file string
	variable   string
	value      string // of the variable
}

// given reports whether there is anything to read.
func (o origin) given() bool { return o.file != "" || o.value != "" }

// name is what the user knows it by.
func (o origin) name() string {
	if o.file != "" {
		return "--" + o.flag + " " + o.file
	}
	return o.variable
}

// read returns the secret. A file is read each time, so that a new token in it
// counts without a restart.
func (o origin) read() (string, error) {
	if o.file == "" {
		return o.value, nil
	}
	b, err := os.ReadFile(o.file)
	if err != nil {
		return "", fmt.Errorf("--%s: %w (name a file that can be read and holds nothing else)", o.flag, err)
	}
	s := strings.TrimSpace(string(b))
	if s == "" {
		return "", fmt.Errorf("--%s: %s is empty (put the secret in it, and nothing else)", o.flag, o.file)
	}
	return s, nil
}

// credentials implements client.CredentialsFunc.
func (l login) credentials(context.Context) (client.Credentials, error) {
	var c client.Credentials
	var err error
	if c.Token, err = l.token.read(); err != nil {
		return c, err
	}
	c.APISecret, err = l.secret.read()
	return c, err
}

// fix says what to do when the credentials are refused.
func (l login) fix() string {
	var have []string
	for _, o := range []origin{l.token, l.secret} {
		if o.given() {
			have = append(have, o.name())
		}
	}
	switch {
	case l.admin && len(have) == 0:
		return "this gateway wants its admin_secret: give --admin-secret-file, or set BIFRONS_ADMIN_SECRET"
	case l.admin:
		return "the gateway does not take what " + have[0] + " has: use the admin_secret of its janus.jcfg"
	case len(have) == 0:
		return "this gateway wants credentials: give --token-file or --secret-file, or set BIFRONS_TOKEN or BIFRONS_API_SECRET"
	}
	return "the gateway does not take what " + strings.Join(have, " and ") + " has: use the token or the API secret it is configured with"
}

// dial connects as the flags say. What the command does is over with the
// connection; the exit code says so.
func (a *app) dial(ctx context.Context, cmd *cli.Command, url string) (*client.Client, error) {
	return a.connect(ctx, cmd, url, client.Reconnect{Off: true})
}

// connect is dial for commands that outlive their connection.
func (a *app) connect(ctx context.Context, cmd *cli.Command, url string, again client.Reconnect) (*client.Client, error) {
	opts, err := a.clientOptions(cmd)
	if err != nil {
		return nil, err
	}
	opts.Reconnect = again
	ctx, cancel := context.WithTimeout(ctx, opts.RequestTimeout)
	defer cancel()
	return client.Dial(ctx, url, opts)
}

// clientOptions returns what the flags say, and notes the credentials.
func (a *app) clientOptions(cmd *cli.Command) (*client.Options, error) {
	timeout := cmd.Duration("timeout")
	if timeout <= 0 {
		return nil, usagef(cmd, "--timeout must be more than zero")
	}
	a.login = login{
		token:  origin{flag: "token-file", file: cmd.String("token-file"), variable: "BIFRONS_TOKEN", value: a.getenv("BIFRONS_TOKEN")},
		secret: origin{flag: "secret-file", file: cmd.String("secret-file"), variable: "BIFRONS_API_SECRET", value: a.getenv("BIFRONS_API_SECRET")},
	}
	opts := &client.Options{
		RequestTimeout: timeout,
		Transports:     a.transports,
		AllowInsecure:  cmd.Bool("insecure"),
	}
	if a.login.token.given() || a.login.secret.given() {
		opts.Credentials = a.login.credentials
	}
	if a.secret != "" {
		opts.Credentials = client.Static("", a.secret)
	}
	if cmd.Bool("trace") {
		h := slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelDebug})
		opts.Trace = slogtrace.New(slog.New(h))
	}
	return opts, nil
}

// grace is how long the clean-up may take after the end of a context.
const grace = 3 * time.Second

// afterwards returns a context for the clean-up, which an interruption does not
// end.
func afterwards(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), grace)
}
