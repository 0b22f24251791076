//go:build !js

package videoroom

import (
	"testing"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/leak"
)

// gateway is the real Janus of this package's tests, textual the one whose ids
// are strings.
var (
	gateway janustesting.Shared
	textual = janustesting.Shared{Options: &janusproc.Options{StringIDs: true}}
)

// Gateway gives it to the tests outside of the package.
func Gateway(t *testing.T) *janusproc.Server { return gateway.Get(t) }

// TextGateway is the one with strings.
func TextGateway(t *testing.T) *janusproc.Server { return textual.Get(t) }

func TestMain(m *testing.M) { leak.Main(janustesting.Main(m, &gateway, &textual)) }
