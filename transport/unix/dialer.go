//go:build !js

package unix

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"syscall"

	"github.com/bifrons-rtc/bifrons/transport"
)

const (
	defaultReadLimit  = 256 << 10 // more than Linux lets a socket send by default
	defaultWriteLimit = 8191      // janus.transport.pfunix reads into 8192 bytes
)

// Dialer dials the Unix sockets of gateways. The zero value is ready to use.
type Dialer struct {
	// ReadLimit is the largest message accepted, in bytes. Zero means 256 KiB,
	// which is more than a gateway can send unless its system's socket buffers
	// were made larger. A larger one ends the connection with a
	// [*transport.TooLargeError]. The connection has a buffer of this size.
	ReadLimit int

	// WriteLimit is the largest message that Write takes, in bytes. Zero means
	// 8191, the most that Janus 1.x does not drop.
	WriteLimit int
}

var _ transport.Dialer = (*Dialer)(nil)

// Dial connects to the socket at rawURL, which is unix:// and an absolute path.
// It tries SOCK_SEQPACKET first and SOCK_DGRAM if the gateway's socket is of
// that type; a datagram socket gets a name in a temporary directory, which
// Close removes. The API is not part of the protocol: each has its own path.
//
// Errors are [*transport.URLError] and [*transport.DialError].
func (d *Dialer) Dial(ctx context.Context, rawURL string, _ transport.API) (transport.Conn, error) {
	path, err := parse(rawURL)
	if err != nil {
		return nil, err
	}
	s := *d
	if s.ReadLimit <= 0 {
		s.ReadLimit = defaultReadLimit
	}
	if s.WriteLimit <= 0 {
		s.WriteLimit = defaultWriteLimit
	}
	sock, dir, err := dial(ctx, path)
	if err != nil {
		return nil, &transport.DialError{URL: transport.Redact(rawURL), Err: err, Fix: fix(err)}
	}
	return newConn(sock, dir, s), nil
}

func parse(rawURL string) (string, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Scheme != "unix" || u.Host != "" || u.User != nil || !filepath.IsAbs(u.Path) {
		return "", &transport.URLError{
			URL:    transport.Redact(rawURL),
			Reason: "not an absolute path; write it as unix:///run/janus/api, with three slashes",
		}
	}
	return u.Path, nil
}

// dial returns the socket and, for a datagram socket, the directory that holds
// its name.
func dial(ctx context.Context, path string) (sock net.Conn, dir string, err error) {
	var d net.Dialer
	sock, err = d.DialContext(ctx, "unixpacket", path)
	if err == nil || !errors.Is(err, syscall.EPROTOTYPE) && !errors.Is(err, syscall.EPROTONOSUPPORT) {
		return sock, "", err
	}
	// Janus answers a datagram at the name of its sender, which therefore needs
	// one.
	dir, err = os.MkdirTemp("", "bifrons-")
	if err != nil {
		return nil, "", err
	}
	d.LocalAddr = &net.UnixAddr{Net: "unixgram", Name: filepath.Join(dir, "s")}
	sock, err = d.DialContext(ctx, "unixgram", path)
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, "", err
	}
	return sock, dir, nil
}

func fix(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such socket: is Janus running, with enabled = true and this path in janus.transport.pfunix.jcfg?"
	case errors.Is(err, fs.ErrPermission):
		return "this user may not write to the socket: check its owner and mode, and those of its directory"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nobody listens on the socket: is Janus running? a socket file survives its process"
	case errors.Is(err, syscall.EPROTOTYPE):
		return "the socket is of type SOCK_STREAM: it is not that of Janus"
	case errors.Is(err, syscall.EINVAL), errors.Is(err, syscall.ENAMETOOLONG):
		return "is the path too long? that of a Unix socket has some 100 bytes at most"
	}
	return ""
}
