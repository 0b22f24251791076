//go:build !js

package client

import (
	"testing"

	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/leak"
)

// gateway is the real Janus of this package's tests.
var gateway janustesting.Shared

func TestMain(m *testing.M) { leak.Main(janustesting.Main(m, &gateway)) }
