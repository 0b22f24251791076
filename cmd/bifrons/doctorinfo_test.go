//go:build !js

package main

import (
	"context"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client"
)

func TestDoctorURL(t *testing.T) {
	for _, test := range []struct {
		url, status string
		says        []string
	}{
		{"gateway", "failed", []string{`"gateway" has no scheme`, "ws://host:8188/"}},
		{"gopher://host", "failed", []string{`the scheme "gopher" is none of http, https, unix, ws, wss`}},
		{"ws://", "failed", []string{"names no host"}},
		{"ws://h:port", "failed", []string{"does not parse"}},
		{"ws://user:canary@127.0.0.1:8088/?token=canary", "warning", []string{"8088 is the port for http by default", "use http://127.0.0.1:8088/janus"}},
		{"http://127.0.0.1:8188/janus", "warning", []string{"use ws://127.0.0.1:8188/"}},
		{"ws://127.0.0.1:8989/", "warning", []string{"use wss://127.0.0.1:8989/"}},
		{"ws://127.0.0.1:7188/", "warning", []string{"port of the admin API", "bifrons admin"}},
		{"http://127.0.0.1:7088/admin", "warning", []string{"port of the admin API"}},
		{"WS://127.0.0.1:8188/", "ok", nil},
		{"wss://127.0.0.1/janus", "ok", nil},
	} {
		t.Run(test.url, func(t *testing.T) {
			r := newRun(t, nil)
			d := &doctor{app: r.app, raw: test.url}
			d.opts = &client.Options{Transports: client.DefaultTransports()}
			f := d.checkURL(t.Context())
			require.Equal(t, test.status, f.Status, f.Text)
			for _, text := range test.says {
				require.Contains(t, f.Text+" "+f.Fix, text)
			}
			require.NotContains(t, f.Text+f.Fix, "canary")
		})
	}
	r := newRun(t, nil)
	d := diagnose(t, r, exitUsage, "gateway")
	d.is(t, "url", "failed")
	d.is(t, "gateway", "skipped", "there is no URL to dial")
}

// What infos of other gateways come to.
func TestDoctorInfo(t *testing.T) {
	public := func(d *doctor) { d.url = &url.URL{Scheme: "wss", Host: "8.8.8.8:8989"} }
	for _, test := range []struct {
		name   string
		info   client.ServerInfo
		change func(d *doctor)
		check  func(d *doctor) *finding
		status string
		says   string
	}{
		{"newest", client.ServerInfo{Version: 1401, VersionString: "1.4.1"}, nil, (*doctor).version, "ok", "1.4.1"},
		{"between", client.ServerInfo{Version: 1201, VersionString: "1.2.1"}, nil, (*doctor).version, "warning", "1.2.1 has not: metadata of VideoRoom publishers"},
		{"before 1.x", client.ServerInfo{Version: 118, VersionString: "0.11.8"}, nil, (*doctor).version, "failed", "install Janus 1.x"},
		{"for ever", client.ServerInfo{}, nil, (*doctor).sessions, "ok", "times out after never; Bifrons sends a keepalive after 25s"},
		{"by reclaim", client.ServerInfo{SessionTimeout: 60, ReclaimTimeout: 15}, nil, (*doctor).sessions, "ok", "keepalive after 5s"},
		{"no plugins", client.ServerInfo{}, nil, (*doctor).plugins, "warning", "plugins_folder"},
		{"private behind public", client.ServerInfo{LocalIP: "10.0.0.5"}, public, (*doctor).ice, "warning", "nat_1_1_mapping"},
		{"private behind private", client.ServerInfo{LocalIP: "10.0.0.5"}, func(d *doctor) { d.url = &url.URL{Scheme: "ws", Host: "10.0.0.5"} }, (*doctor).ice, "ok", "address 10.0.0.5"},
		{"mapped", client.ServerInfo{LocalIP: "10.0.0.5", PublicIP: "8.8.8.8"}, public, (*doctor).ice, "ok", "address 10.0.0.5, as 8.8.8.8 (nat_1_1_mapping)"},
		{"with STUN", client.ServerInfo{LocalIP: "10.0.0.5", STUNServer: "stun.example:3478"}, public, (*doctor).ice, "ok", "STUN stun.example:3478"},
		{"lite", client.ServerInfo{ICELite: true, ICETCP: true, IPv6: true, FullTrickle: true, LocalIP: "8.8.8.8"}, public, (*doctor).ice, "ok", "ice-lite, full trickle, TCP, IPv6, no mDNS"},
		{"without encryption", client.ServerInfo{WebRTCEncryption: new(false)}, nil, (*doctor).ice, "warning", "browsers insist on encryption"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := &doctor{cmd: new(cli.Command), info: &test.info}
			if test.change != nil {
				test.change(d)
			}
			f := test.check(d)
			require.Equal(t, test.status, f.Status, f.text())
			require.Contains(t, f.Text+" "+f.Fix, test.says)
		})
	}
}

func (d *doctor) version() *finding  { return d.checkVersion(context.Background()) }
func (d *doctor) sessions() *finding { return d.checkSessions(context.Background()) }
func (d *doctor) plugins() *finding  { return d.checkPlugins(context.Background()) }
func (d *doctor) ice() *finding      { return d.checkICE(context.Background()) }
