//go:build !js

package janustesting_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/leak"
)

var gateway janustesting.Shared

func TestMain(m *testing.M) { leak.Main(janustesting.Main(m, &gateway)) }

func TestJanusSharedIsOne(t *testing.T) {
	s := gateway.Get(t)
	t.Run("subtest", func(t *testing.T) {
		require.Same(t, s, gateway.Get(t))
	})
	require.NotEqual(t, s.PID(), janustesting.New(t, nil).PID())
}

// ended is what a recorder panics with in the place of ending a test.
type ended struct{ how string }

// recorder is a test that records how it ends.
type recorder struct{ testing.TB }

func (recorder) Helper()                   {}
func (recorder) Context() context.Context  { return context.Background() }
func (recorder) Skipf(f string, a ...any)  { panic(ended{"skip: " + fmt.Sprintf(f, a...)}) }
func (recorder) Fatalf(f string, a ...any) { panic(ended{"fatal: " + fmt.Sprintf(f, a...)}) }

func TestMissingJanus(t *testing.T) {
	missing := &janusproc.Options{Binary: "janus-that-is-not-there"}
	for _, test := range []struct{ ci, require, want string }{
		{"", "", "skip: needs a real Janus"},
		{"true", "", "fatal: real Janus"},
		{"", "1", "fatal: real Janus"},
	} {
		t.Setenv("CI", test.ci)
		t.Setenv("BIFRONS_REQUIRE_JANUS", test.require)
		for name, get := range map[string]func(){
			"new":    func() { janustesting.New(recorder{t}, missing) },
			"shared": func() { (&janustesting.Shared{Options: missing}).Get(recorder{t}) },
		} {
			t.Run(name, func(t *testing.T) {
				defer func() {
					e, ok := recover().(ended)
					require.True(t, ok)
					require.Contains(t, e.how, test.want)
					require.Contains(t, e.how, "apt-get install janus")
				}()
				get()
			})
		}
	}
}

// code is a Runner with a fixed result.
type code int

func (c code) Run() int { return int(c) }

func TestMainReturnsTheCode(t *testing.T) {
	require.Equal(t, 3, janustesting.Main(code(3), new(janustesting.Shared)).Run())
}
