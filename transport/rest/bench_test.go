//go:build !js

package rest_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/rest"
	"github.com/stretchr/testify/require"
)

// BenchmarkRequest sends one request and reads its answer of 1.1 KB, as the
// list of a plugin has. The floor is net/http with the same pool.
func BenchmarkRequest(b *testing.B) {
	answer := []byte(`{"janus":"success","transaction":"x","pad":"` + string(bytes.Repeat([]byte("x"), 1100)) + `"}`)
	request := []byte(`{"janus":"message","transaction":"0123456789abcdef","body":{"request":"list"}}`)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = w.Write(answer)
	}))
	b.Cleanup(s.Close)
	b.Run("floor", func(b *testing.B) {
		client := &http.Client{Transport: &http.Transport{}}
		defer client.CloseIdleConnections()
		b.ReportAllocs()
		for b.Loop() {
			resp, err := client.Post(s.URL+"/janus/1/2", "application/json", bytes.NewReader(request))
			require.NoError(b, err)
			_, err = io.ReadAll(resp.Body)
			require.NoError(b, err)
			_ = resp.Body.Close()
		}
	})
	b.Run("rest", func(b *testing.B) {
		d := &rest.Dialer{}
		defer d.CloseIdle()
		conn, err := d.Dial(b.Context(), s.URL+"/janus", transport.Janus)
		require.NoError(b, err)
		defer func() { _ = conn.Close() }()
		b.ReportAllocs()
		for b.Loop() {
			require.NoError(b, conn.Write(b.Context(), transport.Message{Session: 1, Handle: 2, Data: request}))
			_, err := conn.Read(b.Context())
			require.NoError(b, err)
		}
	})
}
