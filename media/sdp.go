package media

import (
	"errors"
	"strconv"
	"strings"
)

// section is what this package itself reads of an m-line (RFC 8866 §5.14); the
// rest is the engine's.
type section struct {
	kind       string // "audio", "video" or "application"
	mid        string
	port       int
	inactive   bool
	silent     bool     // recvonly
	codecs     []string // names
	maxMessage int      // -1: not said
}

// maxSections bounds the work on a hostile description.
const maxSections = 256

func sections(sdp string) []section {
	var all []section
	for line := range strings.SplitSeq(sdp, "\n") {
		line = strings.TrimRight(line, "\r")
		if value, ok := strings.CutPrefix(line, "m="); ok {
			if len(all) == maxSections {
				return all
			}
			f := strings.Fields(value)
			s := section{maxMessage: -1}
			if len(f) > 1 {
				s.kind = f[0]
				port, _, _ := strings.Cut(f[1], "/")
				s.port, _ = strconv.Atoi(port)
			}
			all = append(all, s)
			continue
		}
		if len(all) > 0 {
			all[len(all)-1].attribute(line)
		}
	}
	return all
}

func (s *section) attribute(line string) {
	key, value, _ := strings.Cut(line, ":")
	switch key {
	case "a=mid":
		s.mid = value
	case "a=inactive":
		s.inactive = true
	case "a=recvonly":
		s.silent = true
	case "a=rtpmap":
		_, value, _ = strings.Cut(value, " ")
		name, _, _ := strings.Cut(value, "/")
		s.codecs = append(s.codecs, name)
	case "a=max-message-size":
		if n, err := strconv.Atoi(value); err == nil && n >= 0 {
			s.maxMessage = n
		}
	}
}

// maxMessageSize returns the largest message the writer of sdp takes; 0 is no
// limit. Saying nothing means 64 KiB (RFC 8841 §6.1).
func maxMessageSize(sdp string) int {
	for _, s := range sections(sdp) {
		if s.kind == "application" && s.maxMessage >= 0 {
			return s.maxMessage
		}
	}
	return 64 << 10
}

// refused returns an error for each m-line of offer that answer turned down.
func refused(offer, answer string) error {
	var errs []error
	answers := sections(answer)
	for i, o := range sections(offer) {
		if o.port == 0 || o.inactive || i >= len(answers) {
			continue
		}
		a := answers[i]
		if a.port != 0 && (o.kind == "application" || common(o.codecs, a.codecs)) {
			continue
		}
		e := &CodecError{MID: o.mid, Codec: strings.Join(unique(o.codecs), ", ")}
		switch o.kind {
		case "audio":
			e.Kind = Audio
		case "video":
			e.Kind = Video
		}
		e.Reason = "refused by the other side"
		e.Fix = "send a codec it takes, or allow this one there"
		if e.Kind == 0 {
			e.Reason = "the other side has no data channels"
			e.Fix = "Janus needs to be built with usrsctp"
		}
		errs = append(errs, e)
	}
	return errors.Join(errs...)
}

func common(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if strings.EqualFold(x, y) {
				return true
			}
		}
	}
	return false
}

func unique(names []string) []string {
	var out []string
	for _, n := range names {
		if !common(out, []string{n}) {
			out = append(out, n)
		}
	}
	return out
}
