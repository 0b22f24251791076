//go:build !js

package janustest

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// maxPacket is the buffer of janus.transport.pfunix: what fills it is dropped.
const maxPacket = 8192

// listenUnix opens a socket of packets in a directory of its own.
func listenUnix() (l *net.UnixListener, path string, err error) {
	if runtime.GOOS != "linux" {
		return nil, "", errors.ErrUnsupported
	}
	dir, err := os.MkdirTemp("", "janustest-")
	if err != nil {
		return nil, "", err
	}
	path = filepath.Join(dir, "api")
	l, err = net.ListenUnix("unixpacket", &net.UnixAddr{Name: path, Net: "unixpacket"})
	if err != nil {
		_ = os.RemoveAll(dir)
	}
	return l, path, err
}

// servePackets accepts connections until l is closed.
func (s *Server) servePackets(l *net.UnixListener) {
	for {
		nc, err := l.Accept()
		if err != nil {
			return
		}
		_ = s.thawed(s.ctx) // the system accepts for a frozen process
		s.mu.Lock()
		if s.refusal() == nil {
			c, ctx := s.expect(&packets{nc: nc})
			c.single = true
			s.start(ctx, c)
			nc = nil
		}
		s.mu.Unlock()
		if nc != nil {
			_ = nc.Close()
		}
	}
}

// packets is a link over a Unix socket.
type packets struct {
	nc  net.Conn
	buf [maxPacket]byte // of the reader
}

func (l *packets) read(ctx context.Context) ([]byte, error) {
	stop := context.AfterFunc(ctx, func() { _ = l.nc.Close() })
	defer stop()
	for {
		n, err := l.nc.Read(l.buf[:])
		if err != nil {
			return nil, err
		}
		if n < maxPacket {
			return append([]byte(nil), l.buf[:n]...), nil
		}
	}
}

func (l *packets) write(ctx context.Context, data []byte, _ int) error {
	stop := context.AfterFunc(ctx, func() { _ = l.nc.Close() })
	defer stop()
	_, err := l.nc.Write(data)
	if errors.Is(err, syscall.EMSGSIZE) {
		return nil // lost, as Janus loses it
	}
	return err
}

func (l *packets) end(FaultKind) { _ = l.nc.Close() }
