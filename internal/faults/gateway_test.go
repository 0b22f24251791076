//go:build !js

package faults

import (
	"errors"
	"testing"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
)

// gateway starts a Janus for one test, which may take its time on a machine where
// other faults are being made.
func gateway(t *testing.T, opts *janusproc.Options) *janusproc.Server {
	t.Helper()
	ctx := bounded(t, patience)
	gw, err := janusproc.Start(ctx, opts)
	for err != nil && ctx.Err() == nil && !errors.Is(err, janusproc.ErrNotInstalled) {
		after(t, time.Second) // others may have all ports
		gw, err = janusproc.Start(ctx, opts)
	}
	if err != nil {
		return janustesting.New(t, opts) // skips, or fails where none may be missing
	}
	t.Cleanup(func() {
		gw.Kill()
		gw.Stop()
		if t.Failed() {
			log := gw.Log()
			t.Logf("Janus said:\n%s", log[max(0, len(log)-4<<10):])
		}
	})
	return gw
}
