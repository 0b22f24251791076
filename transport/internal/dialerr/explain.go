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
	cause, fix := explain(ctx, err, h)
	return &transport.DialError{URL: transport.Redact(rawURL), Err: scrub(rawURL, cause), Fix: fix}
}

func explain(ctx context.Context, err error, h Hints) (error, string) {
	// url.Error prints the whole URL, so it is always taken off.
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok && !dns.IsTimeout {
		return dns, "the host name does not resolve: check its spelling and the name server"
	}
	if cause, fix, ok := explainTLS(err, h); ok {
		return cause, fix
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return last(err), h.Refused
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return last(err), "there is no route to the host: check the address and the network"
	case ctx.Err() != nil:
		return timeout(ctx)
	case errors.Is(err, os.ErrDeadlineExceeded), isTimeout(err):
		return last(err), timeoutFix
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return last(err), h.Dropped
	case strings.Contains(err.Error(), `malformed HTTP response "\x15\x03`):
		return errors.New("the server answered with TLS"), h.Secure
	case strings.Contains(err.Error(), "malformed HTTP"):
		return errors.New("the server did not answer with HTTP"), h.Refused
	}
	return err, ""
}

const timeoutFix = "no answer: check the address, a firewall in between, and that the gateway is not frozen"

// timeout tells a deadline from a cancelled dial, which needs no fix.
func timeout(ctx context.Context) (error, string) {
	cause := context.Cause(ctx)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return cause, timeoutFix
	}
	return cause, ""
}

func isTimeout(err error) bool {
	t, ok := errors.AsType[net.Error](err)
	return ok && t.Timeout()
}

func explainTLS(err error, h Hints) (error, string, bool) {
	if e, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return e, h.Plain, true
	}
	// net/http replaces the error above when the plain server answered in HTTP.
	if strings.Contains(err.Error(), "server gave HTTP response to HTTPS client") {
		return errors.New("the server does not speak TLS"), h.Plain, true
	}
	if e, ok := errors.AsType[x509.HostnameError](err); ok {
		return e, "the certificate is for another name: dial that name, or set TLSConfig.ServerName", true
	}
	if e, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return e, "the certificate is signed by nobody this machine trusts: add its authority to TLSConfig.RootCAs", true
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		return e, "the certificate is not valid now or not for servers: check its dates and this machine's clock", true
	}
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return e, "the certificate was not accepted: check TLSConfig", true
	}
	if e, ok := errors.AsType[tls.AlertError](err); ok {
		return e, "the server refused the TLS handshake: it may want a client certificate or another version", true
	}
	return nil, "", false
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
