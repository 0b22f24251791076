package conform

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// description is what a message describes.
type description struct {
	Type string `json:"type"`
	SDP  string `json:"sdp"`
}

// section is one m-line and the lines below it.
type section []string

// sections returns the m-lines of an SDP.
func sections(sdp string) []section {
	var list []section
	for l := range strings.Lines(sdp) {
		l = strings.TrimRight(l, "\r\n")
		switch {
		case strings.HasPrefix(l, "m="):
			list = append(list, section{l})
		case len(list) > 0:
			list[len(list)-1] = append(list[len(list)-1], l)
		}
	}
	return list
}

// kind returns what the m-line is for.
func (s section) kind() string { return strings.Fields(s[0][len("m="):])[0] }

// value returns the value of the first line that begins so.
func (s section) value(prefix string) string {
	for _, l := range s {
		if v, ok := strings.CutPrefix(l, prefix); ok {
			return v
		}
	}
	return ""
}

// direction returns which way media goes.
func (s section) direction() string {
	for _, d := range directions {
		if slices.Contains(s, "a="+d[0]) {
			return d[0]
		}
	}
	return "sendrecv"
}

// directions are those, and what answers them.
var directions = [][2]string{{"sendrecv", "sendrecv"}, {"sendonly", "recvonly"}, {"recvonly", "sendonly"}, {"inactive", "inactive"}}

// String returns what matters of d: of each m-line what it is, where it goes and
// the codecs. What the doubles do otherwise everywhere does not: formats for
// retransmission, the direction of data, names in answers.
func (d *description) String() string {
	if d == nil {
		return ""
	}
	var list []string
	for _, s := range sections(d.SDP) {
		out := s.kind() + " " + s.value("a=mid:")
		if strings.Fields(s[0])[1] == "0" {
			out += " rejected"
		}
		if s.kind() != "application" {
			out += " " + s.direction()
		}
		for _, l := range s {
			_, codec, ok := strings.Cut(l, " ")
			if ok && strings.HasPrefix(l, "a=rtpmap:") && !strings.HasPrefix(codec, "rtx") {
				out += " " + codec
			}
		}
		if msid := s.value("a=msid:"); msid != "" && d.Type == "offer" {
			out += " msid:" + msid
		}
		list = append(list, out)
	}
	return " + " + d.Type + " " + strings.Join(list, ", ")
}

// answerTo returns what a client would answer to an offer.
func answerTo(offer string) string {
	out := sdpHead(len(sections(offer)), nil)
	for _, s := range sections(offer) {
		out = append(out, s[0], "c=IN IP4 0.0.0.0", "a=mid:"+s.value("a=mid:"))
		for _, d := range directions {
			if s.direction() == d[0] {
				out = append(out, "a="+d[1])
			}
		}
		for _, l := range s {
			if strings.HasPrefix(l, "a=rtpmap:") || strings.HasPrefix(l, "a=fmtp:") || strings.HasPrefix(l, "a=sctp-port:") {
				out = append(out, l)
			}
		}
		out = append(out, "a=rtcp-mux", "a=setup:active", "a=ice-ufrag:AnSw", "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1")
	}
	return strings.Join(out, "\r\n") + "\r\n"
}

// random is what differs every time.
var random = regexp.MustCompile(`("private_id":|"room":|"id":|Room )\d{6,}|("date":)"[^"]+"`)

// normal writes JSON with its keys in order, lists of people and rooms too, and
// hides what is random.
func normal(raw json.RawMessage) string {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return err.Error()
	}
	arrange(v)
	return hidden(v)
}

// arrange sorts the lists that Janus keeps in tables without an order.
func arrange(v any) {
	m, ok := v.(map[string]any)
	if !ok {
		return
	}
	for key, value := range m {
		switch list, _ := value.([]any); key {
		case "list", "participants", "publishers", "attendees", "allowed":
			slices.SortFunc(list, func(a, b any) int { return strings.Compare(hidden(a), hidden(b)) })
		default:
			arrange(value)
		}
	}
}

func hidden(v any) string { return random.ReplaceAllString(text(v), "$1$2$$random") }
