//go:build !js

package rest_test

import (
	"testing"

	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/bifrons-rtc/bifrons/transport/rest"
)

// gateway is the real Janus that the tests named TestJanus share.
var gateway janustesting.Shared

// runner leaves no idle socket of the shared pool behind.
type runner struct{ janustesting.Runner }

func (r runner) Run() int {
	defer (&rest.Dialer{}).CloseIdle()
	return r.Runner.Run()
}

func TestMain(m *testing.M) { leak.Main(runner{janustesting.Main(m, &gateway)}) }
