//go:build !js

package dialerr

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/stretchr/testify/require"
)

var hints = Hints{Refused: "refused-fix", Dropped: "dropped-fix", Plain: "plain-fix", Secure: "secure-fix"}

func TestNew(t *testing.T) {
	op := func(err error) error {
		return &url.Error{Op: "Get", URL: "http://u:canary@h/?canary", Err: fmt.Errorf("layer: %w", &net.OpError{Op: "dial", Net: "tcp", Err: err})}
	}
	for _, test := range []struct {
		err   error
		cause string
		fix   string
	}{
		{op(os.NewSyscallError("connect", syscall.ECONNREFUSED)), "dial tcp: connect: connection refused", "refused-fix"},
		{op(syscall.EHOSTUNREACH), "dial tcp: no route to host", "no route"},
		{op(syscall.ENETUNREACH), "dial tcp: network is unreachable", "no route"},
		{op(&net.DNSError{Err: "no such host", Name: "h"}), "lookup h: no such host", "does not resolve"},
		{op(&net.DNSError{Err: "i/o timeout", Name: "h", IsTimeout: true}), "dial tcp: lookup h: i/o timeout", "no answer"},
		{op(os.ErrDeadlineExceeded), "dial tcp: i/o timeout", "no answer"},
		{op(syscall.ECONNRESET), "dial tcp: connection reset by peer", "dropped-fix"},
		{&url.Error{Err: io.EOF}, "EOF", "dropped-fix"},
		{fmt.Errorf("read: %w", io.ErrUnexpectedEOF), "unexpected EOF", "dropped-fix"},
		{tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, "tls: first record does not look like a TLS handshake", "plain-fix"},
		{errors.New("http: server gave HTTP response to HTTPS client"), "the server does not speak TLS", "plain-fix"},
		{errors.New(`net/http: malformed HTTP response "\x15\x03\x01\x00"`), "answered with TLS", "secure-fix"},
		{errors.New(`net/http: malformed HTTP response "SSH-2.0"`), "did not answer with HTTP", "refused-fix"},
		{x509.UnknownAuthorityError{}, "x509: certificate signed by unknown authority", "RootCAs"},
		{x509.CertificateInvalidError{Cert: &x509.Certificate{}, Reason: x509.Expired}, "expired", "clock"},
		{&tls.CertificateVerificationError{Err: errors.New("no")}, "failed to verify", "TLSConfig"},
		{tls.AlertError(40), "handshake failure", "client certificate"},
		{errors.New("boom"), "boom", ""},
		{errors.New(`bad Location "/?x=canary"`), `bad Location "/?***"`, ""},
	} {
		e := New(t.Context(), "http://user:canary@h/p?x=canary#canary", test.err, hints)
		require.Equal(t, "http://h/p", e.URL)
		require.Contains(t, e.Err.Error(), test.cause)
		require.Contains(t, e.Fix, test.fix)
		require.Equal(t, test.fix == "", e.Fix == "")
		require.Equal(t, strings.Contains(test.fix, "RootCAs") || test.fix == "clock" || test.fix == "TLSConfig", e.Final, "%v", test.err)
		require.NotContains(t, e.Error(), "canary")
	}
}

func TestNewCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	e := New(ctx, "ws://h", errors.New("operation was canceled"), hints)
	require.Equal(t, context.Canceled, e.Err)
	require.Empty(t, e.Fix, "whoever cancels knows")
}

func TestCheckURL(t *testing.T) {
	require.NoError(t, CheckURL("ws://h:1/p?q#f", "ws://x", "ws", "wss"))
	require.NoError(t, CheckURL("WSS://u:p@[::1]", "ws://x", "ws", "wss"))
	for _, raw := range []string{"", "h", "http://h", "ws://", "ws:h", "ws://:80", "ws://h:port", "ws://u:canary@h:port", "ws://%zz?canary"} {
		err := CheckURL(raw, "ws://example", "ws", "wss")
		var e *transport.URLError
		require.ErrorAs(t, err, &e, raw)
		require.Contains(t, e.Reason, "write it as ws://example")
		require.NotContains(t, err.Error(), "canary")
	}
}
