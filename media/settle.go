package media

import "strings"

// unchanged makes an answer to an offer of ours that the other side does not
// answer. before is what the other side described last, and ours what we did: the
// m-lines of then stay as they were, and those that are new in offer rest, with
// the codecs that are offered or with none.
//
// This takes an offer back. A rollback would be the proper way (RFC 8829 §4.1.8.2),
// but pion has none, Chromium 156 leaves tracks muted for ever after one, and
// Janus, which has seen the offer, does not take part in it.
func unchanged(offer, before, ours string, codecs bool) string {
	known := len(sections(before))
	role := "passive"
	if strings.Contains(ours, "a=setup:passive") {
		role = "active"
	}
	var transport strings.Builder // of the bundle: new m-lines join it
	var mids string
	for i, s := range sections(offer) {
		if i >= known && s.mid != "" {
			mids += " " + s.mid
		}
	}
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimRight(before, "\r\n"), "\n") {
		line = strings.TrimRight(line, "\r")
		switch {
		case line == "a=setup:actpass":
			line = "a=setup:" + role
		case strings.HasPrefix(line, "a=group:BUNDLE"):
			line += mids
		}
		b.WriteString(line + "\r\n")
		for _, key := range transportKeys {
			if strings.HasPrefix(line, key) && !strings.Contains(transport.String(), key) {
				transport.WriteString(line + "\r\n")
			}
		}
	}
	n := 0
	for line := range strings.SplitSeq(offer, "\n") {
		line = strings.TrimRight(line, "\r")
		if strings.HasPrefix(line, "m=") {
			n++
		}
		if n > known {
			resting(&b, line, transport.String(), codecs)
		}
	}
	return b.String()
}

var transportKeys = []string{"a=ice-ufrag:", "a=ice-pwd:", "a=fingerprint:", "a=setup:"}

// resting answers a line of an m-line on which nobody sends for now.
func resting(b *strings.Builder, line, transport string, codecs bool) {
	key, value, _ := strings.Cut(line, ":")
	switch key {
	case "a=rtpmap", "a=fmtp", "a=rtcp-fb":
		if codecs {
			b.WriteString(line + "\r\n")
		}
	case "a=mid", "a=extmap", "a=rtcp-mux", "a=sctp-port", "a=max-message-size":
		b.WriteString(line + "\r\n")
	case "a=rid", "a=simulcast":
		b.WriteString(key + ":" + strings.Replace(value, "send", "recv", 1) + "\r\n")
	default:
		f := strings.Fields(line)
		if !strings.HasPrefix(line, "m=") || len(f) < 4 {
			return
		}
		data := f[0] == "m=application"
		if !codecs && !data {
			f = append(f[:3], "0") // which needs no rtpmap
		}
		b.WriteString(f[0] + " 9 " + strings.Join(f[2:], " ") + "\r\nc=IN IP4 0.0.0.0\r\n" + transport)
		if !data {
			b.WriteString("a=inactive\r\n")
		}
	}
}
