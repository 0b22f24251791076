//go:build !js

package udpfault

import (
	"bytes"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"sync"
)

// maxRelays is how many addresses of a gateway a Detour has relays for. A peer
// connection takes one; above that, the one that was told first goes.
const maxRelays = 64

// Detour has media between a gateway and its clients go through relays, although
// neither of them wants to: it changes the candidates in what they tell each
// other. The gateway's become those of relays, and the clients' are told as TCP,
// which the gateway has no use for: it answers where packets come from. Addresses
// are IPv4. Its methods may be called concurrently.
type Detour struct {
	seed uint64

	mu     sync.Mutex // guards what follows
	faults Faults
	relays map[netip.AddrPort]*Relay // by the gateway's address
	order  []netip.AddrPort          // keys of relays, the oldest first
	dead   []*Relay                  // those that lead nowhere
	closed bool
}

// NewDetour returns a Detour on which nothing happens to packets. The caller
// closes it.
func NewDetour(seed uint64) *Detour {
	return &Detour{seed: seed, relays: make(map[netip.AddrPort]*Relay)}
}

var (
	anyCandidate = []byte("candidate:")
	gatewayUDP   = regexp.MustCompile(`(candidate:\S+ \d+ (?i:udp) \d+ )(\d+(?:\.\d+){3}) (\d+)( typ host)`)
	clientUDP    = regexp.MustCompile(`(candidate:\S+ \d+) (?i:udp) (\d+ \S+ \d+ typ )`)
)

// ToClient returns what a client is to hear in the place of a gateway's message.
// An address for which there can be no relay stays.
func (d *Detour) ToClient(message []byte) []byte {
	if !bytes.Contains(message, anyCandidate) {
		return message
	}
	return gatewayUDP.ReplaceAllFunc(message, func(match []byte) []byte {
		part := gatewayUDP.FindSubmatch(match)
		target, err := netip.ParseAddrPort(string(part[2]) + ":" + string(part[3]))
		if err != nil {
			return match
		}
		addr, ok := d.around(target)
		if !ok {
			return match
		}
		return fmt.Appendf(nil, "%s%s %d%s", part[1], addr.Addr(), addr.Port(), part[4])
	})
}

// ToServer returns what a gateway is to hear in the place of a client's message.
func (d *Detour) ToServer(message []byte) []byte {
	if !bytes.Contains(message, anyCandidate) {
		return message
	}
	return clientUDP.ReplaceAll(message, []byte("$1 tcp $2"))
}

// around returns the relay's address for one of the gateway's.
func (d *Detour) around(target netip.AddrPort) (netip.AddrPort, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := d.relays[target]
	if r == nil {
		if d.closed {
			return netip.AddrPort{}, false
		}
		var err error
		if r, err = Listen(target.String(), d.seed+uint64(len(d.relays)), d.faults); err != nil {
			return netip.AddrPort{}, false
		}
		if len(d.order) == maxRelays {
			d.relays[d.order[0]].Close()
			delete(d.relays, d.order[0])
			d.order = d.order[1:]
		}
		d.relays[target] = r
		d.order = append(d.order, target)
	}
	addr, err := netip.ParseAddrPort(r.Addr())
	return addr, err == nil
}

// Set changes what happens to packets from now on.
func (d *Detour) Set(f Faults) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.faults = f
	for _, r := range d.relays {
		r.Set(f)
	}
}

// Switch has every way there is lead nowhere from now on, without anybody being
// told, as it is for one who went to another network. Candidates that are told
// afterwards lead to the gateway by new ways, which it sees other addresses at the
// ends of.
func (d *Detour) Switch() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range d.dead {
		r.Close()
	}
	d.dead = nil
	for _, target := range d.order {
		r := d.relays[target]
		r.Set(Faults{Blackhole: true})
		d.dead = append(d.dead, r)
	}
	clear(d.relays)
	d.order = nil
}

// Stats returns what happened to the packets of the relays there are.
func (d *Detour) Stats() Stats {
	d.mu.Lock()
	defer d.mu.Unlock()
	var sum Stats
	for _, r := range d.all() {
		s := r.Stats()
		sum.Passed += s.Passed
		sum.Lost += s.Lost
	}
	return sum
}

// all returns the relays there are. d.mu is held.
func (d *Detour) all() []*Relay {
	return slices.AppendSeq(slices.Clone(d.dead), maps.Values(d.relays))
}

// Close ends all relays. It is idempotent.
func (d *Detour) Close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	for _, r := range d.all() {
		r.Close()
	}
	clear(d.relays)
	d.dead, d.order = nil, nil
}
