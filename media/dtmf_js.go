package media

import (
	"context"
	"syscall/js"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

func (s *sender) dtmf(ctx context.Context, tones string, duration, gap time.Duration) error {
	release, err := s.take(ctx, "DTMF")
	if err != nil {
		return err
	}
	defer release()
	keys := s.rtp.Get("dtmf")
	if keys.Type() != js.TypeObject || !keys.Get("canInsertDTMF").Bool() {
		return &CodecError{
			Kind: s.k, MID: s.mid(), Codec: "telephone-event", Reason: "not negotiated, or not yet",
			Fix: "send keys on an audio sender, once it is connected to what takes them",
		}
	}
	if tones == "" {
		return nil
	}
	var scope jsx.Scope
	defer scope.Close()
	over := make(chan struct{}, 1)
	scope.Listen(keys, "tonechange", func(ev js.Value) {
		if text(ev.Get("tone")) == "" { // the last has been played
			signal(over)
		}
	})
	if _, err := call(keys, "insertDTMF", tones, duration.Milliseconds(), gap.Milliseconds()); err != nil {
		return fmt.Errorf("media: DTMF: %w", err)
	}
	select {
	case <-over:
		return nil
	case <-ctx.Done():
		_, _ = call(keys, "insertDTMF", "") // forgets the rest
		return fmt.Errorf("media: DTMF: %w", ctx.Err())
	case <-s.e.gone:
		return fmt.Errorf("media: DTMF: %w", errPeerClosed)
	}
}
