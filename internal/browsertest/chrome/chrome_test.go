//go:build !js

package chrome_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/chrome"
	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { leak.Main(m) }

const html = `<!doctype html><script>
const tell = (what) => __bifronsTell(what);
document.onvisibilitychange = () => tell(document.visibilityState);
document.onfreeze = () => tell("freeze");
document.onresume = () => tell("resume");
onoffline = () => tell("offline");
ononline = () => tell("online");
onpagehide = () => tell("pagehide");
tell("loaded " + document.visibilityState);
console.error("oh", 1);
setTimeout(() => { throw new Error("boom") });
</script>`

// start starts a browser, or skips where there is none and it need not be.
func start(t *testing.T) *chrome.Browser {
	b, err := chrome.Start(t.Context(), nil)
	if errors.Is(err, chrome.ErrNotInstalled) && os.Getenv("BIFRONS_REQUIRE_BROWSER") != "1" {
		t.Skip(err)
	}
	require.NoError(t, err)
	t.Cleanup(b.Close)
	return b
}

func TestTab(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(html))
	}))
	defer s.Close()
	b := start(t)
	told := make(chan string, 100)
	tab, err := b.Open(t.Context(), s.URL, &chrome.Events{
		Message:   func(text string) { told <- text },
		Console:   func(kind, text string) { told <- kind + ": " + text },
		Exception: func(text string) { told <- "! " + text },
	})
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	want := func(texts ...string) {
		t.Helper()
		for _, text := range texts {
			select {
			case got := <-told:
				require.Contains(t, got, text)
			case <-ctx.Done():
				t.Fatalf("the page does not tell %q", text)
			}
		}
	}
	want("loaded visible", "error: oh 1", "! Uncaught Error: boom")
	require.NoError(t, tab.Hide(ctx))
	want("hidden")
	require.NoError(t, tab.Show(ctx))
	want("visible")
	require.NoError(t, tab.Freeze(ctx, true))
	want("hidden", "freeze")
	require.NoError(t, tab.Freeze(ctx, false))
	want("resume", "visible")
	require.NoError(t, tab.Offline(ctx, true))
	want("offline")
	require.NoError(t, tab.Offline(ctx, false))
	want("online")
	tab.Close()
	<-tab.Done()
	require.Error(t, tab.Do(ctx, "Page.enable", nil, nil))
}

func TestNotInstalled(t *testing.T) {
	_, err := chrome.Start(t.Context(), &chrome.Options{Binary: "no-such-browser"})
	require.ErrorIs(t, err, chrome.ErrNotInstalled)
}

// The browser ends: everybody is told.
func TestGone(t *testing.T) {
	b := start(t)
	tab, err := b.Open(t.Context(), "about:blank", nil)
	require.NoError(t, err)
	b.Close()
	<-tab.Done()
	require.ErrorIs(t, tab.Do(t.Context(), "Page.enable", nil, nil), chrome.ErrGone)
	tab.Close()
}
