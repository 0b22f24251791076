//go:build !js

package dialerr

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"

	"github.com/bifrons-rtc/bifrons/transport"
)

// Hints are the parts of a fix that only the transport knows.
type Hints struct {
	Refused string // nothing listens on the port
	Dropped string // the server hung up without an HTTP answer
	Plain   string // the server does not speak TLS, and the URL asks for it
	Secure  string // the server speaks TLS, and the URL does not
}

// New returns the [*transport.DialError] for err, the error of a dial of
// rawURL under ctx.
func New(ctx context.Context, rawURL string, err error, h Hints) *transport.DialError {
	fix, cause := explain(ctx, err, h)
	return &transport.DialError{URL: transport.Redact(rawURL), Err: scrub(rawURL, cause), Fix: fix, Final: distrusted(cause)}
}

// explain returns the fix and the cause that matters.
func explain(ctx context.Context, err error, h Hints) (string, error) {
	// url.Error prints the whole URL, so it is always taken off.
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok && !dns.IsTimeout {
		return "the host name does not resolve: check its spelling and the name server", dns
	}
	if fix, cause := explainTLS(err, h); cause != nil {
		return fix, cause
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return h.Refused, last(err)
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "there is no route to the host: check the address and the network", last(err)
	case ctx.Err() != nil:
		return timeout(ctx)
	case errors.Is(err, os.ErrDeadlineExceeded), isTimeout(err):
		return timeoutFix, last(err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return h.Dropped, last(err)
	case strings.Contains(err.Error(), `malformed HTTP response "\x15\x03`):
		return h.Secure, errors.New("the server answered with TLS")
	case strings.Contains(err.Error(), "malformed HTTP"):
		return h.Refused, errors.New("the server did not answer with HTTP")
	}
	return "", err
}

const timeoutFix = "no answer: check the address, a firewall in between, and that the gateway is not frozen"

// timeout tells a deadline from a cancelled dial, which needs no fix.
func timeout(ctx context.Context) (string, error) {
	cause := context.Cause(ctx)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return timeoutFix, cause
	}
	return "", cause
}

func isTimeout(err error) bool {
	t, ok := errors.AsType[net.Error](err)
	return ok && t.Timeout()
}

// explainTLS returns nil for an error that has nothing to do with TLS.
func explainTLS(err error, h Hints) (string, error) {
	if e, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return h.Plain, e
	}
	// net/http replaces the error above when the plain server answered in HTTP.
	if strings.Contains(err.Error(), "server gave HTTP response to HTTPS client") {
		return h.Plain, errors.New("the server does not speak TLS")
	}
	if e, ok := errors.AsType[x509.HostnameError](err); ok {
		return "the certificate is for another name: dial that name, or set TLSConfig.ServerName", e
	}
	if e, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "the certificate is signed by nobody this machine trusts: add its authority to TLSConfig.RootCAs", e
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		return "the certificate is not valid now or not for servers: check its dates and this machine's clock", e
	}
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "the certificate was not accepted: check TLSConfig", e
	}
	if e, ok := errors.AsType[tls.AlertError](err); ok {
		return "the server refused the TLS handshake: it may want a client certificate or another version", e
	}
	return "", nil
}

// distrusted reports whether cause is that the certificate was not accepted.
func distrusted(cause error) bool {
	switch cause.(type) { //nolint:errorlint // explainTLS has unwrapped it
	case x509.HostnameError, x509.UnknownAuthorityError, x509.CertificateInvalidError, *tls.CertificateVerificationError:
		return true
	}
	return false
}

// last returns the innermost network error, whose text has address and cause.
func last(err error) error {
	if e, ok := errors.AsType[*net.OpError](err); ok {
		return e
	}
	for _, e := range []error{io.ErrUnexpectedEOF, io.EOF} {
		if errors.Is(err, e) {
			return e
		}
	}
	return err
}

// scrub is the safety net for errors of other packages that quote a URL: one
// that shows a part of rawURL which Redact removes is replaced by its text
// without that part.
func scrub(rawURL string, err error) error {
	text := err.Error()
	clean := Clean(rawURL, text)
	if clean == text {
		return err
	}
	return errors.New(clean)
}

// Clean returns text without the parts of rawURL that must not be seen. It is
// for what a server says, which may quote the request.
func Clean(rawURL, text string) string {
	for _, s := range secrets(rawURL) {
		text = strings.ReplaceAll(text, s, "***")
	}
	return text
}

// secrets returns the parts of rawURL that must not be seen, longest first.
func secrets(rawURL string) []string {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil
	}
	var out []string
	add := func(s string) {
		if s != "" {
			out = append(out, s)
		}
	}
	add(u.RawQuery)
	add(u.RawFragment)
	add(u.Fragment)
	if u.User != nil {
		add(u.User.String())
		if p, ok := u.User.Password(); ok {
			add(p)
			add(url.QueryEscape(p))
		}
	}
	for _, vs := range u.Query() {
		for _, v := range vs {
			if len(v) > 3 { // shorter ones would cut words in half
				add(v)
				add(url.QueryEscape(v))
			}
		}
	}
	return out
}
