//go:build !js

package readme_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/bifrons-rtc/bifrons/media"
)

var gateway janustesting.Shared

func TestMain(m *testing.M) { leak.Main(janustesting.Main(m, &gateway)) }

// The program in the README does what it says.
func TestJanusSnippet(t *testing.T) {
	gw := gateway.Get(t)
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, clip.FS))
	t.Chdir(dir)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	done := make(chan struct{})
	// It owns the run of the program, ends with ctx, and is waited for below.
	go func() { defer close(done); echoTest(ctx, gw.WS()) }()
	require.Eventually(t, func() bool {
		info, err := os.Stat(filepath.Join(dir, "echo.webm"))
		return err == nil && info.Size() > 30_000
	}, 30*time.Second, 50*time.Millisecond)
	cancel()
	<-done
	f, err := os.Open("echo.webm")
	require.NoError(t, err)
	defer f.Close()
	found, err := media.Inspect(t.Context(), f)
	require.NoError(t, err)
	require.NotNil(t, found.Track(media.Audio))
	require.NotNil(t, found.Track(media.Video))
}
