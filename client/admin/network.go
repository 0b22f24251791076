package admin

import (
	"context"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

// Janus works on both requests below in the one thread that takes all requests
// of both APIs: until it has its answer it does not even answer a ping, and
// clients may find it dead.

// Resolution is an address that the gateway looked up.
type Resolution struct {
	IP      string
	Elapsed time.Duration // at the gateway
}

// ResolveAddress has the gateway look a host name up. A name that it cannot
// resolve is client.UnknownError. Janus answers no other request meanwhile.
func (c *Client) ResolveAddress(ctx context.Context, address string) (*Resolution, error) {
	const op = "resolve_address"
	if address == "" {
		return nil, errNoAddress(op)
	}
	var answer struct {
		IP      string `json:"ip"`
		Elapsed int64  `json:"elapsed"`
	}
	if err := c.Call(ctx, Request{Name: op, Body: fields{"address": address}, slow: true}, &answer); err != nil {
		return nil, err
	}
	return &Resolution{IP: answer.IP, Elapsed: time.Duration(answer.Elapsed) * time.Microsecond}, nil
}

// STUNServer is a STUN server to test.
type STUNServer struct {
	Address   string // host name or IP address
	Port      uint16 // usually 3478
	LocalPort uint16 // of the gateway's machine, to test from; zero: any
}

// STUNResult is what a STUN server told the gateway.
type STUNResult struct {
	PublicIP   string // the gateway's, as the server sees it
	PublicPort uint16
	Elapsed    time.Duration // at the gateway
}

// TestSTUN has the gateway ask a STUN server for its public address. A server
// that does not answer within 5 s is client.UnknownError. Janus answers no other
// request meanwhile.
func (c *Client) TestSTUN(ctx context.Context, server STUNServer) (*STUNResult, error) {
	const op = "test_stun"
	switch {
	case server.Address == "":
		return nil, errNoAddress(op)
	case server.Port == 0:
		return nil, &client.ArgumentError{Op: op, Reason: "STUNServer.Port is 0: it is 3478 usually"}
	}
	body := fields{"address": server.Address, "port": server.Port}
	if server.LocalPort != 0 {
		body["localport"] = server.LocalPort
	}
	var answer struct {
		IP      string `json:"public_ip"`
		Port    uint16 `json:"public_port"`
		Elapsed int64  `json:"elapsed"`
	}
	if err := c.Call(ctx, Request{Name: op, Body: body, slow: true}, &answer); err != nil {
		return nil, err
	}
	return &STUNResult{PublicIP: answer.IP, PublicPort: answer.Port, Elapsed: time.Duration(answer.Elapsed) * time.Microsecond}, nil
}

func errNoAddress(op string) error {
	return &client.ArgumentError{Op: op, Reason: "the address is empty: it is a host name or an IP address"}
}
