//go:build !js

package faults

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/bifrons-rtc/bifrons/internal/netns"
)

func TestMain(m *testing.M) {
	if os.Getenv(insideEnv) == "" {
		if err := netns.Alone(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	// What runs side by side here waits for clocks most of the time. The command
	// line, which is parsed later, may say otherwise.
	if err := flag.Set("test.parallel", strconv.Itoa(max(6, runtime.GOMAXPROCS(0)))); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	leak.Main(m)
}

// soak says that the long form is asked for.
var soak = os.Getenv("BIFRONS_SOAK") == "1"

// long returns the second value in the long form, else the first.
func long[T any](short, long T) T {
	if soak {
		return long
	}
	return short
}

// patience is how long a test waits for what must come. It is no measure of how
// soon that should be: the machine may be busy.
const patience = 2 * time.Minute

// bounded returns a context for one step of a test.
func bounded(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// dial returns a client of the gateway at url.
func dial(t *testing.T, url string, opts *client.Options) *client.Client {
	t.Helper()
	c, err := client.Dial(bounded(t, patience), url, opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

// newSession returns a session of a client of its own.
func newSession(t *testing.T, url string, opts *client.Options) *client.Session {
	t.Helper()
	s, err := dial(t, url, opts).NewSession(bounded(t, patience))
	require.NoError(t, err)
	return s
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	require.Eventually(t, is, patience, 2*time.Millisecond, what)
}

// percentile returns the value that p of 100 are not above.
func percentile(list []time.Duration, p int) time.Duration {
	if len(list) == 0 {
		return 0
	}
	list = slices.Sorted(slices.Values(list))
	return list[(len(list)*p+99)/100-1]
}
