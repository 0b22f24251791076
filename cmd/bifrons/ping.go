//go:build !js

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/transport"
)

func (a *app) pingCommand() *cli.Command {
	return &cli.Command{
		Name:        "ping",
		Usage:       "measure round trips through the gateway",
		ArgsUsage:   "[URL]",
		Description: "A round trip goes through the gateway's core and back, so it shows that the\ngateway works and not only that its port is open. No credentials are needed.",
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "count", Value: 1, Usage: "make `N` round trips"},
			&cli.DurationFlag{Name: "interval", Value: time.Second, Usage: "begin one every `TIME`"},
		},
		Action: a.action(a.ping),
	}
}

func (a *app) ping(ctx context.Context, cmd *cli.Command) error {
	url, err := a.url(cmd)
	if err != nil {
		return err
	}
	count, interval := cmd.Int("count"), cmd.Duration("interval")
	if count < 1 {
		return usagef(cmd, "--count must be 1 or more")
	}
	if interval <= 0 {
		return usagef(cmd, "--interval must be more than zero")
	}
	c, err := a.dial(ctx, cmd, url)
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // it is nil
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	type pong struct {
		URL string  `json:"url"` // without what it may hold of secrets
		Seq int     `json:"seq"`
		RTT float64 `json:"rtt_ms"`
	}
	for seq := 1; ; seq++ {
		rtt, err := c.Ping(ctx)
		if err != nil {
			return err
		}
		p := pong{URL: oneLine(transport.Redact(url)), Seq: seq, RTT: ms(rtt)}
		if err := a.data(cmd, p, fmt.Sprintf("pong %d from %s in %.2f ms", seq, p.URL, p.RTT)); err != nil {
			return err
		}
		if seq == count {
			return nil
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// ms returns d in milliseconds, to the microsecond.
func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
