//go:build !js

package media

import "context"

const (
	noDevices = "a native build needs a Backend, such as that of media/devices"
	noPage    = "only in a browser"
)

func openDevice(context.Context, DeviceRequest) ([]Source, error) {
	return nil, unsupported("capture", noDevices)
}

func listDevices(context.Context, bool) ([]DeviceInfo, error) {
	return nil, unsupported("list devices", noDevices)
}

func watchDevices(_ context.Context, _ bool, yield func([]DeviceInfo, error) bool) {
	yield(nil, unsupported("changes of devices", noPage))
}

func openDisplay(context.Context, DeviceRequest) ([]Source, error) {
	return nil, unsupported("capture a screen", noDevices)
}

func externalSource(any) (Source, error) { return nil, unsupported("an external track", noPage) }

func captureElement(any) ([]Source, error) {
	return nil, unsupported("capture a page element", noPage)
}

// elementSink is what only a page has.
type elementSink struct{}

func openElement(any) (*elementSink, error) {
	return nil, unsupported("show in a page element", noPage)
}

func (*elementSink) show(Source) error                       { return unsupported("show", noPage) }
func (*elementSink) play(context.Context) error              { return unsupported("play", noPage) }
func (*elementSink) setMuted(bool)                           {}
func (*elementSink) setVolume(float64)                       {}
func (*elementSink) setOutput(context.Context, string) error { return unsupported("output", noPage) }
func (*elementSink) close() error                            { return nil }
func (*elementSink) open(*ElementSink, *Track) (intake, error) {
	return nil, unsupported("show", noPage)
}
