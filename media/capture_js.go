package media

import "syscall/js"

// findElement returns the element a caller named.
func findElement(target any) (js.Value, error) {
	document := js.Global().Get("document")
	if document.Type() != js.TypeObject {
		return js.Undefined(), unsupported("a page element", noPage)
	}
	switch target := target.(type) {
	case js.Value:
		if target.Type() == js.TypeObject {
			return target, nil
		}
	case string:
		el, err := call(document, "querySelector", target)
		switch {
		case err != nil:
			return el, &OptionError{"Element", "no CSS selector: " + quote(target)}
		case el.IsNull():
			return el, &OptionError{"Element", "no element matches " + quote(target) + "; is it in the page yet?"}
		}
		return el, nil
	}
	return js.Undefined(), &OptionError{"Element", "want a CSS selector, or the element as a js.Value"}
}

// captureStream returns the MediaStream of what an element shows.
func captureStream(el js.Value) (js.Value, error) {
	for _, method := range []string{"captureStream", "mozCaptureStream"} {
		if callable(el, method) {
			return call(el, method)
		}
	}
	return js.Undefined(), &OptionError{"Element", "want a <canvas>, <video> or <audio>, in a browser with captureStream"}
}

func captureElement(target any) ([]Source, error) {
	el, err := findElement(target)
	if err != nil {
		return nil, err
	}
	stream, err := captureStream(el)
	if err != nil {
		return nil, err
	}
	sources := streamSources(stream, Video, Audio)
	if len(sources) == 0 {
		return nil, &OptionError{"Element", "it has nothing loaded yet; wait for its loadedmetadata event"}
	}
	return sources, nil
}
