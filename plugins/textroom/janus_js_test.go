package textroom_test

import (
	"testing"

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
	gw := page.Janus(t).WS
	for name, lose := range losses {
		t.Run(name, func(t *testing.T) { rejoin(bounded(t), t, gw, lose) })
	}
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
