package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// Where there is a page it does more; see page_native_test.go.
func TestEchoFails(t *testing.T) {
	require.Error(t, echo(t.Context(), "gopher://127.0.0.1/", "echo.webm", "clip.webm"))
}
