package videoroom

import (
	"context"
	"errors"
	"fmt"

	"github.com/bifrons-rtc/bifrons/client"
)

// VersionError reports a request that the gateway is too old for. Nothing was
// sent. It matches errors.ErrUnsupported.
type VersionError struct {
	Request string // e.g. "publish_remotely"
	Since   string // the first version that knows it, e.g. "1.1.0"
	Have    string // the gateway's version
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("videoroom: %s needs Janus %s or later, and the gateway is %s; update the gateway",
		e.Request, e.Since, e.Have)
}

// Unwrap returns errors.ErrUnsupported.
func (e *VersionError) Unwrap() error { return errors.ErrUnsupported }

// since is where a request first appeared, as in the gateway's info: 1100 is
// 1.1.0.
var since = map[string]int{
	"add_remote_publisher":    1100,
	"update_remote_publisher": 1100,
	"remove_remote_publisher": 1100,
	"publish_remotely":        1100,
	"unpublish_remotely":      1100,
	"listremotes":             1100,
}

// check asks the gateway for its version, once, and refuses what it does not
// know.
func (h *Handle) check(ctx context.Context, verb string) error {
	need := since[verb]
	if need == 0 {
		return nil
	}
	have := h.version.Load()
	if have == 0 {
		info, err := h.Session().Client().Info(ctx)
		if err != nil {
			return fmt.Errorf("videoroom: %s: %w", verb, err)
		}
		have = int64(info.Version)
		h.version.Store(have)
	}
	if have < int64(need) {
		return &VersionError{Request: verb, Since: dotted(need), Have: dotted(int(have))}
	}
	return nil
}

// dotted writes a version as people do: 1102 is 1.1.2.
func dotted(v int) string { return fmt.Sprintf("%d.%d.%d", v/1000, v/100%10, v%100) }

var _ error = (*VersionError)(nil)
var _ client.Nexter = (*Handle)(nil)
