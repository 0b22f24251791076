package media

import (
	"context"
	"errors"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

func openDisplay(ctx context.Context, req DeviceRequest) ([]Source, error) {
	devices, err := mediaDevices()
	if err != nil {
		return nil, err
	}
	c, err := displayConstraints(req)
	if err != nil {
		return nil, err
	}
	stream, err := openStream(ctx, devices, "getDisplayMedia", c)
	if err != nil {
		return nil, displayError(err)
	}
	if c.Get("audio").Truthy() && stream.Call("getAudioTracks").Length() == 0 {
		err = &DeviceError{
			Kind: Audio, Name: "NotFoundError", Reason: "no sound came with the screen",
			Fix: "allow the sound in the browser's dialogue; some give it with a tab only",
		}
	}
	return streamSources(stream, Video, Audio), err
}

// displayError explains why a screen cannot be had.
func displayError(err error) error {
	e, ok := errors.AsType[*DeviceError](deviceError(Video, err))
	if !ok {
		return fmt.Errorf("media: capture a screen: %w", err)
	}
	switch e.Name {
	case "NotAllowedError", "PermissionDeniedError":
		e.Reason = "the user did not share a screen, or the system does not let the browser"
		e.Fix = "ask again; macOS wants it allowed in its privacy settings, too"
	case "InvalidStateError":
		e.Reason = "the browser shares a screen only after a click or a key press"
		e.Fix = "call Display when the user clicks"
	case "NotFoundError":
		e.Reason, e.Fix = "there is no screen to share", "go on without"
	case "NotReadableError", "AbortError":
		e.Reason, e.Fix = "the screen cannot be captured", "share another, or a window"
	}
	return e
}
