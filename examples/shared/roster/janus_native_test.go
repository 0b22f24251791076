//go:build !js

package roster_test

import (
	"strconv"
	"testing"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/leak"
)

var gateway janustesting.Shared

func TestMain(m *testing.M) { leak.Main(janustesting.Main(m, &gateway)) }

func TestJanusRoster(t *testing.T) { testRoster(t, gateway.Get(t).WS(), client.NumID(anyRoom())) }

// A gateway of string ids has rooms "1234", too.
func TestJanusRosterStrings(t *testing.T) {
	gw := janustesting.New(t, &janusproc.Options{StringIDs: true})
	testRoster(t, gw.WS(), client.StrID(strconv.FormatUint(anyRoom(), 10)))
}
