package page_test

import (
	"context"
	"testing"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/stretchr/testify/require"
)

func TestBrowserTab(t *testing.T) {
	tab := page.Open(t, page.Options{Run: "TestInTab", Env: map[string]string{"GREETING": "hello"}})
	said := tab.Wait(t)
	require.Contains(t, said, "--- PASS: TestInTab")
}

func TestInTab(t *testing.T) {
	page.Inside(t)
	require.Equal(t, "hello", page.Env(t, "GREETING"))
	page.Env(t, "BIFRONS_BROWSER")
}

func TestBrowserJanus(t *testing.T) {
	require.NotEmpty(t, page.Janus(t).Name)
	gw := page.NewJanus(t, map[string]any{"SessionTimeout": 5e9})
	require.Empty(t, gw.Sessions(t))
}

func TestBrowserPeer(t *testing.T) {
	p := page.NewPeer(t)
	require.NoError(t, p.Send(context.Background(), []byte("x")))
	p.Drop()
}
