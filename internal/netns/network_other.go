//go:build !linux

package netns

import (
	"context"
	"os/exec"
)

// Network is a namespace and the link to it. There is none on this system.
type Network struct{}

// New returns an error that matches [ErrNotPermitted].
func New(context.Context) (*Network, error) { return nil, ErrNotPermitted }

// Inside returns nothing.
func (*Network) Inside() string { return "" }

// Command returns the command as it is.
func (*Network) Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, name, args...)
}

// Link returns an error that matches [ErrNotPermitted], as the others do.
func (*Network) Link(context.Context, bool) error { return ErrNotPermitted }

// Renumber is for Linux.
func (*Network) Renumber(context.Context) error { return ErrNotPermitted }

// Blackhole is for Linux.
func (*Network) Blackhole(context.Context, bool) error { return ErrNotPermitted }

// Rate is for Linux.
func (*Network) Rate(context.Context, int) error { return ErrNotPermitted }

// Loss is for Linux.
func (*Network) Loss(context.Context, int) error { return ErrNotPermitted }

// Close is for Linux.
func (*Network) Close() error { return ErrNotPermitted }

// Alone does nothing.
func Alone() error { return nil }
