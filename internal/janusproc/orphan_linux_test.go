package janusproc_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
)

// orphanEnv makes TestJanusOrphan the program that is killed.
const orphanEnv = "BIFRONS_TEST_ORPHAN"

// TestJanusOrphan kills a program that runs a server: the server must follow.
func TestJanusOrphan(t *testing.T) {
	if os.Getenv(orphanEnv) != "" {
		s, err := janusproc.Start(t.Context(), nil)
		require.NoError(t, err)
		fmt.Printf("pid %d %s\n", s.PID(), s.Dir())
		select {}
	}
	janustesting.New(t, nil) // skips without Janus
	cmd := exec.Command(os.Args[0], "-test.run=^TestJanusOrphan$")
	cmd.Env = append(os.Environ(), orphanEnv+"=1")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	var pid int
	var dir string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if f := strings.Fields(lines.Text()); len(f) == 3 && f[0] == "pid" {
			pid, err = strconv.Atoi(f[1])
			require.NoError(t, err)
			dir = f[2]
			break
		}
	}
	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
	require.NotZero(t, pid)
	require.Eventually(t, func() bool { return gone(pid) }, 30*time.Second, 5*time.Millisecond)
	require.NoError(t, os.RemoveAll(dir)) // nobody was left to do it
}
