package videocall

import (
	"context"
	"time"
)

// pictureTime bounds asking for a picture, for which an event waits.
const pictureTime = time.Second

// askPicture has the gateway ask the other side for a key frame, now that one can
// get here: the first may have come too early. A receiver asks by itself, by RTCP
// (RFC 4585 §6.3.1), but Janus 1.1.2 takes what a browser asks that sends sound and
// no video for a matter of the sound, and the picture would stay dark. To choose a
// layer has it ask as well, where that layer does not come at the moment, as
// without simulcast none does.
func (h *Handle) askPicture(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pictureTime)
	defer cancel()
	layer := h.call.layer()
	_ = configure(ctx, h.Handle, &Config{Substream: &layer}) // nothing else depends on it
}

// layer returns the simulcast layer that is wanted.
func (c *call) layer() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cfg.Substream != nil {
		return *c.cfg.Substream
	}
	return 2 // the gateway's own default
}
