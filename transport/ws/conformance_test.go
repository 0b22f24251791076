//go:build !js

package ws_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/transporttest"
	"github.com/bifrons-rtc/bifrons/transport/ws"
)

const limit = 2 << 20

func conformance(t *testing.T, start func(*httptest.Server), dialer func(*server) *ws.Dialer) {
	transporttest.Run(t, func(t *testing.T) (transport.Conn, transporttest.Peer) {
		s := newServer(t, start)
		conn, sock := s.dial(t, dialer(s))
		return conn, newPeer(t, sock)
	}, transporttest.Limits{Read: limit})
}

func TestConformance(t *testing.T) {
	conformance(t, (*httptest.Server).Start, func(*server) *ws.Dialer {
		return &ws.Dialer{ReadLimit: limit}
	})
}

func TestConformanceTLS(t *testing.T) {
	conformance(t, (*httptest.Server).StartTLS, func(s *server) *ws.Dialer {
		pool := x509.NewCertPool()
		pool.AddCert(s.Certificate())
		return &ws.Dialer{ReadLimit: limit, TLSConfig: &tls.Config{RootCAs: pool}}
	})
}

// roundTripper hides its http.Transport, as those of tracing libraries do.
type roundTripper struct{ http.RoundTripper }

func TestConformanceForeignRoundTripper(t *testing.T) {
	conformance(t, (*httptest.Server).Start, func(*server) *ws.Dialer {
		client := &http.Client{Transport: roundTripper{&http.Transport{DisableKeepAlives: true}}}
		return &ws.Dialer{ReadLimit: limit, HTTPClient: client}
	})
}
