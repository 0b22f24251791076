package client

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/jsonscan"
)

// capabilities is what one gateway said of itself. A connection that was lost, or
// a session that was rebuilt, may have met another one: that gets its own.
type capabilities struct {
	turn chan struct{} // holds a token while somebody asks
	info atomic.Pointer[ServerInfo]
}

func newCapabilities() *capabilities { return &capabilities{turn: make(chan struct{}, 1)} }

// Capabilities returns what the gateway says of itself: its version, its plugins,
// its settings. It is asked once for each connection, and again after a session
// had to be rebuilt, since another gateway may have taken its place; [Client.Info]
// asks every time. What comes back is shared by everybody: do not change it.
func (c *Client) Capabilities(ctx context.Context) (*ServerInfo, error) {
	if err := c.pass(ctx, c.away.Load()); err != nil {
		return nil, fmt.Errorf("info: %w", err)
	}
	now := c.caps.Load()
	if info := now.info.Load(); info != nil {
		return info, nil
	}
	select {
	case now.turn <- struct{}{}:
		defer func() { <-now.turn }()
	case <-ctx.Done():
		return nil, fmt.Errorf("info: %w", ctx.Err())
	}
	if info := now.info.Load(); info != nil {
		return info, nil
	}
	return c.Info(ctx)
}

// Known is Capabilities without a question: what the gateway said when it was
// asked last; nil where nobody has asked yet. Nil is a ServerInfo that knows
// nothing, so that its Check methods refuse nothing.
func (c *Client) Known() *ServerInfo { return c.caps.Load().info.Load() }

// FeatureError reports something that the gateway was built without. Nothing was
// sent. It matches errors.ErrUnsupported.
type FeatureError struct {
	Op      string // e.g. "textroom: open"
	Feature string // e.g. "data channels"
	Fix     string
}

func (e *FeatureError) Error() string {
	return e.Op + ": the gateway was built without " + e.Feature + "; " + e.Fix
}

// Unwrap returns errors.ErrUnsupported.
func (e *FeatureError) Unwrap() error { return errors.ErrUnsupported }

// VersionError reports a request that the gateway is too old for. Nothing was
// sent. It matches errors.ErrUnsupported.
type VersionError struct {
	Op    string // e.g. "videoroom: publish_remotely"
	Since string // the first version that knows it, e.g. "1.1.0"
	Have  string // the gateway's version
}

func (e *VersionError) Error() string {
	return e.Op + " needs Janus " + e.Since + " or later, and the gateway is " + e.Have + "; update the gateway"
}

// Unwrap returns errors.ErrUnsupported.
func (e *VersionError) Unwrap() error { return errors.ErrUnsupported }

// CheckVersion returns a [*VersionError] when the gateway is older than the
// version that a request appeared in. since is a number as in the gateway's info:
// 1102 is 1.1.2.
func (i *ServerInfo) CheckVersion(op string, since int) error {
	if i == nil || i.Version == 0 || i.Version >= since {
		return nil
	}
	return &VersionError{Op: op, Since: dotted(since), Have: dotted(i.Version)}
}

// CheckData returns a [*FeatureError] when the gateway has no data channels.
func (i *ServerInfo) CheckData(op string) error {
	if i == nil || i.DataChannels || string(jsonscan.Get(i.Raw, "data_channels")) != "false" {
		return nil
	}
	return &FeatureError{op, "data channels", "build Janus with libusrsctp and without --disable-data-channels"}
}

// CheckPlugin returns an error that matches [PluginNotFound], and lists the
// plugins there are, when the gateway does not have the one of that name.
func (i *ServerInfo) CheckPlugin(op, name string) error {
	if i == nil || len(i.Plugins) == 0 {
		return nil
	}
	if _, there := i.Plugins[name]; there {
		return nil
	}
	return &Error{Op: op, Code: PluginNotFound, Reason: "No such plugin '" + name + "'", Hint: i.pluginHint()}
}

// pluginHint lists the plugins in order.
func (i *ServerInfo) pluginHint() string {
	const prefix = "janus.plugin."
	var names []string
	for name := range i.Plugins {
		name = strings.TrimPrefix(name, prefix)
		at, _ := slices.BinarySearch(names, name) // without the 2 KB of slices.Sorted in a page
		names = slices.Insert(names, at, name)
	}
	return "install or enable it there; this gateway has " + prefix + "{" + strings.Join(names, ",") + "}"
}

// dotted writes a version as people do: 1102 is 1.1.2.
func dotted(v int) string {
	return strconv.Itoa(v/1000) + "." + strconv.Itoa(v/100%10) + "." + strconv.Itoa(v%100)
}
