package leak_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func TestFind(t *testing.T) {
	time.Sleep(time.Millisecond) //nolint:forbidigo // makes the JavaScript runtime start its event goroutine
	require.NoError(t, leak.Find())
	stop := make(chan struct{})
	go func() { <-stop }() // ends below
	require.ErrorContains(t, leak.Find(), "TestFind")
	close(stop)
	require.NoError(t, leak.Find())
}
