package roster_test

import (
	"testing"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func TestBrowserRoster(t *testing.T) { testRoster(t, page.Janus(t).WS, client.NumID(anyRoom())) }
