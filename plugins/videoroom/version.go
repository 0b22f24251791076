package videoroom

import (
	"context"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

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

// check refuses what the gateway does not know yet. It is asked for its version
// if nobody has.
func (h *Handle) check(ctx context.Context, verb string) error {
	need := since[verb]
	if need == 0 {
		return nil
	}
	info, err := h.Session().Client().Capabilities(ctx)
	if err != nil {
		return fmt.Errorf("videoroom: %s: %w", verb, err)
	}
	return info.CheckVersion("videoroom: "+verb, need)
}
