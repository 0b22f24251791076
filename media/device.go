package media

import (
	"context"
	"iter"
)

// DeviceRequest says what to capture. One request is one capture group: a camera
// and a microphone that are asked for together are opened together, and stay in
// sync. Zero fields leave the choice to the device.
//
// The fields follow MediaTrackConstraints (W3C Media Capture and Streams). A
// browser takes a size, a frame rate and Facing as wishes and comes as near as
// the device can; an id is a demand.
type DeviceRequest struct {
	Audio, Video     bool
	AudioID, VideoID string // as in [DeviceInfo]; empty: the default device
	// Width and Height are in pixels; see [Resolution] for the usual sizes.
	Width, Height int
	FrameRate     float64 // pictures a second
	Facing        string  // "user" or "environment": the camera on that side of a phone

	// EchoCancellation, NoiseSuppression and AutoGainControl process the sound of
	// the microphone. Nil: as the browser likes, which is on.
	EchoCancellation, NoiseSuppression, AutoGainControl *bool

	// Constraints is what no field names: a MediaStreamConstraints as a js.Value
	// or a map[string]any. It is merged over the other fields, "audio" and "video"
	// member by member. [Display] takes DisplayMediaStreamOptions. Browser only.
	Constraints any

	// Backend opens the devices. Nil: the target's own, which a native build does
	// not have.
	Backend Backend
}

// Backend opens capture devices. It feeds [SampleSource]s, so that a module
// outside this one, which may need cgo, can implement it. Calls may be
// concurrent.
type Backend interface {
	// Open starts capturing what req asks for.
	Open(ctx context.Context, req DeviceRequest) ([]Source, error)
	// List returns the devices there are.
	List(ctx context.Context) ([]DeviceInfo, error)
}

// DeviceInfo describes a device.
type DeviceInfo struct {
	ID string // empty in a browser where nothing was captured yet, as Label is
	// GroupID is the same for devices of one piece of hardware, such as the
	// microphone and the loudspeaker of a headset.
	GroupID string
	Label   string // for people
	Kind    Kind
	Output  bool // a loudspeaker, for [ElementSink.SetOutput]; not one to capture
}

// DevicesOptions tunes [Devices] and [DeviceChanges]. Nil means every default.
type DevicesOptions struct {
	// Prompt opens a microphone and a camera first and closes them again: before
	// the user allowed that once, a browser tells neither ids nor labels.
	Prompt bool
	// Backend lists the devices. Nil: the target's own, as in [DeviceRequest].
	Backend Backend
}

// Device captures a microphone, a camera or both; the sources come in that
// order. When one cannot be had, the other is returned, with a *[DeviceError]
// that says why; with two failures both are joined. So sources and an error may
// come together: close the sources in any case.
//
// ctx bounds the wait for the user's permission; devices that are granted later
// are closed. Without a Backend a native build returns an error that matches
// errors.ErrUnsupported.
func Device(ctx context.Context, req DeviceRequest) ([]Source, error) {
	if req.Backend != nil {
		return req.Backend.Open(ctx, req)
	}
	return openDevice(ctx, req)
}

// Display captures a screen, a window or a tab, whichever the user picks, as
// video, and its sound where Audio is set; the source of the picture comes
// first. A browser may have no sound to give, or the user may refuse it: then
// the picture comes together with a *[DeviceError] for the sound. Sources end
// when the user stops sharing. AudioID, VideoID and Facing mean nothing here.
//
// A browser wants a click or a key press just before. Without a Backend a native
// build returns an error that matches errors.ErrUnsupported.
func Display(ctx context.Context, req DeviceRequest) ([]Source, error) {
	if req.Backend != nil {
		return req.Backend.Open(ctx, req)
	}
	return openDisplay(ctx, req)
}

// Devices lists what [Device] can open, and what sound can come out of. With
// Prompt the list may come together with a *[DeviceError]. A native build
// without a Backend returns an error that matches errors.ErrUnsupported.
func Devices(ctx context.Context, opts *DevicesOptions) ([]DeviceInfo, error) {
	var o DevicesOptions
	if opts != nil {
		o = *opts
	}
	if o.Backend != nil {
		return o.Backend.List(ctx)
	}
	return listDevices(ctx, o.Prompt)
}

// DeviceChanges ranges over the list of devices, now and each time one was
// plugged in or out, until ctx ends; the last pair carries the error. With Prompt
// the first pair may have a *[DeviceError] beside the list. Changes that come
// while the body of the loop runs are one. A Backend and a native
// build give an error that matches errors.ErrUnsupported.
func DeviceChanges(ctx context.Context, opts *DevicesOptions) iter.Seq2[[]DeviceInfo, error] {
	return func(yield func([]DeviceInfo, error) bool) {
		if opts != nil && opts.Backend != nil {
			yield(nil, unsupported("changes of devices", "a Backend reports none"))
			return
		}
		watchDevices(ctx, opts != nil && opts.Prompt, yield)
	}
}

// External makes a source of a track that something else made and keeps: a
// MediaStreamTrack as a js.Value. Close ends the source and leaves the track
// alone. A native build returns an error that matches errors.ErrUnsupported.
func External(track any) (Source, error) { return externalSource(track) }
