//go:build !js

package janusproc

import (
	"fmt"
	"math/rand/v2"
	"net"
)

// portRange is an inclusive range of UDP ports.
type portRange struct{ first, last int }

// String renders r as Janus reads it.
func (r portRange) String() string { return fmt.Sprintf("%d-%d", r.first, r.last) }

// ports are the numbers one server uses.
type ports struct {
	ws, http, adminWS, adminHTTP        int
	media, mixer, streaming, nosip, sip portRange
}

// UDP ranges are cut from what lies below the ports the system gives out.
const (
	udpFirst = 10000
	udpLast  = 32767
	udpSlot  = 600 // ports of one server; the first one is its lock
)

// reservePorts finds free TCP ports and a slot of UDP ports nobody else has.
// The lock holds the slot against other servers, in this process or another,
// until it is closed. The TCP ports are free now, and that is all.
func reservePorts() (ports, net.PacketConn, error) {
	var p ports
	for _, port := range []*int{&p.ws, &p.http, &p.adminWS, &p.adminHTTP} {
		// All stay open until the last is found, so that they differ.
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			return ports{}, nil, fmt.Errorf("janusproc: find a free port: %w", err)
		}
		defer func() { _ = l.Close() }()
		*port = l.Addr().(*net.TCPAddr).Port
	}
	lock, first, err := lockSlot()
	if err != nil {
		return ports{}, nil, err
	}
	cut := func(from, n int) portRange { return portRange{first + from, first + from + n - 1} }
	p.media = cut(2, 398)
	p.mixer = cut(400, 50)
	p.streaming = cut(450, 50)
	p.nosip = cut(500, 50)
	p.sip = cut(550, 50)
	return p, lock, nil
}

// lockSlot binds the first port of a free slot, starting at a random one.
func lockSlot() (net.PacketConn, int, error) {
	const slots = (udpLast + 1 - udpFirst) / udpSlot
	start := rand.IntN(slots) //nolint:gosec // which slot is no secret
	for i := range slots {
		first := udpFirst + (start+i)%slots*udpSlot
		lock, err := net.ListenPacket("udp4", fmt.Sprintf(":%d", first))
		if err == nil {
			return lock, first, nil
		}
	}
	return nil, 0, fmt.Errorf("janusproc: all %d ranges of RTP ports are in use", slots)
}
