//go:build !js

package chrome

import (
	"context"
	"fmt"
)

// Hide puts another tab in front of this one, and Show takes it away. Chromium
// slows the timers of a page down that nobody sees.
func (t *Tab) Hide(ctx context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cover != "" {
		return nil
	}
	var made struct{ TargetID string }
	if err := t.b.pipe.call(ctx, "", "Target.createTarget", map[string]any{
		"url": "about:blank", "browserContextId": t.profile,
	}, &made); err != nil {
		return err
	}
	t.cover = made.TargetID
	return t.b.pipe.call(ctx, "", "Target.activateTarget", map[string]any{"targetId": t.cover}, nil)
}

// Show undoes [Tab.Hide].
func (t *Tab) Show(ctx context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cover == "" {
		return nil
	}
	cover := t.cover
	t.cover = ""
	if err := t.b.pipe.call(ctx, "", "Target.closeTarget", map[string]any{"targetId": cover}, nil); err != nil {
		return err
	}
	return t.b.pipe.call(ctx, "", "Target.activateTarget", map[string]any{"targetId": t.target}, nil)
}

// Freeze stops the page's scripts, as Chromium does with tabs nobody has looked
// at for long, or lets them go on.
func (t *Tab) Freeze(ctx context.Context, on bool) error {
	state := "active"
	if on {
		state = "frozen"
	}
	if err := t.Do(ctx, "Page.setWebLifecycleState", map[string]any{"state": state}, nil); err != nil || on {
		return err
	}
	// Freezing has hidden it, and only another tab that goes away shows it again.
	if err := t.Hide(ctx); err != nil {
		return err
	}
	return t.Show(ctx)
}

// Offline takes the network from the page, or gives it back.
func (t *Tab) Offline(ctx context.Context, on bool) error {
	if err := t.Do(ctx, "Network.enable", nil, nil); err != nil {
		return err
	}
	err := t.Do(ctx, "Network.emulateNetworkConditions", map[string]any{
		"offline": on, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
	}, nil)
	if err != nil {
		return fmt.Errorf("offline: %w", err)
	}
	return nil
}
