package media

// Kind tells audio from video.
type Kind uint8

// The kinds of a track.
const (
	Audio Kind = iota + 1
	Video
)

// String returns "audio" or "video", as in an m-line.
func (k Kind) String() string {
	switch k {
	case Audio:
		return "audio"
	case Video:
		return "video"
	default:
		return "unknown"
	}
}
