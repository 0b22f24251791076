//go:build !js

package videocall

import (
	"testing"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/leak"
)

// gateway is the real Janus of this package's tests.
var gateway janustesting.Shared

// Gateway gives it to the tests outside of the package.
func Gateway(t *testing.T) *janusproc.Server { return gateway.Get(t) }

func TestMain(m *testing.M) { leak.Main(janustesting.Main(m, &gateway)) }
