//go:build !js

package udpfault

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Faults is what happens to packets, either way. The zero Faults is nothing.
type Faults struct {
	Loss    int           // of 100 packets
	Delay   time.Duration // of each packet
	Jitter  time.Duration // at most that much more, or less, so that packets overtake each other
	Reorder int           // of 100 packets are sent at once, ahead of those that are delayed
	// Rate is how many bits a second go through in each direction; zero is no bound.
	// What would wait for more than half a second for those before it is lost.
	Rate int
	// Blackhole swallows everything.
	Blackhole bool
}

const (
	maxPacket  = 64 << 10
	maxWaiting = 4096 // packets; more are lost
	maxClients = 64
	maxBacklog = 500 * time.Millisecond // of what goes through at Faults.Rate
)

// direction is one of two.
type direction int

const (
	toTarget direction = iota
	toClient
)

// Stats counts packets.
type Stats struct{ Passed, Lost int }

// Relay is a relay. Its methods may be called concurrently.
type Relay struct {
	conn   *net.UDPConn
	target netip.AddrPort
	wg     sync.WaitGroup

	mu      sync.Mutex // guards what follows
	faults  Faults
	random  *rand.Rand
	clients map[netip.AddrPort]*net.UDPConn
	waiting map[*time.Timer]struct{}
	free    [2]time.Time // when a direction is done with what it was given, at Faults.Rate
	stats   Stats
	closed  bool
}

// Listen starts a relay to a target, "host:port", on a free port of loopback. The
// same seed loses the same packets, as far as they come in the same order. The
// caller closes the Relay.
func Listen(target string, seed uint64, f Faults) (*Relay, error) {
	to, err := net.ResolveUDPAddr("udp4", target)
	if err != nil {
		return nil, fmt.Errorf("udpfault: %w", err)
	}
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, fmt.Errorf("udpfault: %w", err)
	}
	r := &Relay{
		conn: conn, target: to.AddrPort(), faults: f,
		random:  rand.New(rand.NewPCG(seed, 0)), //nolint:gosec // it is to be repeated
		clients: make(map[netip.AddrPort]*net.UDPConn), waiting: make(map[*time.Timer]struct{}),
	}
	// Reads what clients send; ends with the socket, and Close waits for it.
	r.wg.Go(r.read)
	return r, nil
}

// Addr returns where clients send, as "host:port".
func (r *Relay) Addr() string { return r.conn.LocalAddr().String() }

// Set changes what happens from now on. Packets that wait are sent as it was.
func (r *Relay) Set(f Faults) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults = f
}

// Stats returns what happened so far.
func (r *Relay) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stats
}

// Close ends the relay, loses the packets that wait, and returns when its
// goroutines are gone. It is idempotent.
func (r *Relay) Close() {
	r.mu.Lock()
	r.closed = true
	_ = r.conn.Close()
	for _, c := range r.clients {
		_ = c.Close()
	}
	for t := range r.waiting {
		t.Stop()
	}
	r.mu.Unlock()
	r.wg.Wait()
}

// read carries packets of clients to the target.
func (r *Relay) read() {
	buf := make([]byte, maxPacket)
	for {
		n, from, err := r.conn.ReadFromUDPAddrPort(buf)
		if err != nil {
			if r.over() {
				return
			}
			continue // of an ICMP message about an earlier packet
		}
		if up := r.client(from); up != nil {
			r.pass(toTarget, buf[:n], func(b []byte) { _, _ = up.Write(b) })
		}
	}
}

// client returns the socket of a client towards the target; nil when there are
// too many of them.
func (r *Relay) client(from netip.AddrPort) *net.UDPConn {
	r.mu.Lock()
	defer r.mu.Unlock()
	if up := r.clients[from]; up != nil || r.closed || len(r.clients) == maxClients {
		return up
	}
	up, err := net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(r.target))
	if err != nil {
		return nil
	}
	r.clients[from] = up
	// Reads what the target answers; ends with the socket, and Close waits for it.
	r.wg.Go(func() {
		buf := make([]byte, maxPacket)
		for {
			n, err := up.Read(buf)
			if err != nil {
				if r.over() {
					return
				}
				continue // nobody listens there
			}
			r.pass(toClient, buf[:n], func(b []byte) { _, _ = r.conn.WriteToUDPAddrPort(b, from) })
		}
	})
	return up
}

func (r *Relay) over() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closed
}

// pass sends a packet, now, later or never.
func (r *Relay) pass(dir direction, b []byte, send func([]byte)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := r.faults
	lost := f.Blackhole || r.random.IntN(100) < f.Loss || len(r.waiting) >= maxWaiting
	var wait time.Duration
	if !lost && f.Rate > 0 {
		wait, lost = r.queue(dir, len(b))
	}
	if lost {
		r.stats.Lost++
		return
	}
	r.stats.Passed++
	wait += f.Delay
	if f.Jitter > 0 {
		wait += time.Duration(r.random.Int64N(int64(2*f.Jitter))) - f.Jitter
	}
	if wait <= 0 || r.random.IntN(100) < f.Reorder {
		send(b)
		return
	}
	b = append([]byte(nil), b...)
	var timer *time.Timer
	timer = time.AfterFunc(wait, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.waiting, timer)
		if !r.closed {
			send(b)
		}
	})
	r.waiting[timer] = struct{}{}
}

// queue returns how long a packet waits for those before it and until it is
// through itself, or that it does not. r.mu is held.
func (r *Relay) queue(dir direction, size int) (wait time.Duration, full bool) {
	now := time.Now()
	begin := r.free[dir]
	if begin.Before(now) {
		begin = now
	}
	if begin.Sub(now) > maxBacklog {
		return 0, true
	}
	r.free[dir] = begin.Add(time.Duration(size) * 8 * time.Second / time.Duration(r.faults.Rate))
	return r.free[dir].Sub(now), false
}
