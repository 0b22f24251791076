//go:build !js

package media

import (
	"strings"

	"github.com/pion/webrtc/v4"
)

// stillIdle prepares an offer for pion, which stops the transceiver of an
// inactive m-line and stops it again with every offer in which the m-line still
// is inactive. After the second time it receives nothing any more, even when the
// gateway uses the m-line for another stream. So an m-line that was stopped
// already says that nobody sends on it in another way.
func stillIdle(offer string, transceivers []*webrtc.RTPTransceiver) string {
	idle := map[string]bool{}
	for _, t := range transceivers {
		if t.Direction() == webrtc.RTPTransceiverDirectionInactive && t.Mid() != "" {
			idle[t.Mid()] = true
		}
	}
	if len(idle) == 0 {
		return offer
	}
	lines := strings.SplitAfter(offer, "\n")
	all, at := sections(offer), -1
	for i, line := range lines {
		switch {
		case strings.HasPrefix(line, "m="):
			at++
		case at >= 0 && at < len(all) && idle[all[at].mid] && strings.TrimRight(line, "\r\n") == "a=inactive":
			lines[i] = strings.Replace(line, "inactive", "recvonly", 1)
		}
	}
	return strings.Join(lines, "")
}
