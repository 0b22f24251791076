package exposed

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestURL(t *testing.T) {
	for url, is := range map[string]bool{
		"ws://example.org/": true, "http://10.0.0.1:8088/janus": true, "WS://Example.org": true, "ws://127.evil.org/": true,
		"ws://127.0.0.1.evil.org/": true, "ws://evil.org\\@127.0.0.1/": true, "ws://localhost.evil.org": true, "ws://u:p@h/": true,
		"ws://[2001:db8::1]:8188/": true, "ws://128.0.0.1/": true, "ws://0127.0.0.1/": true, "ws://127.0.0.1@evil.org/": true,
		"ws://127.0.0.1/": false, "ws://127.9.8.7:8188": false, "http://localhost:8088/janus": false, "ws://LOCALHOST": false,
		"ws://[::1]:8188/": false, "wss://example.org/": false, "https://example.org/": false, "unix:///run/janus": false,
		"ws://u:p@127.0.0.1/": false, "ws://": true, "ws://[": true, "http://]": true, "": false,
	} {
		require.Equal(t, is, URL(url), url)
	}
}
