//go:build !js

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"
)

// probeTimeout bounds the tries that find out what is there instead.
const probeTimeout = 2 * time.Second

// checkTCP makes a connection and nothing else.
func (d *doctor) checkTCP(ctx context.Context) *finding {
	address, via := d.address(), ""
	if p := d.proxy(); p != nil {
		address, via = p.Host, " (the proxy of this environment)"
		if p.Port() == "" {
			address = net.JoinHostPort(p.Hostname(), "80")
		}
	}
	began := time.Now()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err == nil {
		took := time.Since(began)
		remote := conn.RemoteAddr().String()
		_ = conn.Close() // nothing was written
		return found("%s takes connections%s, %.2f ms", remote, via, ms(took)).with(map[string]any{"address": remote, "connect_ms": ms(took)})
	}
	d.stop = "there is no connection to the gateway"
	return failure(exitConnect, d.tcpFix(ctx, err), "%s%s: %v", address, via, innermost(err))
}

// proxy returns the proxy that the transports would go through.
func (d *doctor) proxy() *url.URL {
	u := *d.url
	u.Scheme = "http"
	if d.tls() {
		u.Scheme = "https"
	}
	p, err := http.ProxyFromEnvironment(&http.Request{URL: &u})
	if err != nil {
		return nil // the transport says so
	}
	return p
}

func (d *doctor) tcpFix(ctx context.Context, err error) string {
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return "check the spelling of the host name, and the name server of this machine"
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		if open := d.openPorts(ctx); len(open) > 0 {
			return "nothing listens there, but " + strings.Join(open, " and ") + " may be it"
		}
		name := "websockets"
		if d.http() {
			name = "http"
		}
		fix := "start Janus, with this port in its janus.transport." + name + ".jcfg"
		if !d.local() {
			fix += ", and have it listen on more than 127.0.0.1"
		}
		return fix
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "check the address, and the route to it"
	}
	return "check the address, and that no firewall is in between"
}

// openPorts lists URLs with the ports that Janus has by default and that
// somebody listens on.
func (d *doctor) openPorts(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeTimeout)
	defer cancel()
	var open []string
	for _, port := range []string{"8188", "8088", "8989", "8089"} {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(d.url.Hostname(), port))
		if err == nil {
			_ = conn.Close() // nothing was written
			is := usualPorts[port]
			open = append(open, is.scheme+"://"+net.JoinHostPort(d.url.Hostname(), port)+is.path)
		}
	}
	return open
}

// innermost returns the network error without what was dialed.
func innermost(err error) error {
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Err != nil {
		if s := errors.Unwrap(e.Err); s != nil && errors.Is(err, syscall.ECONNREFUSED) {
			return s
		}
		return e.Err
	}
	return err
}

// expiresSoon is when a certificate that still counts is worth a warning.
const expiresSoon = 14 * 24 * time.Hour

// checkTLS makes the handshake and judges the certificate, all of it and not
// only what is wrong first.
func (d *doctor) checkTLS(ctx context.Context) *finding {
	if d.proxy() != nil {
		return skipped("the proxy is in between")
	}
	state, err := handshake(ctx, d.address(), d.url.Hostname())
	if err != nil {
		d.stop = "TLS does not work"
		plain := strings.TrimSuffix(d.url.Scheme, "s")
		if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
			return failure(exitConnect, "use "+plain+"://", "the server does not speak TLS on this port")
		}
		return failure(exitConnect, "check that this is a port for TLS, and that no firewall is in between; "+plain+":// is without", "%v", innermost(err))
	}
	cert := state.PeerCertificates[0]
	details := map[string]any{
		"version": tls.VersionName(state.Version), "subject": cert.Subject.String(), "issuer": cert.Issuer.String(),
		"names": certNames(cert), "not_after": cert.NotAfter.UTC(),
	}
	if problems, fix := d.certProblems(state); len(problems) > 0 {
		d.insecure = "the certificate is not in order"
		return failure(exitConnect, fix, "%s", strings.Join(problems, "; ")).with(details)
	}
	if left := time.Until(cert.NotAfter); left < expiresSoon {
		return warning("renew it", "the certificate expires in %d days", int(left/(24*time.Hour))).with(details)
	}
	return found("%s, the certificate for %s counts until %s", tls.VersionName(state.Version),
		strings.Join(certNames(cert), ", "), cert.NotAfter.Format(time.DateOnly)).with(details)
}

// handshake makes a TLS connection without judging it.
func handshake(ctx context.Context, address, host string) (*tls.ConnectionState, error) {
	config := &tls.Config{InsecureSkipVerify: true, ServerName: host} // nothing is sent over it
	conn, err := (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	defer conn.Close() //nolint:errcheck // nothing was written
	secured, ok := conn.(*tls.Conn)
	if !ok {
		return nil, errors.New("no TLS connection")
	}
	state := secured.ConnectionState()
	return &state, nil
}

// certProblems lists what is wrong with the certificate, and the fix of the
// first of it.
func (d *doctor) certProblems(state *tls.ConnectionState) (problems []string, fix string) {
	cert, host := state.PeerCertificates[0], d.url.Hostname()
	add := func(problem, mend string) {
		problems = append(problems, problem)
		if fix == "" {
			fix = mend
		}
	}
	now := time.Now()
	if cert.VerifyHostname(host) != nil {
		add("the certificate is for "+orNothing(strings.Join(certNames(cert), ", "))+", not for "+host, "use one of its names in the URL, or get a certificate for "+host)
	}
	switch {
	case now.After(cert.NotAfter):
		add("the certificate expired on "+cert.NotAfter.Format(time.DateOnly), "renew it, and check the clock of this machine")
	case now.Before(cert.NotBefore):
		add("the certificate counts only from "+cert.NotBefore.Format(time.DateOnly), "check the clock of this machine")
	}
	between := x509.NewCertPool()
	for _, c := range state.PeerCertificates[1:] {
		between.AddCert(c)
	}
	_, err := cert.Verify(x509.VerifyOptions{Intermediates: between, CurrentTime: middle(cert)})
	switch {
	case err == nil:
	case isType[x509.UnknownAuthorityError](err) && cert.Issuer.String() == cert.Subject.String():
		add("it is signed by itself", "get a certificate from an authority, or set SSL_CERT_FILE to this one's PEM file")
	case isType[x509.UnknownAuthorityError](err):
		add("its authority is not trusted here", "have the gateway send the whole chain, or set SSL_CERT_FILE to the authority's PEM file")
	default:
		add(err.Error(), "get a certificate for servers")
	}
	return problems, fix
}

// middle is a time at which cert counts, so that its dates do not hide the rest.
func middle(cert *x509.Certificate) time.Time {
	return cert.NotBefore.Add(cert.NotAfter.Sub(cert.NotBefore) / 2)
}

// certNames lists what a certificate is for.
func certNames(cert *x509.Certificate) []string {
	names := slices.Clone(cert.DNSNames)
	for _, ip := range cert.IPAddresses {
		names = append(names, ip.String())
	}
	return names
}
