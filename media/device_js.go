package media

import (
	"context"
	"errors"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

// mediaDevices returns the page's MediaDevices.
func mediaDevices() (js.Value, error) {
	navigator := js.Global().Get("navigator")
	if navigator.Type() == js.TypeObject {
		if d := navigator.Get("mediaDevices"); d.Type() == js.TypeObject {
			return d, nil
		}
	}
	if secure := js.Global().Get("isSecureContext"); secure.Type() == js.TypeBoolean && !secure.Bool() {
		return js.Undefined(), &DeviceError{
			Name:   "SecurityError",
			Reason: "the browser gives no devices to a page that came over plain http",
			Fix:    "open the page as https://, or as http://localhost on this machine",
		}
	}
	return js.Undefined(), unsupported("capture", noPage)
}

func openDevice(ctx context.Context, req DeviceRequest) ([]Source, error) {
	devices, err := mediaDevices()
	if err != nil {
		return nil, err
	}
	c, err := deviceConstraints(req)
	if err != nil {
		return nil, err
	}
	audio, video := c.Get("audio").Truthy(), c.Get("video").Truthy()
	if !audio && !video {
		return nil, &OptionError{"DeviceRequest", "set Audio, Video or both"}
	}
	stream, err := openStream(ctx, devices, "getUserMedia", c)
	switch {
	case err == nil:
		return streamSources(stream, Audio, Video), nil
	case !audio:
		return nil, deviceError(Video, err)
	case !video || ctx.Err() != nil:
		return nil, deviceError(Audio, err)
	}
	// The browser gives both or nothing; whichever there is, is better.
	var sources []Source
	var errs []error
	for _, k := range []Kind{Audio, Video} {
		one := js.Global().Get("Object").Call("assign", js.Global().Get("Object").New(), c)
		one.Set((Audio + Video - k).String(), false)
		stream, err := openStream(ctx, devices, "getUserMedia", one)
		if err != nil {
			errs = append(errs, deviceError(k, err))
			continue
		}
		sources = append(sources, streamSources(stream, k)...)
	}
	return sources, errors.Join(errs...)
}

// openStream asks for a MediaStream. One that comes when nobody waits any more is
// closed.
func openStream(ctx context.Context, devices js.Value, method string, constraints js.Value) (js.Value, error) {
	if !callable(devices, method) {
		return js.Undefined(), unsupported("capture", "this browser has no "+method)
	}
	promise, err := call(devices, method, constraints)
	if err != nil {
		return js.Undefined(), err
	}
	stream, err := jsx.Await(ctx, promise)
	if err != nil && ctx.Err() != nil {
		jsx.Then(promise, func(late js.Value, err error) {
			if err == nil {
				stopTracks(late)
			}
		})
	}
	return stream, err
}

func stopTracks(stream js.Value) {
	for _, t := range items(stream.Call("getTracks")) {
		t.Call("stop")
	}
}

// streamSources returns the tracks of a stream, kind by kind.
func streamSources(stream js.Value, kinds ...Kind) []Source {
	tracks := items(stream.Call("getTracks"))
	var sources []Source
	for _, k := range kinds {
		for _, t := range tracks {
			if kindOf(t) == k {
				sources = append(sources, newSource(t))
			}
		}
	}
	return sources
}
