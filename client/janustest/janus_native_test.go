//go:build !js

package janustest_test

import (
	"testing"

	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/leak"
)

// realGateway is a real Janus.
var realGateway janustesting.Shared

func TestMain(m *testing.M) { leak.Main(janustesting.Main(m, &realGateway)) }
