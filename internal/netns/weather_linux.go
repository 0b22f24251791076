package netns

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
)

// Rate has each end of the link send at most so many kbit/s, and lose what would
// have to wait for more than half a second; zero is no bound. It takes the token
// bucket filter of the kernel (sch_tbf); where there is none, the error matches
// [ErrNotPermitted].
func (n *Network) Rate(ctx context.Context, kbit int) error {
	for _, end := range [][]string{{"qdisc", "replace", "dev", n.outside}, {"-n", n.name, "qdisc", "replace", "dev", n.inside}} {
		kind := []string{"root", "pfifo"}
		if kbit > 0 {
			kind = []string{"root", "tbf", "rate", strconv.Itoa(kbit) + "kbit", "burst", "4kb", "latency", "500ms"}
		}
		if err := run(exec.CommandContext(ctx, "tc", append(end, kind...)...)); err != nil {
			return fmt.Errorf("netns: %w: %w", ErrNotPermitted, err)
		}
	}
	return nil
}

// Loss has so many of 100 packets vanish at either end of the link, at random. It
// takes the program nft (nftables); without, the error matches [ErrNotPermitted].
func (n *Network) Loss(ctx context.Context, percent int) error {
	if _, err := exec.LookPath("nft"); err != nil {
		return fmt.Errorf("netns: %w: %w", ErrNotPermitted, err)
	}
	return errors.Join(
		run(exec.CommandContext(ctx, "nft", lossy(n.name, n.outside, percent))), //nolint:gosec // names of our own
		run(n.Command(ctx, "nft", lossy(n.name, n.inside, percent))),
	)
}

// lossy returns what makes packets that come from a device vanish: where they
// arrive, since whoever sends would be told.
func lossy(table, device string, percent int) string {
	none := fmt.Sprintf("add table inet %[1]s; delete table inet %[1]s", table)
	if percent <= 0 {
		return none
	}
	return none + fmt.Sprintf("; table inet %s { chain in { type filter hook input priority 0; iifname %q numgen random mod 100 <= %d drop; }; }",
		table, device, percent-1)
}

// calm takes back what Loss did outside the namespace.
func (n *Network) calm(ctx context.Context) {
	if _, err := exec.LookPath("nft"); err == nil {
		_ = run(exec.CommandContext(ctx, "nft", lossy(n.name, n.outside, 0))) //nolint:gosec // a name of our own
	}
}
