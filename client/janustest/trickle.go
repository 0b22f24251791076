package janustest

import (
	"encoding/json"
	"strings"

	"github.com/bifrons-rtc/bifrons/client"
)

// trickle takes candidates. Before there is a peer connection Janus queues
// them unseen, so that anything is good. s.mu is held.
func (s *Server) trickle(c *conn, r *request, at *Attachment) func() {
	one, single := r.fields["candidate"]
	many, several := r.fields["candidates"]
	var list []json.RawMessage
	switch {
	case single && several:
		s.refuse(c, r, client.InvalidJSON, "Can't have both candidate and candidates")
		return nil
	case !single && !several:
		s.refuse(c, r, client.MissingElement, "Missing mandatory element (candidate|candidates)")
		return nil
	case single:
		code, reason := checkCandidate(one)
		if at.pc != pcNone && code != 0 {
			s.refuse(c, r, code, "Trickle error: "+reason)
			return nil
		}
		if code == 0 && !completed(one) {
			list = []json.RawMessage{one}
		}
	case at.pc != pcNone && kindOf(many) != '[':
		s.refuse(c, r, client.InvalidElementType, "candidates is not an array")
		return nil
	default:
		_ = json.Unmarshal(many, &list) // what is no array holds no candidates
	}
	s.reply(c, r, &frame{Janus: "ack", Session: wireID(at.Session)})
	p, ok := at.plugin.(Trickler)
	if !ok {
		return nil
	}
	return func() { p.Trickled(at, list) }
}

// completed reports whether raw means the end of the candidates: null, and
// whatever else Janus does not take for a candidate.
func completed(raw json.RawMessage) bool {
	var f fields
	if kindOf(raw) != '{' || json.Unmarshal(raw, &f) != nil {
		return true
	}
	_, ok := f["completed"]
	return ok
}

// checkCandidate returns what is wrong with one candidate.
func checkCandidate(raw json.RawMessage) (client.Code, string) {
	if completed(raw) {
		return 0, ""
	}
	var f fields
	_ = json.Unmarshal(raw, &f) // it is an object
	mid, hasMid := f["sdpMid"]
	line, hasLine := f["sdpMLineIndex"]
	switch {
	case hasMid && kindOf(mid) != '"':
		return client.InvalidElementType, "invalid element type (sdpMid should be a string)"
	case !hasMid && !hasLine:
		return client.MissingElement, "missing mandatory element (sdpMid or sdpMLineIndex)"
	case hasLine && (kindOf(line) != 'i' || line[0] == '-'):
		return client.InvalidElementType, "invalid element type (sdpMLineIndex should be a positive integer)"
	}
	return f.check(param{"candidate", '"', true})
}

// trickledCandidate is a candidate of the gateway.
type trickledCandidate struct {
	Mid       string
	Line      int
	Candidate string
	Completed bool // no more; the rest means nothing then
}

// MarshalJSON writes the fields Janus writes.
func (t trickledCandidate) MarshalJSON() ([]byte, error) {
	if t.Completed {
		return []byte(`{"completed":true}`), nil
	}
	return encode(object{{"sdpMid", t.Mid}, {"sdpMLineIndex", t.Line}, {"candidate", t.Candidate}})
}

// stripCandidates takes the candidates out of sdp. The bundle has one
// transport, so those of the first m-line are all there are.
func stripCandidates(sdp string) (string, []trickledCandidate) {
	var kept []string
	var list []trickledCandidate
	line, mid := -1, ""
	for l := range strings.SplitSeq(strings.TrimSuffix(sdp, "\r\n"), "\r\n") {
		switch {
		case strings.HasPrefix(l, "a=candidate:"):
			if line == 0 {
				list = append(list, trickledCandidate{Candidate: l[len("a="):]})
			}
			continue
		case l == "a=end-of-candidates":
			continue
		case strings.HasPrefix(l, "m="):
			line++
		case line == 0 && strings.HasPrefix(l, "a=mid:"):
			mid = l[len("a=mid:"):]
		}
		kept = append(kept, l)
	}
	for i := range list {
		list[i].Mid = mid
	}
	return strings.Join(kept, "\r\n") + "\r\n", list
}
