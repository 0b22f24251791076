//go:build !js

package faults

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/netns"
)

// insideEnv makes TestInside the gateway inside a namespace; it holds the
// address to listen on.
const insideEnv = "BIFRONS_TEST_INSIDE"

// network returns a namespace with a gateway in it, and the gateway's URL.
func network(t *testing.T) (*netns.Network, string) {
	t.Helper()
	if _, err := exec.LookPath("janus"); err != nil {
		gateway(t, nil) // skips
	}
	n, err := netns.New(t.Context())
	if errors.Is(err, netns.ErrNotPermitted) && os.Getenv("CI") == "" && !soak {
		t.Skip(err)
	}
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, n.Close()) })
	cmd := n.Command(context.Background(), os.Args[0], "-test.run=^TestInside$")
	cmd.Env = append(os.Environ(), insideEnv+"="+n.Inside())
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = t.Output()
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		require.NoError(t, in.Close())
		_, _ = io.Copy(io.Discard, out)
		require.NoError(t, cmd.Wait())
	})
	var said []string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if url, is := strings.CutPrefix(lines.Text(), "gateway "); is {
			return n, url
		}
		said = append(said, lines.Text())
	}
	t.Fatalf("the gateway inside did not start:\n%s", strings.Join(said, "\n"))
	return nil, ""
}

// TestInside is the program that network runs: a gateway, and what carries
// connections from the link to the loopback of the namespace.
func TestInside(t *testing.T) {
	address := os.Getenv(insideEnv)
	if address == "" {
		return
	}
	gw := gateway(t, withRoom(janusproc.Options{ReclaimTimeout: time.Minute}))
	u, err := url.Parse(gw.WS())
	require.NoError(t, err)
	l, err := net.Listen("tcp4", address+":0")
	require.NoError(t, err)
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			to, err := net.Dial("tcp4", u.Host)
			if err != nil {
				_ = c.Close()
				continue
			}
			for _, way := range [][2]net.Conn{{c, to}, {to, c}} {
				wg.Go(func() {
					_, _ = io.Copy(way[0], way[1])
					_, _ = c.Close(), to.Close()
				})
			}
		}
	})
	fmt.Printf("gateway ws://%s/\n", l.Addr())
	_, _ = io.Copy(io.Discard, os.Stdin) // until the test has had enough
	require.NoError(t, l.Close())
	gw.Kill()
	wg.Wait()
}

// R9: the network between us and the gateway goes away for a while, or becomes
// another one. Two people in a video room go on, and did nothing for it. In the
// long form their requests are answered within 3 s after the network is back, or
// after two keepalives found out that it is another one; media flows 5 s later, and
// nobody needed more than one new peer connection.
func TestJanusNetwork(t *testing.T) {
	outage := func(set func(*netns.Network, context.Context, bool) error, on bool, d time.Duration) func(*testing.T, *netns.Network) {
		return func(t *testing.T, n *netns.Network) {
			t.Helper()
			require.NoError(t, set(n, t.Context(), on))
			after(t, d)
			require.NoError(t, set(n, t.Context(), !on))
		}
	}
	const keepAlive, address = 2 * time.Second, "address"
	cases := map[string]func(*testing.T, *netns.Network){
		"link down 1 s": outage((*netns.Network).Link, false, time.Second),
		"link down 5 s": outage((*netns.Network).Link, false, 5*time.Second),
		"blackhole 8 s": outage((*netns.Network).Blackhole, true, 8*time.Second),
		address: func(t *testing.T, n *netns.Network) {
			t.Helper()
			require.NoError(t, n.Renumber(t.Context()))
		},
	}
	if soak {
		cases["link down 30 s"] = outage((*netns.Network).Link, false, 30*time.Second)
		cases["blackhole 30 s"] = outage((*netns.Network).Blackhole, true, 30*time.Second)
	}
	for name, fault := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, url := network(t)
			// Whoever wants to be back soon after a long time does not wait for long
			// between two tries.
			opts := &client.Options{KeepAlive: keepAlive, Reconnect: client.Reconnect{Max: 2 * time.Second}}
			ada, bob := enter(t, url, "Ada", opts), enter(t, url, "Bob", opts)
			ada.publish(t)
			bob.flows(t)
			fault(t, n)
			began := time.Now()
			for _, p := range []*person{ada, bob} {
				eventually(t, "signalling is back", func() bool {
					ctx, cancel := context.WithTimeout(t.Context(), time.Second)
					defer cancel()
					_, err := p.client.Ping(ctx)
					return err == nil
				})
			}
			signalling := time.Since(began)
			bob.flows(t)
			flows := time.Since(began) - signalling
			t.Logf("signalling after %v, media %v later; Bob was interrupted %d times, claimed %d, rebuilt %d; new peer connections %d and %d",
				signalling, flows, bob.interrupted.Load(), bob.claimed.Load(), bob.rebuilt.Load(), ada.renewed.Load(), bob.renewed.Load())
			if soak {
				most := 3 * time.Second
				if name == address {
					most += 2 * keepAlive
				}
				require.LessOrEqual(t, signalling, most)
				require.LessOrEqual(t, flows, 5*time.Second)
				require.LessOrEqual(t, ada.renewed.Load(), int64(1))
				require.LessOrEqual(t, bob.renewed.Load(), int64(1))
			}
			for _, p := range []*person{ada, bob} {
				require.Zero(t, p.rebuilt.Load(), "the gateway kept the session")
				require.NoError(t, p.room.Err())
				require.Empty(t, p.failures())
			}
		})
	}
}
