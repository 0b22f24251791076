package media

import "context"

// DeviceRequest says what to capture. Zero numbers leave the choice to the
// device.
type DeviceRequest struct {
	Audio, Video  bool
	DeviceID      string // as in [DeviceInfo]; empty: the default device
	Width, Height int
	FrameRate     float64

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

// DeviceInfo describes a capture device.
type DeviceInfo struct {
	ID, Label string
	Kind      Kind
}

// Device captures a microphone, a camera or both. Without a Backend a native
// build returns an error that matches errors.ErrUnsupported; so does a browser
// build in this version.
func Device(ctx context.Context, req DeviceRequest) ([]Source, error) {
	if req.Backend != nil {
		return req.Backend.Open(ctx, req)
	}
	return openDevice(ctx, req)
}

// Devices lists what [Device] can open; b may be nil, as in [DeviceRequest].
func Devices(ctx context.Context, b Backend) ([]DeviceInfo, error) {
	if b != nil {
		return b.List(ctx)
	}
	return listDevices(ctx)
}

// Display captures a screen or a window. Without a Backend a native build
// returns an error that matches errors.ErrUnsupported; so does a browser build
// in this version.
func Display(ctx context.Context, req DeviceRequest) ([]Source, error) {
	if req.Backend != nil {
		return req.Backend.Open(ctx, req)
	}
	return openDisplay(ctx, req)
}
