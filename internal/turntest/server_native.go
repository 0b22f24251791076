//go:build !js

package turntest

import (
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"sync/atomic"

	"github.com/pion/logging"
	"github.com/pion/turn/v5"
)

const realm = "bifrons.test"

// Server is a TURN server over UDP for one user. Its methods may be called
// concurrently.
type Server struct {
	addr       string
	user, pass string
	server     *turn.Server
	relayed    atomic.Uint64
}

// Start serves on a free UDP port of ip, where the relayed addresses are as
// well. The caller stops it.
func Start(ip string) (*Server, error) {
	conn, err := net.ListenPacket("udp4", net.JoinHostPort(ip, "0"))
	if err != nil {
		return nil, fmt.Errorf("turntest: %w", err)
	}
	s := &Server{addr: conn.LocalAddr().String(), user: rand.Text(), pass: rand.Text()}
	s.server, err = turn.NewServer(turn.ServerConfig{
		Realm:         realm,
		LoggerFactory: &logging.DefaultLoggerFactory{Writer: io.Discard, DefaultLogLevel: logging.LogLevelDisabled},
		AuthHandler: func(r *turn.RequestAttributes) (string, []byte, bool) {
			return r.Username, turn.GenerateAuthKey(s.user, realm, s.pass), r.Username == s.user
		},
		PacketConnConfigs: []turn.PacketConnConfig{{
			PacketConn: conn,
			RelayAddressGenerator: &relays{
				RelayAddressGeneratorStatic: &turn.RelayAddressGeneratorStatic{RelayAddress: net.ParseIP(ip), Address: ip},
				count:                       &s.relayed,
			},
		}},
	})
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("turntest: %w", err)
	}
	return s, nil
}

// URL returns the address for RTCIceServer.urls, "turn:host:port".
func (s *Server) URL() string { return "turn:" + s.addr }

// Credentials returns the one user there is.
func (s *Server) Credentials() (username, password string) { return s.user, s.pass }

// Relayed returns how many packets left for the other side.
func (s *Server) Relayed() uint64 { return s.relayed.Load() }

// Stop ends the server and everything that goes through it.
func (s *Server) Stop() error { return s.server.Close() }

// relays counts what is sent from the relayed addresses.
type relays struct {
	*turn.RelayAddressGeneratorStatic
	count *atomic.Uint64
}

// AllocatePacketConn implements turn.RelayAddressGenerator.
func (r *relays) AllocatePacketConn(c turn.AllocateListenerConfig) (net.PacketConn, net.Addr, error) {
	conn, addr, err := r.RelayAddressGeneratorStatic.AllocatePacketConn(c)
	if err != nil {
		return nil, nil, err
	}
	return &counted{conn, r.count}, addr, nil
}

type counted struct {
	net.PacketConn
	count *atomic.Uint64
}

// WriteTo implements net.PacketConn.
func (c *counted) WriteTo(p []byte, to net.Addr) (int, error) {
	c.count.Add(1)
	return c.PacketConn.WriteTo(p, to)
}
