package janustest

import (
	"slices"
	"strings"
)

// answerSDP makes the answer Janus' echo test would give to offer d, with the
// lines in its order. It prefers the named codecs and leaves out what it knows
// none for.
func answerSDP(d description, ice iceCredentials, audio, video string) string {
	var bundle []string
	var media []string
	for i := range d.media {
		m := &d.media[i]
		lines, ok := answerMedia(m, ice, audio, video)
		media = append(media, lines...)
		if ok {
			bundle = append(bundle, m.mid)
		}
	}
	lines := []string{
		"v=0",
		"o=- " + d.origin + " IN IP4 " + gatewayIP,
		"s=-",
		"t=0 0",
		"a=group:BUNDLE " + strings.Join(bundle, " "),
		"a=ice-options:trickle",
		"a=fingerprint:" + fingerprint,
		"a=extmap-allow-mixed",
		"a=msid-semantic: WMS *",
	}
	return strings.Join(append(lines, media...), "\r\n") + "\r\n"
}

// answerMedia answers one m-line; false means that it is turned down.
func answerMedia(m *mediaSection, ice iceCredentials, audio, video string) ([]string, bool) {
	formats, attrs := m.answerFormats(audio, video)
	if formats == "" || m.port == "0" {
		return []string{"m=" + m.kind + " 0 " + m.proto + " " + m.formats[0], "c=IN IP4 " + gatewayIP,
			"a=inactive", "a=mid:" + m.mid}, false
	}
	lines := []string{"m=" + m.kind + " 9 " + m.proto + " " + formats, "c=IN IP4 " + gatewayIP,
		"a=" + mirrored(m.direction), "a=mid:" + m.mid}
	if m.kind != "application" {
		lines = append(lines, "a=rtcp-mux")
	}
	lines = append(lines, "a=ice-ufrag:"+ice.ufrag, "a=ice-pwd:"+ice.pwd, "a=ice-options:trickle", "a=setup:active")
	lines = append(lines, attrs...)
	if m.kind != "application" {
		lines = append(lines, "a=msid:janus janus"+m.mid)
	}
	return append(lines, "a=candidate:1 1 udp 2015363327 "+gatewayIP+" 50000 typ host", "a=end-of-candidates"), true
}

// answerFormats picks one codec of m, or the data channel, with its attributes.
func (m *mediaSection) answerFormats(audio, video string) (formats string, attrs []string) {
	var order []string
	switch m.kind {
	case "application":
		return strings.Join(m.formats, " "), []string{"a=sctp-port:5000"}
	case "audio":
		order = preferred(audio, "opus", "multiopus", "PCMU", "PCMA", "G722", "L16")
	case "video":
		order = preferred(video, "VP8", "VP9", "H264", "AV1", "H265")
	}
	for _, name := range order {
		if pt, lines := m.codec(name); pt != "" {
			return pt, append(lines, m.extensions()...)
		}
	}
	return "", nil
}

// preferred is the codec the client forced, or else all that Janus knows.
func preferred(forced string, known ...string) []string {
	i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, forced) })
	switch {
	case forced == "":
		return known
	case i < 0:
		return nil
	default:
		return known[i : i+1]
	}
}

// extensions returns the header extensions and the simulcast layers the answer
// takes over.
func (m *mediaSection) extensions() (lines []string) {
	var rids []string
	for _, a := range m.attrs {
		rest, isRID := strings.CutPrefix(a, "rid:")
		switch rid, dir, _ := strings.Cut(rest, " "); {
		case strings.HasPrefix(a, "extmap:"):
			lines = append(lines, "a="+a)
		case isRID && strings.HasPrefix(dir, "send"):
			rids = append(rids, rid)
			lines = append(lines, "a=rid:"+rid+" recv")
		}
	}
	if len(rids) > 0 {
		lines = append(lines, "a=simulcast:recv "+strings.Join(rids, ";"))
	}
	return lines
}

// mirrored is the direction that answers one.
func mirrored(direction string) string {
	switch direction {
	case "sendonly":
		return "recvonly"
	case "recvonly":
		return "sendonly"
	default:
		return direction
	}
}
