//go:build !js

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strings"
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

// yes is an admin API that says success to everything, and notes what it was asked.
type yes struct {
	t     *testing.T
	asked chan string
}

func (y yes) Dial(context.Context, string, transport.API) (transport.Conn, error) {
	near, far := transport.Pipe()
	y.t.Cleanup(func() { far.Close() })
	// It is the gateway's end, and ends with the connection.
	go func() {
		for {
			data, err := far.Read(context.Background())
			if err != nil {
				return
			}
			var m struct{ Janus, Transaction string }
			_ = json.Unmarshal(data, &m)
			y.asked <- m.Janus
			_ = far.Write(context.Background(), transport.Message{Data: fmt.Appendf(nil, `{"janus":"success","transaction":%q,"data":{}}`, m.Transaction)})
		}
	}()
	return near, nil
}

// The same for the admin API, whose secret is not all that is secret.
func TestInsecureAdmin(t *testing.T) {
	const url = "ws://gateway.test/"
	for _, test := range []struct {
		args     []string
		variable string
		code     int
	}{
		{[]string{"admin", "sessions", url}, "", exitOK},
		{[]string{"admin", "sessions", url}, "BIFRONS_ADMIN_SECRET", exitUsage},
		{[]string{"admin", "sessions", "ws://127.0.0.1/"}, "BIFRONS_ADMIN_SECRET", exitOK},
		{[]string{"--insecure", "admin", "sessions", url}, "BIFRONS_ADMIN_SECRET", exitOK},
		{[]string{"admin", "sessions", "--insecure", url}, "BIFRONS_ADMIN_SECRET", exitOK},
		{[]string{"admin", "tokens", "add", url}, "BIFRONS_TOKEN", exitUsage},
		{[]string{"admin", "tokens", "list", url}, "", exitUsage},
		{[]string{"admin", "tokens", "add", "--insecure", url}, "BIFRONS_TOKEN", exitOK},
	} {
		t.Run(strings.Join(test.args, " ")+" "+test.variable, func(t *testing.T) {
			r := newRun(t, nil)
			y := yes{t, make(chan string, 10)}
			r.app.transports = transport.Registry{"ws": y}
			r.env[test.variable] = "CANARY"
			r.do(t, t.Context(), test.code, append([]string{"--trace"}, test.args...)...)
			require.NotContains(t, r.stdout.String()+r.stderr.String(), "CANARY")
			if test.code == exitOK {
				require.NotEmpty(t, y.asked)
				return
			}
			require.Equal(t, "credentials would travel unencrypted to "+url+" ("+encrypt+")", r.complaint(t))
			require.Empty(t, y.asked, "nothing was sent")
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
