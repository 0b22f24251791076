//go:build !js

package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
)

func (a *app) doctorCommand() *cli.Command {
	return &cli.Command{
		Name:      "doctor",
		Usage:     "find out why a gateway cannot be used, and how to mend it",
		ArgsUsage: "[URL]",
		Description: "Checks one thing after the other, from the URL to media that comes back, and says\n" +
			"of each whether it is ok, and if not, what to do. It goes on as far as it can.\n" +
			"With --json, each check is an object. The exit code is 0 unless a check failed;\n" +
			"a warning is no failure. No credentials are sent where TLS is not in order.",
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "plugin", Usage: "fail unless the gateway has the plugin `NAME`; once for each"},
			&cli.StringFlag{Name: "stun", Usage: "also check the STUN server at `HOST[:PORT]`, and use it for media"},
			&cli.StringFlag{Name: "turn", Usage: "also check the TURN server at `HOST[:PORT]` or a turn: or turns: URL, and use it for media"},
			&cli.StringFlag{Name: "turn-user", Usage: "log in at the TURN server as `NAME`"},
			&cli.StringFlag{Name: "turn-password-file", Usage: "read its password from `FILE`; BIFRONS_TURN_PASSWORD is the other way", TakesFile: true},
			&cli.BoolFlag{Name: "no-media", Usage: "do not make a peer connection"},
		},
		Action: a.action(a.doctor),
	}
}

// doctor is one run of the command, and what its checks found so far.
type doctor struct {
	app     *app
	cmd     *cli.Command
	raw     string // the URL as it was given
	token   string // empty: none was given
	timeout time.Duration
	opts    *client.Options
	servers []media.ICEServer

	stop      string // why the checks that are left cannot run; empty: they can
	url       *url.URL
	closeIdle func() // nil: nothing is kept open
	insecure  string // why no secret may be sent; empty: they may
	client    *client.Client
	info      *client.ServerInfo
	session   *client.Session
	data      *finding // what the echo found about data channels

	skipped *finding // for people, not printed yet
	failed  []string
	code    int // of the first failure
}

// check is one thing to look at.
type check struct {
	name string
	run  func(ctx context.Context) *finding
	// when says whether it means anything here; nil: it does.
	when func() bool
	// alone says that it needs none of the checks before it.
	alone bool
}

func (a *app) doctor(ctx context.Context, cmd *cli.Command) error {
	raw, err := a.url(cmd)
	if err != nil {
		return err
	}
	d := &doctor{app: a, cmd: cmd, raw: raw}
	if d.opts, err = a.clientOptions(cmd); err != nil {
		return err
	}
	credentials, err := a.login.credentials(ctx) // a file that cannot be read is no matter of the gateway
	if err != nil {
		return err
	}
	d.token, d.timeout = credentials.Token, d.opts.RequestTimeout
	if d.opts.Transports == nil {
		d.opts.Transports = client.DefaultTransports()
	}
	turn, err := d.readICEServers()
	if err != nil {
		return err
	}
	defer d.close(ctx)
	checks := []check{
		{name: "url", run: d.checkURL},
		{name: "tcp", run: d.checkTCP, when: d.network},
		{name: "tls", run: d.checkTLS, when: d.tls},
		{name: "transport", run: d.checkTransport},
		{name: "gateway", run: d.checkGateway},
		{name: "version", run: d.checkVersion},
		{name: "plugins", run: d.checkPlugins},
		{name: "sessions", run: d.checkSessions},
		{name: "reclaim", run: d.checkReclaim},
		{name: "ice", run: d.checkICE},
		{name: "clock", run: d.checkClock, when: d.signed},
		{name: "login", run: d.checkLogin},
	}
	if cmd.String("stun") != "" {
		checks = append(checks, check{name: "stun", run: d.checkSTUN, alone: true})
	}
	if turn {
		checks = append(checks, check{name: "turn", run: d.checkTURN, alone: true})
	}
	if !cmd.Bool("no-media") {
		checks = append(checks, check{name: "media", run: d.checkMedia}, check{name: "data", run: d.checkData})
	}
	for _, c := range checks {
		if c.when != nil && !c.when() {
			continue
		}
		if err := d.perform(ctx, c); err != nil {
			return err
		}
	}
	if err := d.skip(nil); err != nil {
		return err
	}
	if len(d.failed) > 0 {
		return &doctorError{checks: d.failed, code: d.code}
	}
	return nil
}

// perform runs a check and prints what it found. A check that means nothing here
// finds nothing.
func (d *doctor) perform(ctx context.Context, c check) error {
	var f *finding
	if d.stop != "" && !c.alone {
		f = skipped("%s", d.stop)
	} else {
		bounded, cancel := context.WithTimeout(ctx, d.timeout)
		f = c.run(bounded)
		cancel()
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if f == nil {
		return nil
	}
	f.Check = c.name
	if f.Status == statusFailed {
		d.failed = append(d.failed, c.name)
		if d.code == exitOK {
			d.code = f.code
		}
	}
	if f.Status == statusSkipped && !d.cmd.Bool("json") {
		return d.skip(f)
	}
	if err := d.skip(nil); err != nil {
		return err
	}
	return d.app.data(d.cmd, f, f.text())
}

// skip puts the checks that were skipped for one reason on one line for people.
// Another reason, and nil, print what was put there.
func (d *doctor) skip(f *finding) error {
	if f != nil && d.skipped != nil && d.skipped.Text == f.Text {
		d.skipped.Check += ", " + f.Check
		return nil
	}
	before := d.skipped
	d.skipped = f
	if before == nil {
		return nil
	}
	if strings.Contains(before.Check, ",") {
		before.Check += ":"
	}
	return d.app.data(d.cmd, before, before.text())
}

// close ends the session and the connection.
func (d *doctor) close(ctx context.Context) {
	if d.session != nil {
		destroy(ctx, d.session)
	}
	if d.client != nil {
		_ = d.client.Close() // it is nil
	}
	if d.closeIdle != nil {
		d.closeIdle()
	}
}

// doctorError says that checks failed, which were printed.
type doctorError struct {
	checks []string
	code   int
}

func (e *doctorError) Error() string {
	if len(e.checks) == 1 {
		return "the check of " + e.checks[0] + " failed"
	}
	return fmt.Sprintf("%d checks failed, the first of them %s", len(e.checks), e.checks[0])
}

// doctorCode returns the exit code of a doctor that found something.
func doctorCode(err error) (code int, ok bool) {
	if e, found := errors.AsType[*doctorError](err); found {
		return e.code, true
	}
	return 0, false
}
