package janustest

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// gatewayIP is where the gateway claims to be: an address reserved for
// documentation (RFC 5737), so that no packet meant for it reaches anybody.
const gatewayIP = "192.0.2.1"

// description is what the gateway looks at in a session description.
type description struct {
	err         string // why it is none
	origin      string // id and version of the o= line
	fingerprint bool
	ufrag       string // of the first m-line that has one, or of the session
	media       []mediaSection
}

// mediaSection is one m-line and its attributes.
type mediaSection struct {
	kind, proto string
	port        string
	formats     []string
	mid         string
	direction   string
	attrs       []string // all of them, without "a="
}

// parseSDP reads as much of sdp as Janus' own first look does.
func parseSDP(sdp string) description {
	d := description{}
	if !strings.HasPrefix(sdp, "v=") {
		return description{err: "Invalid SDP (doesn't start with v=)"}
	}
	session := false
	for line := range strings.SplitSeq(sdp, "\n") {
		line = strings.TrimSuffix(line, "\r")
		kind, value, _ := strings.Cut(line, "=")
		switch kind {
		case "o":
			if f := strings.Fields(value); len(f) > 2 {
				d.origin = f[1] + " " + f[2]
			}
		case "s":
			session = true
		case "m":
			f := strings.Fields(value)
			if len(f) < 4 {
				return description{err: "Invalid m= line: " + line}
			}
			d.media = append(d.media, mediaSection{
				kind: f[0], port: f[1], proto: f[2], formats: f[3:], direction: "sendrecv"})
		case "a":
			d.attribute(value)
		}
	}
	if d.origin == "" || !session || len(d.media) == 0 {
		return description{err: "Missing mandatory lines (o=, s= or m=)"}
	}
	return d
}

func (d *description) attribute(a string) {
	name, value, _ := strings.Cut(a, ":")
	switch name {
	case "fingerprint":
		d.fingerprint = true
	case "ice-ufrag":
		if d.ufrag == "" {
			d.ufrag = value
		}
	}
	if len(d.media) == 0 {
		return
	}
	m := &d.media[len(d.media)-1]
	m.attrs = append(m.attrs, a)
	switch name {
	case "mid":
		m.mid = value
	case "sendrecv", "sendonly", "recvonly", "inactive":
		m.direction = name
	}
}

// codec returns the payload type of the named codec, and its lines.
func (m *mediaSection) codec(name string) (pt string, lines []string) {
	for _, a := range m.attrs {
		rest, ok := strings.CutPrefix(a, "rtpmap:")
		n, enc, _ := strings.Cut(rest, " ")
		if enc, _, _ = strings.Cut(enc, "/"); ok && strings.EqualFold(enc, name) && slices.Contains(m.formats, n) {
			pt = n
			break
		}
	}
	if pt == "" {
		return "", nil
	}
	for _, a := range m.attrs {
		for _, p := range []string{"rtpmap:", "fmtp:", "rtcp-fb:"} {
			if strings.HasPrefix(a, p+pt+" ") {
				lines = append(lines, "a="+a)
			}
		}
	}
	return pt, lines
}

// iceCredentials are one side's half of an ICE session.
type iceCredentials struct{ ufrag, pwd string }

func newICE() iceCredentials {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	text := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = alphabet[rand.IntN(len(alphabet))]
		}
		return string(b)
	}
	return iceCredentials{text(4), text(22)}
}

// fingerprint belongs to a certificate that does not exist: nobody can connect.
const fingerprint = "sha-256 0B:A9:74:E1:B0:8D:91:95:05:8E:0D:C9:44:6D:EE:02:" +
	"19:50:99:56:0B:B3:B2:2E:F2:4E:45:AB:09:DF:AE:B1"
