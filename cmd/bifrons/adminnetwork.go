//go:build !js

package main

import (
	"context"
	"fmt"
	"net"
	"strconv"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client/admin"
)

// adminNetwork are the commands that have the gateway look at its network.
func (a *app) adminNetwork() []*cli.Command {
	return []*cli.Command{{
		Name:        "resolve",
		Usage:       "have the gateway look a host name up",
		ArgsUsage:   "[URL] NAME",
		Description: "The gateway answers no other admin request meanwhile.",
		Action: a.adminAction(1, 1, func(ctx context.Context, c *adminCall) error {
			r, err := c.ResolveAddress(ctx, c.args[0])
			if err != nil {
				return err
			}
			return c.data(struct {
				IP      string  `json:"ip"`
				Elapsed float64 `json:"elapsed_ms"`
			}{r.IP, ms(r.Elapsed)}, fmt.Sprintf("%s is %s, found in %.2f ms", c.args[0], r.IP, ms(r.Elapsed)))
		}),
	}, {
		Name:        "stun-test",
		Usage:       "have the gateway ask a STUN server for its public address",
		ArgsUsage:   "[URL] HOST[:PORT]",
		Description: "The port is 3478 by default. A server that does not answer takes 5 s, and the\ngateway answers no other admin request meanwhile.",
		Flags:       []cli.Flag{&cli.IntFlag{Name: "local-port", HideDefault: true, Usage: "ask from `PORT` of the gateway's machine"}},
		Action: a.adminAction(1, 1, func(ctx context.Context, c *adminCall) error {
			server, err := c.stunServer()
			if err != nil {
				return err
			}
			r, err := c.TestSTUN(ctx, server)
			if err != nil {
				return err
			}
			return c.data(struct {
				IP      string  `json:"public_ip"`
				Port    uint16  `json:"public_port"`
				Elapsed float64 `json:"elapsed_ms"`
			}{r.PublicIP, r.PublicPort, ms(r.Elapsed)}, fmt.Sprintf("the gateway is %s, answered in %.2f ms",
				net.JoinHostPort(r.PublicIP, strconv.Itoa(int(r.PublicPort))), ms(r.Elapsed)))
		}),
	}}
}

func (c *adminCall) stunServer() (admin.STUNServer, error) {
	s := admin.STUNServer{Address: c.args[0], Port: 3478}
	if host, port, err := net.SplitHostPort(c.args[0]); err == nil {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return s, usagef(c.cmd, "%q is no port from 1 to 65535", port)
		}
		s.Address, s.Port = host, uint16(n)
	}
	local := c.cmd.Int("local-port")
	if local < 0 || local > 65535 {
		return s, usagef(c.cmd, "--local-port must be from 1 to 65535")
	}
	s.LocalPort = uint16(local)
	return s, nil
}
