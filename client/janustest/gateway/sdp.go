//go:build !js

package gateway

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// description is a session description that can be changed.
type description struct{ sdp.SessionDescription }

// maxLines limits the m-lines of a description.
const maxLines = 128

var errTooManyLines = errors.New("gateway: too many m-lines")

func parseSDP(text string) (*description, error) {
	d := &description{}
	if err := d.UnmarshalString(text); err != nil {
		return nil, fmt.Errorf("gateway: %w", err)
	}
	if len(d.MediaDescriptions) > maxLines {
		return nil, errTooManyLines
	}
	return d, nil
}

// String writes the description.
func (d *description) String() (string, error) {
	b, err := d.Marshal()
	if err != nil {
		return "", fmt.Errorf("gateway: %w", err)
	}
	return string(b), nil
}

// line is an m-line, seen from who sent the description.
type line struct {
	mid       string
	data      bool
	kind      webrtc.RTPCodecType
	direction string
	msid      string   // what a=msid says
	codecs    []string // of those the gateway knows, in the order of the m-line
	codec     webrtc.RTPCodecParameters
	rids      []string // of the layers, the lowest first
	refused   bool     // there is no codec
}

// sends says whether packets come from there.
func (l line) sends() bool {
	return !l.refused && (l.direction == "sendrecv" || l.direction == "sendonly")
}

// receives says whether packets can go there.
func (l line) receives() bool {
	return !l.refused && (l.direction == "sendrecv" || l.direction == "recvonly")
}

func (l line) offers(name string) bool { return slices.Contains(l.codecs, name) }

// best is the codec that the gateway likes most, of those offered.
func (l line) best() string {
	for _, c := range codecs() {
		if name := codecName(c.MimeType); l.offers(name) {
			return name
		}
	}
	return ""
}

// first returns the first of names that is offered; empty if none is.
func (l line) first(names ...string) string {
	for _, name := range names {
		if l.offers(strings.ToLower(name)) {
			return strings.ToLower(name)
		}
	}
	return ""
}

// lines returns the m-lines, with the first of the codecs chosen.
func (d *description) lines() []line {
	list := make([]line, 0, len(d.MediaDescriptions))
	for _, m := range d.MediaDescriptions {
		l, types := read(m)
		if len(l.codecs) > 0 {
			l.take(l.codecs[0], types)
		}
		list = append(list, l)
	}
	return list
}

// take chooses a codec, with the payload type it has there.
func (l *line) take(name string, types map[string]string) {
	l.codec, _ = codecNamed(name)
	pt, _ := strconv.ParseUint(types[name], 10, 7) // 0 is what is no number
	l.codec.PayloadType = webrtc.PayloadType(pt)
}

// read returns an m-line, and the payload types of the codecs by name.
func read(m *sdp.MediaDescription) (line, map[string]string) {
	l := line{data: m.MediaName.Media == "application", direction: "sendrecv"}
	types := make(map[string]string)
	if !l.data {
		l.kind = webrtc.NewRTPCodecType(m.MediaName.Media)
	}
	fmtps := make(map[string]string)
	for _, a := range m.Attributes {
		if pt, v, ok := strings.Cut(a.Value, " "); ok && a.Key == "fmtp" {
			fmtps[pt] = v
		}
	}
	names := make(map[string]string) // by payload type
	for _, a := range m.Attributes {
		switch a.Key {
		case "mid":
			l.mid = a.Value
		case "msid":
			l.msid = a.Value
		case "sendrecv", "sendonly", "recvonly", "inactive":
			l.direction = a.Key
		case "rtpmap":
			pt, v, _ := strings.Cut(a.Value, " ")
			name, _, _ := strings.Cut(v, "/")
			names[pt] = strings.ToLower(name)
		case "simulcast":
			l.rids = layers(a.Value)
		}
	}
	for _, pt := range m.MediaName.Formats {
		name := staticName(pt, names[pt])
		c, known := codecNamed(name)
		if known && types[name] == "" && kindOf(c.MimeType) == l.kind && matches(name, fmtps[pt]) {
			types[name] = pt
			l.codecs = append(l.codecs, name)
		}
	}
	l.refused = !l.data && (len(l.codecs) == 0 || m.MediaName.Port.Value == 0)
	return l, types
}

// layers reads a=simulcast: the layers to send come the highest first, and a
// tilde marks one that is paused (RFC 8853).
func layers(value string) []string {
	f := strings.Fields(value)
	i := slices.Index(f, "send")
	if i < 0 || i+1 >= len(f) {
		return nil
	}
	var rids []string
	for alternatives := range strings.SplitSeq(f[i+1], ";") {
		rid, _, _ := strings.Cut(alternatives, ",")
		rids = append(rids, strings.TrimPrefix(rid, "~"))
	}
	slices.Reverse(rids)
	return rids[:min(len(rids), highestLayer+1)]
}

// staticName knows the payload types that need no rtpmap (RFC 3551).
func staticName(pt, name string) string {
	if name != "" {
		return name
	}
	return map[string]string{"0": "pcmu", "8": "pcma", "9": "g722"}[pt]
}

// matches says whether the gateway's profile of a codec is meant.
func matches(name, fmtp string) bool {
	fmtp = strings.ToLower(fmtp)
	switch name {
	case "h264":
		return strings.Contains(fmtp, "packetization-mode=1") && strings.Contains(fmtp, "profile-level-id=42e0")
	case "vp9":
		return !strings.Contains(fmtp, "profile-id=") || strings.Contains(fmtp, "profile-id=0")
	case "av1":
		return !strings.Contains(fmtp, "profile=") || strings.Contains(fmtp, "profile=0")
	}
	return true
}

// choose leaves one codec in every m-line and returns the lines. Lines without
// one keep what they have: pion has to have something to answer to.
func (d *description) choose(prefer func(line) string) []line {
	var list []line
	for _, m := range d.MediaDescriptions {
		l, types := read(m)
		if name := ""; !l.data && !l.refused {
			name = prefer(l)
			pt, ok := types[name]
			if l.refused = !ok; ok {
				l.take(name, types)
				keep(m, pt)
			}
		}
		if l.refused {
			m.MediaName.Port.Value = 0
		}
		list = append(list, l)
	}
	return list
}

// keep leaves one payload type in m.
func keep(m *sdp.MediaDescription, pt string) {
	m.MediaName.Formats = []string{pt}
	m.Attributes = slices.DeleteFunc(m.Attributes, func(a sdp.Attribute) bool {
		switch a.Key {
		case "rtpmap", "fmtp", "rtcp-fb":
			of, _, _ := strings.Cut(a.Value, " ")
			return of != pt && of != "*"
		}
		return false
	})
}

// refuse turns m-lines of an answer down.
func refuse(text string, mids map[string]bool) (string, error) {
	d, err := parseSDP(text)
	if err != nil {
		return "", err
	}
	for _, m := range d.MediaDescriptions {
		mid, _ := m.Attribute("mid")
		if !mids[mid] {
			continue
		}
		m.MediaName.Port.Value = 0
		m.Attributes = []sdp.Attribute{{Key: "inactive"}, {Key: "mid", Value: mid}}
	}
	for i, a := range d.Attributes {
		if f := strings.Fields(a.Value); a.Key == "group" && len(f) > 0 && f[0] == "BUNDLE" {
			f = slices.DeleteFunc(f, func(mid string) bool { return mids[mid] })
			d.Attributes[i].Value = strings.Join(f, " ")
		}
	}
	return d.String()
}
