package media

import (
	"context"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

func listDevices(ctx context.Context, prompt bool) ([]DeviceInfo, error) {
	devices, err := mediaDevices()
	if err != nil {
		return nil, err
	}
	var refused error
	if prompt {
		var sources []Source
		sources, refused = openDevice(ctx, DeviceRequest{Audio: true, Video: true})
		for _, s := range sources {
			defer func() { _ = s.Close() }() // a browser may forget the labels then
		}
	}
	promise, err := call(devices, "enumerateDevices")
	if err != nil {
		return nil, deviceError(0, err)
	}
	array, err := jsx.Await(ctx, promise)
	if err != nil {
		return nil, deviceError(0, err)
	}
	var list []DeviceInfo
	for _, d := range items(array) {
		info := DeviceInfo{ID: text(d.Get("deviceId")), GroupID: text(d.Get("groupId")), Label: text(d.Get("label")), Kind: Audio}
		switch text(d.Get("kind")) {
		case "videoinput":
			info.Kind = Video
		case "audiooutput":
			info.Output = true
		}
		list = append(list, info)
	}
	return list, refused
}

func watchDevices(ctx context.Context, prompt bool, yield func([]DeviceInfo, error) bool) {
	devices, err := mediaDevices()
	if err != nil {
		yield(nil, err)
		return
	}
	var scope jsx.Scope
	defer scope.Close()
	changed := make(chan struct{}, 1)
	scope.Listen(devices, "devicechange", func(js.Value) { signal(changed) })
	for {
		list, err := listDevices(ctx, prompt)
		if !yield(list, err) || err != nil && list == nil {
			return
		}
		prompt = false
		select {
		case <-changed:
		case <-ctx.Done():
			yield(nil, fmt.Errorf("media: changes of devices: %w", ctx.Err()))
			return
		}
	}
}
