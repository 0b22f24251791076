package textroom_test

import (
	"testing"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
)

func TestBrowserChat(t *testing.T) {
	chat(bounded(t), t, page.Janus(t).WS)
}

func TestBrowserJoinErrors(t *testing.T) {
	joinErrors(bounded(t), t, page.Janus(t).WS)
}

func TestBrowserRestart(t *testing.T) {
	restart(bounded(t), t, page.Janus(t).WS)
}

func TestBrowserRejoin(t *testing.T) {
	rejoin(bounded(t), t, page.Janus(t).WS)
}

func TestBrowserRooms(t *testing.T) {
	for name, body := range roomBodies {
		t.Run(name, func(t *testing.T) { manage(t, page.Janus(t).WS, body) })
	}
}

func TestBrowserStringIDs(t *testing.T) {
	stringIDs(bounded(t), t, page.NewJanus(t, map[string]any{"StringIDs": true}).WS)
}

// TestBrowserAgainAndAgain opens right after each stop.
func TestBrowserAgainAndAgain(t *testing.T) {
	againAndAgain(bounded(t), t, page.Janus(t).WS)
}

// newLobby returns a gateway of one's own.
func newLobby(t *testing.T) page.Gateway {
	t.Helper()
	gw := page.NewJanus(t, map[string]any{"ReclaimTimeout": 20 * time.Second, "Append": map[string]any{lobbyFile: lobbyConfig}})
	t.Cleanup(func() { gw.Do(t, "kill") })
	return gw
}

func TestBrowserKilled(t *testing.T) {
	gw := newLobby(t)
	killed(patient(t), t, gw.WS, func() { gw.Do(t, "kill") }, func() { gw.Do(t, "restart") })
}

func TestBrowserRebuild(t *testing.T) {
	rebuilt(patient(t), t, newLobby(t).WS)
}

func TestBrowserClaim(t *testing.T) {
	claimed(patient(t), t, newLobby(t).WS)
}
