package media

// Resolution is the size of a picture in pixels.
type Resolution struct{ Width, Height int }

// The usual sizes, for the Width and Height of a [DeviceRequest].
var (
	LowRes     = Resolution{320, 240}
	LowResWide = Resolution{320, 180}
	StdRes     = Resolution{640, 480}
	StdResWide = Resolution{640, 360}
	HiRes      = Resolution{1280, 720}
	FullHD     = Resolution{1920, 1080}
	UltraHD    = Resolution{3840, 2160}
)

// ResolutionByName returns the size that janus.js calls by this name: lowres,
// stdres, hires, fhdres and 4kres; lowres-16:9, stdres-16:9, hires-16:9 and
// hdres.
func ResolutionByName(name string) (r Resolution, ok bool) {
	switch name {
	case "lowres":
		return LowRes, true
	case "lowres-16:9":
		return LowResWide, true
	case "stdres":
		return StdRes, true
	case "stdres-16:9":
		return StdResWide, true
	case "hires", "hires-16:9", "hdres":
		return HiRes, true
	case "fhdres":
		return FullHD, true
	case "4kres":
		return UltraHD, true
	}
	return Resolution{}, false
}
