package media

// Capture returns the tracks of the page element at a CSS selector, such as a
// canvas or a video. A native build returns an error that matches
// errors.ErrUnsupported; so does a browser build in this version.
func Capture(selector string) ([]Source, error) { return captureElement(selector) }

// Element returns a sink that shows tracks in the page element at a CSS
// selector. A native build returns an error that matches errors.ErrUnsupported;
// so does a browser build in this version.
func Element(selector string) (Sink, error) { return openElement(selector) }
