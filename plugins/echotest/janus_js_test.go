package echotest_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/media"
)

// gatewayURL is where the real Janus is; within TestBrowserEmbedded it is the
// gateway that stands in for it.
func gatewayURL(t *testing.T) string {
	t.Helper()
	if strings.HasPrefix(t.Name(), "TestBrowserEmbedded") {
		return page.Embedded(t)
	}
	return page.Janus(t).WS
}

// endless returns a microphone and a camera.
func endless(ctx context.Context, t *testing.T) []media.Source {
	t.Helper()
	sources, err := media.Device(ctx, media.DeviceRequest{Audio: true, Video: true})
	require.NoError(t, err)
	for _, src := range sources {
		t.Cleanup(func() { require.NoError(t, src.Close()) })
	}
	return sources
}

func TestBrowserJanus(t *testing.T) {
	for name, body := range bodies {
		t.Run(name, body)
	}
}

func TestBrowserEmbedded(t *testing.T) {
	for name, body := range bodies {
		t.Run(name, body)
	}
}
