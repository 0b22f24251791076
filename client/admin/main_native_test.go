//go:build !js

package admin

import (
	"testing"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/leak"
)

// gateway is the real Janus of this package's tests, with stored tokens.
var gateway = janustesting.Shared{Options: &janusproc.Options{TokenAuth: true, EventLoops: 2}}

func TestMain(m *testing.M) { leak.Main(janustesting.Main(m, &gateway)) }
