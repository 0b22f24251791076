package transportjs_test

import (
	"testing"

	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { leak.Main(m) }

// balanced fails the test when it leaves a function behind that JavaScript may
// call.
func balanced(t *testing.T) {
	before := jsx.Live()
	t.Cleanup(func() { require.Equal(t, before, jsx.Live(), "functions that JavaScript may call") })
}
