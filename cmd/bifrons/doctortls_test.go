//go:build !js

package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// authority makes certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-1000 * time.Hour), NotAfter: time.Now().Add(1000 * time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return &authority{cert, key}
}

// pem writes the authority's certificate to a file.
func (a *authority) pem(t *testing.T) string {
	name := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw}), 0o600))
	return name
}

// front ends TLS before the server at a plain URL, with a certificate for name
// that counts for so long, and returns its port.
func (a *authority) front(t *testing.T, plain, name string, left time.Duration) string {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-500 * time.Hour),
		NotAfter: time.Now().Add(left), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if ip := net.ParseIP(name); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{name}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	require.NoError(t, err)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}})
	require.NoError(t, err)
	target, err := url.Parse(plain)
	require.NoError(t, err)
	var wg sync.WaitGroup
	t.Cleanup(func() { l.Close(); wg.Wait() })
	// It takes connections until the listener closes; the clean-up waits for it
	// and for what it started.
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer c.Close()
				up, err := net.Dial("tcp", target.Host)
				if err != nil {
					return
				}
				defer up.Close()
				wg.Go(func() { defer c.Close(); defer up.Close(); _, _ = io.Copy(up, c) })
				_, _ = io.Copy(c, up)
			})
		}
	})
	return l.Addr().String()
}

func TestJanusDoctorTLS(t *testing.T) {
	gw := gateway.Get(t)
	a := newAuthority(t)
	for _, test := range []struct {
		name, certName string
		left           time.Duration
		says           []string
	}{
		{"unknown authority", "127.0.0.1", 500 * time.Hour, []string{"its authority is not trusted here", "SSL_CERT_FILE"}},
		{"expired", "127.0.0.1", -48 * time.Hour, []string{"the certificate expired on", "authority is not trusted", "renew it"}},
		{"other name", "other.example", 500 * time.Hour, []string{"the certificate is for other.example, not for 127.0.0.1", "authority is not trusted"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRun(t, nil)
			r.env["BIFRONS_TOKEN"] = "canary"
			d := diagnose(t, r, exitConnect, "wss://"+a.front(t, gw.WS(), test.certName, test.left)+"/")
			d.is(t, "tls", "failed", test.says...)
			d.is(t, "transport", "ok", "without a look at the certificate")
			d.is(t, "gateway", "ok", gw.Name())
			d.is(t, "login", "skipped", "no credentials are sent")
			d.is(t, "media", "skipped")
		})
	}
	t.Run("over HTTP", func(t *testing.T) {
		d := diagnose(t, newRun(t, nil), exitConnect, "https://"+a.front(t, gw.HTTP(), "127.0.0.1", 500*time.Hour)+"/janus")
		d.is(t, "tls", "failed", "authority")
		d.is(t, "gateway", "ok", gw.Name())
	})
	for name, left := range map[string]time.Duration{"good": 500 * time.Hour, "soon over": 50 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			program, err := os.Executable()
			require.NoError(t, err)
			cmd := exec.CommandContext(t.Context(), program, "doctor", "--no-media", "wss://"+a.front(t, gw.WS(), "127.0.0.1", left)+"/")
			cmd.Env = append(os.Environ(), asProgram+"=1", "SSL_CERT_FILE="+a.pem(t))
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", out)
			want := `(?m)^ok       tls        TLS 1\.3, the certificate for 127\.0\.0\.1 counts until `
			if name == "soon over" {
				want = `(?m)^warning  tls        the certificate expires in 2 days\n +fix: renew it$`
			}
			require.Regexp(t, want, string(out))
			require.Regexp(t, `(?m)^ok       login `, string(out))
		})
	}
}
