package conform

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
)

// stage plays the cases of a plugin.
type stage struct {
	t    testing.TB
	c    *Case
	g    Target
	wire *wire

	session uint64
	cast    map[string]*actor
	sent    int    // requests
	now     string // the transaction of the last
	acked   bool
	answer  string  // to the last request; empty: none yet
	events  []event // that nobody looked at, in the order in which they came
	maybe   []event // that may come from here on

	recorded map[int][]string // what came, by the number of the input line; nil: compare
}

// actor is one handle.
type actor struct {
	id    uint64
	offer string // the last description the gateway offered
}

// event is what a handle was told.
type event struct{ who, what string }

func newStage(t testing.TB, c *Case, g Target) *stage {
	t.Helper()
	s := &stage{t: t, c: c, g: g, wire: open(t, g.Dial), cast: map[string]*actor{}}
	t.Cleanup(s.wire.close)
	s.session = s.must(`{"janus":"create"`).Data.ID
	if poller, ok := s.wire.conn.(transport.SessionPoller); ok {
		poller.Poll(s.session, transport.Auth{})
	}
	return s
}

// play plays the case.
func (s *stage) play() {
	s.t.Helper()
	script := s.c.script(s.g.Name)
	for i := 0; i < len(script); {
		input := script[i]
		end := i + 1
		for end < len(script) && script[end].output() {
			end++
		}
		s.step(input, script[i+1:end])
		i = end
	}
	s.fence()
	s.must(`{"janus":"destroy","session_id":` + strconv.FormatUint(s.session, 10))
}

// step sends a line, waits for what is to come and compares.
func (s *stage) step(input line, outputs []line) {
	s.t.Helper()
	name, rest := cutName(input.text)
	if !strings.HasPrefix(rest, ">") {
		s.t.Fatalf("%s: bad line %q", s.c.where(input), input.text)
	}
	s.say(s.on(name), strings.TrimSpace(rest[1:]))
	if s.recorded != nil {
		s.recorded[input.number] = s.listen(name)
		return
	}
	want := map[string][]line{}
	answer := line{text: "nothing"}
	for _, l := range outputs {
		switch who, rest := cutName(l.text); rest[0] {
		case '<':
			answer = line{number: l.number, text: rest[2:]}
		case '?':
			s.maybe = append(s.maybe, event{who, rest[2:]})
		default:
			want[who] = append(want[who], line{number: l.number, text: rest[2:], anywhere: rest[0] == '*'})
		}
	}
	s.await(input, answer.text, want)
	s.excuse(want)
	if answer.text != "nothing" {
		s.compare(answer, s.answer)
	}
	for who, list := range want {
		slices.SortStableFunc(list, func(a, b line) int { return order(b) - order(a) })
		for _, l := range list {
			s.compare(l, s.next(who, l))
		}
	}
}

// excuse takes out the events that may come and are not wanted in this step.
func (s *stage) excuse(want map[string][]line) {
	s.events = slices.DeleteFunc(s.events, func(e event) bool {
		wanted := slices.ContainsFunc(want[e.who], func(l line) bool { return l.text == e.what })
		return !wanted && slices.Contains(s.maybe, e)
	})
}

// order puts what comes anywhere first, so that it is out of the way.
func order(l line) int {
	if l.anywhere {
		return 1
	}
	return 0
}

// await receives until there is everything that is wanted, or more.
func (s *stage) await(input line, answer string, want map[string][]line) {
	s.t.Helper()
	for {
		missing := ""
		switch {
		case answer == "ack" && s.acked:
			s.answer = "ack"
		case answer != "nothing" && s.answer == "":
			missing = answer
		}
		for who, list := range want {
			if n := s.count(who, want); n < len(list) {
				missing = who + "! " + list[n].text
			}
		}
		if missing == "" {
			return
		}
		if !s.receive(patience) {
			s.t.Fatalf("%s: %s\nwaits for %s\nand has answer %q, events %q", s.c.where(input), input.text, missing, s.answer, s.events)
		}
	}
}

// listen receives until nothing comes any more, and returns that as lines.
func (s *stage) listen(name string) []string {
	s.t.Helper()
	for s.answer == "" && s.receive(2*time.Second) || s.receive(400*time.Millisecond) {
		continue
	}
	if s.answer == "" && s.acked {
		s.answer = "ack"
	}
	list := []string{name + "< " + s.answer}
	for _, e := range s.events {
		list = append(list, e.who+"! "+e.what)
	}
	s.events = nil
	return list
}

func (s *stage) compare(want line, got string) {
	s.t.Helper()
	if got != want.text {
		s.t.Errorf("%s\nwant %s\ngot  %s", s.c.where(want), want.text, got)
	}
}

// count returns how many events of a handle were not looked at.
func (s *stage) count(name string, want map[string][]line) (n int) {
	s.excuse(want)
	for _, e := range s.events {
		if e.who == name {
			n++
		}
	}
	return n
}

// next takes the event of a handle that l is about: the first, or that one.
func (s *stage) next(name string, l line) string {
	i := slices.IndexFunc(s.events, func(e event) bool { return e.who == name && (!l.anywhere || e.what == l.text) })
	if i < 0 {
		return "nothing of the kind"
	}
	what := s.events[i].what
	s.events = slices.Delete(s.events, i, i+1)
	return what
}

// on returns a handle.
func (s *stage) on(name string) *actor {
	s.t.Helper()
	a := s.cast[name]
	if a == nil {
		a = &actor{id: s.attach(s.c.Plugin)}
		s.cast[name] = a
	}
	return a
}

func (s *stage) attach(plugin string) uint64 {
	s.t.Helper()
	return s.must(fmt.Sprintf(`{"janus":"attach","session_id":%d,"plugin":%q`, s.session, plugin)).Data.ID
}

// say sends one request of a case.
func (s *stage) say(a *actor, what string) {
	s.t.Helper()
	body, jsep, _ := strings.Cut(what, " + ")
	request := fmt.Sprintf(`"session_id":%d,"handle_id":%d`, s.session, a.id)
	switch {
	case what == "hangup" || what == "detach":
		request = `{"janus":"` + what + `",` + request
	case jsep == "":
		request = `{"janus":"message",` + request + `,"body":` + body
	default:
		kind, name, _ := strings.Cut(jsep, " ")
		sdp := Vars()[name]
		if kind == "answer" {
			sdp = text(answerTo(a.offer))
		}
		request = `{"janus":"message",` + request + `,"body":` + body + `,"jsep":{"type":"` + kind + `","sdp":` + sdp + `}`
	}
	s.send(request)
}

// send sends a request that lacks its transaction and its end.
func (s *stage) send(request string) {
	s.t.Helper()
	s.sent++
	s.now, s.acked, s.answer = strconv.Itoa(s.sent), false, ""
	m := transport.Message{Data: []byte(request + `,"transaction":"` + s.now + `"}`)}
	if err := s.wire.conn.Write(s.t.Context(), m); err != nil {
		s.t.Fatalf("send %s: %v", m.Data, err)
	}
}

// must sends a request of the core and returns the success.
func (s *stage) must(request string) notice {
	s.t.Helper()
	s.send(request)
	for s.answer == "" {
		m, ok := s.read(patience)
		if !ok {
			s.t.Fatalf("no answer to %s", request)
		}
		if m.Transaction == s.now && m.Janus == "success" {
			return m
		}
		s.take(m)
	}
	s.t.Fatalf("%s: %s", request, s.answer)
	return notice{}
}

// fence checks that nothing more has come.
func (s *stage) fence() {
	s.t.Helper()
	echo := &actor{id: s.attach("janus.plugin.echotest")}
	s.say(echo, `{"audio":true}`)
	for s.answer == "" {
		if !s.receive(patience) {
			s.t.Fatal("no answer to the last request")
		}
	}
	s.excuse(nil)
	for _, e := range s.events {
		s.t.Errorf("%s: one event too many: %s! %s", s.c.Name, e.who, e.what)
	}
}
