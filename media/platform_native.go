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

func listDevices(context.Context) ([]DeviceInfo, error) {
	return nil, unsupported("list devices", noDevices)
}

func openDisplay(context.Context, DeviceRequest) ([]Source, error) {
	return nil, unsupported("capture a screen", noDevices)
}

func captureElement(string) ([]Source, error) {
	return nil, unsupported("capture a page element", noPage)
}

func openElement(string) (Sink, error) { return nil, unsupported("show in a page element", noPage) }
