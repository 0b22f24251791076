package transportjs_test

import (
	"os"
	"syscall/js"
	"testing"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	transportjs "github.com/bifrons-rtc/bifrons/transport_js"
	"github.com/stretchr/testify/require"
)

func inPage(t *testing.T) {
	t.Helper()
	page.Env(t, "BIFRONS_BROWSER")
	if !js.Global().Get("document").Truthy() {
		t.Skip("a page's matter")
	}
}

func TestBrowserCheckTimers(t *testing.T) {
	balanced(t)
	page.Env(t, "BIFRONS_BROWSER")
	require.NoError(t, transportjs.CheckTimers(t.Context()))
	t.Setenv("BIFRONS_TICKER", "/not/there.js")
	require.NoError(t, transportjs.CheckTimers(t.Context()), "without the file")
}

func next(t *testing.T, w *transportjs.Watcher) transportjs.Change {
	t.Helper()
	c, err := w.Next(t.Context())
	require.NoError(t, err)
	return c
}

func TestBrowserWatch(t *testing.T) {
	balanced(t)
	inPage(t)
	w := transportjs.Watch()
	defer w.Close()
	page.Hide(t)
	require.Equal(t, transportjs.Hidden, next(t, w))
	page.Show(t)
	require.Equal(t, transportjs.Visible, next(t, w))
	page.Offline(t, 200*time.Millisecond)
	require.Equal(t, transportjs.Offline, next(t, w))
	require.Equal(t, transportjs.Online, next(t, w))
	page.Freeze(t, 300*time.Millisecond)
	for _, want := range []transportjs.Change{transportjs.Hidden, transportjs.Frozen, transportjs.Resumed, transportjs.Visible} {
		require.Equal(t, want, next(t, w))
	}
}

const interval = 250 * time.Millisecond

// worst returns the longest time between two ticks of a timer that is to tick at
// interval, while the page is hidden for d.
func worst(t *testing.T, d time.Duration) time.Duration {
	page.Hide(t)
	defer page.Show(t)
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	last, end, most := time.Now(), time.Now().Add(d), time.Duration(0)
	for last.Before(end) {
		<-ticker.C
		now := time.Now()
		most, last = max(most, now.Sub(last)), now
	}
	return most
}

// TestBrowserHidden hides the page for longer than Chromium takes to let its
// timers fire once a minute, 10 s in these tests and 5 minutes elsewhere. A
// session lives on, although the gateway ends it after 6 s without a word.
func TestBrowserHidden(t *testing.T) {
	balanced(t)
	inPage(t)
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	gw := page.NewJanus(t, map[string]any{"SessionTimeout": 6 * time.Second})
	c := dial(t, gw.WS)
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	most := worst(t, 30*time.Second)
	t.Logf("the latest timer was %v late", most-interval)
	require.Less(t, most-interval, 2*time.Second)
	require.Contains(t, gw.Sessions(t), s.ID())
	require.NoError(t, s.Destroy(t.Context()))
}

// TestSlowHiddenWithoutHold shows what HoldTimers is for.
func TestSlowHiddenWithoutHold(t *testing.T) {
	inPage(t)
	if os.Getenv("BIFRONS_SLOW") == "" {
		t.Skip("takes 1½ minutes and shows nothing but Chromium's own ways: BIFRONS_SLOW=1")
	}
	require.Greater(t, worst(t, 80*time.Second), 50*time.Second)
}
