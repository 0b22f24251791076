//go:build !js

package janusproc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// probeEvery is the pause between two looks at a Janus that is starting; it
// usually needs 35 ms.
const probeEvery = 3 * time.Millisecond

// probeTimeout ends one look: what took the port may accept and never answer.
const probeTimeout = 500 * time.Millisecond

// infoRequest is answered on both APIs, without any secret.
const infoRequest = `{"janus":"info","transaction":"probe"}`

// awaitReady returns once all six listeners of p answer as this server, and
// its log holds no complaint.
func (s *Server) awaitReady(ctx context.Context, p *process) error {
	probes := []struct {
		name string
		do   func(context.Context) error
	}{
		{"HTTP", s.probeHTTP("GET", s.HTTP()+"/info", "")},
		{"admin HTTP", s.probeHTTP("POST", s.AdminHTTP(), infoRequest)},
		{"WebSocket", s.probeWS(s.ports.ws, "janus-protocol")},
		{"admin WebSocket", s.probeWS(s.ports.adminWS, "janus-admin-protocol")},
		{"Unix socket", s.probeUnix(s.socket("api"))},
		{"admin Unix socket", s.probeUnix(s.socket("admin"))},
	}
	for _, probe := range probes {
		for {
			if err := s.complaint(); err != nil {
				return err
			}
			err := probe.do(ctx)
			if err == nil {
				break
			}
			if !wait(ctx, p) {
				if !p.running() {
					return s.startError("it exited, and said last: "+s.log.last(), p.err)
				}
				return s.startError("its "+probe.name+" listener does not answer", errors.Join(ctx.Err(), err))
			}
		}
	}
	// Janus logs through a thread of its own: let it arrive at the last line.
	const last, transports = "transport plugin initialized!", 3
	settled, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	for s.log.count(last) < transports && wait(settled, p) {
	}
	return s.complaint()
}

// complaint returns what Janus said against its configuration or its ports:
// it goes on without the part concerned.
func (s *Server) complaint() error {
	if line := s.log.line("[ERR] [config.c:"); line != "" {
		return s.startError("its configuration is wrong: "+line, nil)
	}
	if line := s.log.line("[FATAL]"); line != "" {
		return s.startError("a listener failed: "+line, errTaken)
	}
	if line := s.log.line("Unix Sockets thread ended"); line != "" {
		return s.startError("a listener ended: "+line, errUnixRace)
	}
	if line := s.log.line("could not be initialized"); line != "" {
		return s.startError("a part of it is missing: "+line, nil)
	}
	return nil
}

// wait pauses between two probes; false means that there is no point in more.
func wait(ctx context.Context, p *process) bool {
	timer := time.NewTimer(probeEvery)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-p.done:
		return false
	case <-ctx.Done():
		return false
	}
}

// startError makes a StartError of the present log.
func (s *Server) startError(reason string, cause error) error {
	return &StartError{Reason: reason, Log: s.log.String(), Err: cause}
}

// checkName says whether an info answer is this server's.
func (s *Server) checkName(answer []byte) error {
	var info struct {
		Name string `json:"server-name"`
	}
	if err := json.Unmarshal(answer, &info); err != nil {
		return fmt.Errorf("not an info answer: %w", err)
	}
	if info.Name != s.name {
		return fmt.Errorf("server %q answered in the place of %q", info.Name, s.name)
	}
	return nil
}

// probeHTTP asks for info over HTTP, on a connection of its own.
func (s *Server) probeHTTP(method, url, body string) func(context.Context) error {
	return func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, probeTimeout)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
		if err != nil {
			return err
		}
		req.Close = true
		transport := &http.Transport{DisableKeepAlives: true}
		resp, err := transport.RoundTrip(req)
		if err != nil {
			return err
		}
		defer func() { _ = resp.Body.Close() }()
		answer, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
		if err != nil {
			return err
		}
		return s.checkName(answer)
	}
}

// probeUnix asks for info over a Unix socket.
func (s *Server) probeUnix(path string) func(context.Context) error {
	return func(ctx context.Context) error {
		conn, err := dialProbe(ctx, "unixpacket", path)
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close() }()
		if _, err := io.WriteString(conn, infoRequest); err != nil {
			return err
		}
		answer := make([]byte, 64<<10)
		n, err := conn.Read(answer)
		if err != nil {
			return err
		}
		return s.checkName(answer[:n])
	}
}

// dialProbe dials with a deadline for the whole exchange.
func dialProbe(ctx context.Context, network, address string) (net.Conn, error) {
	deadline := time.Now().Add(probeTimeout)
	if d, ok := ctx.Deadline(); ok && d.Before(deadline) {
		deadline = d
	}
	d := net.Dialer{Deadline: deadline}
	conn, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return conn, conn.SetDeadline(deadline)
}
