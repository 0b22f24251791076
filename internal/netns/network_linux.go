package netns

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Network is a namespace and the link to it. Its methods may be called
// concurrently.
type Network struct {
	name            string
	outside, inside string // names of the ends of the link
	prefix          string // of the addresses
}

const (
	insideHost = "2" // of the /24
	firstHost  = "1"
	otherHost  = "3"
)

// New makes a namespace and a link to it, which is up. The caller closes it.
func New(ctx context.Context) (*Network, error) {
	if os.Geteuid() != 0 {
		return nil, fmt.Errorf("netns: %w: the user is not root", ErrNotPermitted)
	}
	if _, err := exec.LookPath("ip"); err != nil {
		return nil, fmt.Errorf("netns: %w: %w", ErrNotPermitted, err)
	}
	id := rand.Uint32N(1 << 24) //nolint:gosec // a name and no secret
	n := &Network{
		name: fmt.Sprintf("bifrons%06x", id), outside: fmt.Sprintf("bf%06xo", id), inside: fmt.Sprintf("bf%06xi", id),
		prefix: fmt.Sprintf("10.%d.%d.", 128+id>>8%64, id%256),
	}
	if err := ip(ctx, "netns", "add", n.name); err != nil {
		return nil, fmt.Errorf("netns: %w: %w", ErrNotPermitted, err)
	}
	for _, args := range [][]string{
		{"link", "add", n.outside, "type", "veth", "peer", "name", n.inside, "netns", n.name},
		{"addr", "add", n.prefix + firstHost + "/24", "dev", n.outside},
		{"link", "set", n.outside, "up"},
		{"-n", n.name, "link", "set", "lo", "up"},
		{"-n", n.name, "addr", "add", n.Inside() + "/24", "dev", n.inside},
		{"-n", n.name, "link", "set", n.inside, "up"},
	} {
		if err := ip(ctx, args...); err != nil {
			return nil, errors.Join(fmt.Errorf("netns: %w", err), n.Close()) //nolint:contextcheck // it tidies up whatever ctx says
		}
	}
	return n, nil
}

// Inside returns the address of the namespace on the link.
func (n *Network) Inside() string { return n.prefix + insideHost }

// Command returns a command that runs inside, as exec.CommandContext does.
func (n *Network) Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, "ip", append([]string{"netns", "exec", n.name, name}, args...)...) //nolint:gosec // a test's
}

// Link takes the outer end of the link down, or up again.
func (n *Network) Link(ctx context.Context, up bool) error {
	state := "down"
	if up {
		state = "up"
	}
	return ip(ctx, "link", "set", n.outside, state)
}

// Renumber gives the outer end of the link another address in the place of the
// one it had, as a machine gets that goes to another network.
func (n *Network) Renumber(ctx context.Context) error {
	// In this order: the first address takes those of its network along.
	if err := ip(ctx, "addr", "del", n.prefix+firstHost+"/24", "dev", n.outside); err != nil {
		return err
	}
	return ip(ctx, "addr", "add", n.prefix+otherHost+"/24", "dev", n.outside)
}

// nowhere is an address that no interface has.
const nowhere = "02:00:00:00:00:00"

// Blackhole has everything that goes over the link vanish, or no more. Nobody is
// told: each end sends to a neighbour that is not there, for which no call fails, as
// it would for a route that leads nowhere.
func (n *Network) Blackhole(ctx context.Context, on bool) error {
	neighbour := func(host, device string, namespace ...string) error {
		args := append(namespace, "neigh", "del", n.prefix+host, "dev", device)
		if on {
			args = append(namespace, "neigh", "replace", n.prefix+host, "dev", device, "lladdr", nowhere, "nud", "permanent")
		}
		return ip(ctx, args...)
	}
	return errors.Join(
		neighbour(insideHost, n.outside),
		neighbour(firstHost, n.inside, "-n", n.name),
		neighbour(otherHost, n.inside, "-n", n.name),
	)
}

// Close removes the namespace and the link. What runs inside goes on without a
// network.
func (n *Network) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_ = ip(ctx, "link", "del", n.outside) // it may not have come to that
	n.calm(ctx)
	return ip(ctx, "netns", "del", n.name)
}

// ip runs the program of that name.
func ip(ctx context.Context, args ...string) error {
	return run(exec.CommandContext(ctx, "ip", args...))
}

// run runs a program, and has its error say what the program said.
func run(cmd *exec.Cmd) error {
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(cmd.Args, " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}
