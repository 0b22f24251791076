//go:build !js

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
)

// readICEServers reads the flags for STUN and TURN, and reports whether there is
// a TURN server.
func (d *doctor) readICEServers() (turn bool, err error) {
	if s := d.cmd.String("stun"); s != "" {
		s, err := serverURL(s, "stun")
		if err != nil {
			return false, usagef(d.cmd, "--stun: %v", err)
		}
		d.servers = append(d.servers, media.ICEServer{URLs: []string{s}})
	}
	password := origin{flag: "turn-password-file", file: d.cmd.String("turn-password-file"), variable: "BIFRONS_TURN_PASSWORD", value: d.app.getenv("BIFRONS_TURN_PASSWORD")}
	user := d.cmd.String("turn-user")
	s := d.cmd.String("turn")
	switch {
	case s == "" && (user != "" || password.file != ""):
		return false, usagef(d.cmd, "--turn-user and --turn-password-file mean nothing without --turn")
	case s == "":
		return false, nil
	case user == "" || !password.given():
		return false, usagef(d.cmd, "--turn needs --turn-user, and --turn-password-file or BIFRONS_TURN_PASSWORD")
	}
	if s, err = serverURL(s, "turn"); err != nil {
		return false, usagef(d.cmd, "--turn: %v", err)
	}
	secret, err := password.read()
	if err != nil {
		return false, err
	}
	d.servers = append(d.servers, media.ICEServer{URLs: []string{s}, Username: user, Credential: secret})
	return true, nil
}

// serverURL completes the URL of a STUN or TURN server, RFC 7064 and 7065.
func serverURL(s, scheme string) (string, error) {
	for _, known := range []string{scheme + ":", scheme + "s:"} {
		if strings.HasPrefix(s, known) {
			return s, nil
		}
	}
	if strings.Contains(s, "/") {
		return "", fmt.Errorf("%q is neither HOST, HOST:PORT nor a %s: URL", s, scheme)
	}
	if _, _, err := net.SplitHostPort(s); err != nil {
		s = net.JoinHostPort(strings.Trim(s, "[]"), "3478")
	}
	return scheme + ":" + s, nil
}

// noHandle is a media.Link to nobody: gathering candidates needs no gateway.
type noHandle struct{}

// Trickle implements media.Link.
func (noHandle) Trickle(context.Context, ...client.Candidate) error { return nil }

// Post implements media.Link.
func (noHandle) Post(client.Event) {}

// Observe implements media.Link.
func (noHandle) Observe(func(client.Event) bool) (stop func()) { return func() {} }

func (d *doctor) checkSTUN(ctx context.Context) *finding {
	return d.gather(ctx, "srflx", d.servers[0], &media.Options{ICEServers: d.servers[:1]},
		"check the address, and that UDP gets there and back: a firewall may drop it")
}

func (d *doctor) checkTURN(ctx context.Context) *finding {
	last := d.servers[len(d.servers)-1]
	return d.gather(ctx, "relay", last, &media.Options{ICEServers: []media.ICEServer{last}, RelayOnly: true},
		"check the address, --turn-user and the password, and that a firewall lets it pass; ?transport=tcp or turns: may get through")
}

// gather collects candidates and looks for one of the kind that the server gives.
func (d *doctor) gather(ctx context.Context, kind string, server media.ICEServer, opts *media.Options, fix string) *finding {
	url := server.URLs[0]
	opts.HalfTrickle = true
	peer, err := media.NewPeer(noHandle{}, opts)
	if err != nil {
		return failure(exitUsage, "write it as HOST:PORT", "%s: %v", url, err)
	}
	defer peer.Close() //nolint:errcheck // it is nil
	if err := peer.Receive(media.Audio); err != nil {
		return failure(exitFailure, "report it", "%v", err)
	}
	began := time.Now()
	offer, err := peer.Offer(ctx, false)
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return failure(exitConnect, fix, "%s: %v", url, err)
	}
	var addresses []string
	if offer != nil {
		addresses = candidates(offer.SDP, kind)
	}
	if len(addresses) == 0 {
		return failure(exitConnect, fix, "%s gave no address", url)
	}
	what := map[string]string{"srflx": "sees this machine as", "relay": "relays at"}[kind]
	return found("%s %s %s", url, what, strings.Join(addresses, ", ")).with(map[string]any{"addresses": addresses, "took_ms": ms(time.Since(began))})
}

// candidates lists the addresses of one kind in a session description, RFC 8839.
func candidates(sdp, kind string) []string {
	var list []string
	for line := range strings.Lines(sdp) {
		text, ok := strings.CutPrefix(strings.TrimSpace(line), "a=candidate:")
		f := strings.Fields(text)
		if !ok || len(f) < 8 || f[7] != kind {
			continue
		}
		if address := net.JoinHostPort(f[4], f[5]); !slices.Contains(list, address) {
			list = append(list, address)
		}
	}
	return list
}
