package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// Until a page has transports, the program ends with a reason.
func TestSaysWhatIsMissing(t *testing.T) {
	require.Error(t, echo(t.Context(), "ws://127.0.0.1:1/", "echo.webm", "clip.ivf"))
}
