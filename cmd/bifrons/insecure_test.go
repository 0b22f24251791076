//go:build !js

package main

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/transport"
)

// Credentials go to another machine unencrypted only for those who asked for it.
func TestInsecure(t *testing.T) {
	const url = "ws://gateway.test/"
	gw := janustest.New(t, &janustest.Options{APISecret: "CANARY", ServerName: "far away"})
	for _, test := range []struct {
		name     string
		args     []string
		variable string
		code     int
	}{
		{"nothing is secret", []string{"ping", url}, "", exitOK},
		{"refused", []string{"ping", url}, "BIFRONS_API_SECRET", exitUsage},
		{"asked for", []string{"--insecure", "ping", url}, "BIFRONS_API_SECRET", exitOK},
		{"another place", []string{"ping", "--insecure", url}, "BIFRONS_API_SECRET", exitOK},
		{"this machine", []string{"ping", "ws://127.0.0.1/"}, "BIFRONS_API_SECRET", exitOK},
		{"admin", []string{"admin", "status", url}, "BIFRONS_ADMIN_SECRET", exitUsage},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRun(t, nil)
			r.app.transports = transport.Registry{"ws": gw.Dialer()}
			r.env[test.variable] = "CANARY"
			before := len(gw.Requests())
			r.do(t, t.Context(), test.code, append([]string{"--trace"}, test.args...)...)
			require.NotContains(t, r.stdout.String()+r.stderr.String(), "CANARY")
			if test.code == exitOK {
				return
			}
			require.Equal(t, "credentials would travel unencrypted to "+url+" ("+encrypt+")", r.complaint(t))
			require.Len(t, gw.Requests(), before, "nothing was sent")
		})
	}
}

// The doctor asks what needs no credentials, and stops there.
func TestInsecureDoctor(t *testing.T) {
	gw := janustest.New(t, &janustest.Options{APISecret: "CANARY"})
	addr, err := janusproc.MediaAddr()
	if err != nil {
		t.Skip(err)
	}
	l, err := net.Listen("tcp", net.JoinHostPort(addr, "0")) // for the check of TCP
	require.NoError(t, err)
	defer l.Close()
	for _, allowed := range []bool{false, true} {
		r := newRun(t, nil)
		r.app.transports = transport.Registry{"ws": gw.Dialer()}
		r.env["BIFRONS_API_SECRET"] = "CANARY"
		args, code := []string{"--no-media", "ws://" + l.Addr().String() + "/"}, exitUsage
		if allowed {
			args, code = append(args, "--insecure"), exitOK
		}
		d := diagnose(t, r, code, args...)
		d.is(t, "gateway", "ok")
		d.is(t, "url", "warning", "the credentials go over the network without encryption")
		if allowed {
			d.is(t, "login", "ok")
			continue
		}
		d.is(t, "login", "failed", "without encryption", "give --insecure")
		for _, req := range gw.Requests() {
			require.NotContains(t, string(req.Raw), "CANARY")
		}
	}
}
