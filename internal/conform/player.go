package conform

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
)

// patience is how long the player waits for what must come. It is no measure of
// how soon that should be: the machine may be busy.
const patience = 60 * time.Second

// DialFunc opens a connection to the gateway under test.
type DialFunc func(ctx context.Context) (transport.Conn, error)

// Target is a gateway to hold to a case.
type Target struct {
	Name string // Janus, Janustest or Gateway
	Dial DialFunc
	Root string // of the REST API, without a slash at its end; for lines that need one

	DialAdmin DialFunc // to the admin API, for cases that need it
	Secret    string   // of the admin API
}

// Player plays raw messages. It belongs to the goroutine of its test.
type Player struct {
	// Root is where the REST API is.
	Root string
	// DialAdmin opens connections to the admin API.
	DialAdmin DialFunc
	// Vars are JSON texts by name.
	Vars map[string]string

	t     testing.TB
	dial  DialFunc
	conns map[string]*wire
	maybe map[string][]string // ? lines by connection
	last  map[string]string   // what was sent last, by connection
}

// NewPlayer returns a player whose connections close when the test is over.
func NewPlayer(t testing.TB, dial DialFunc) *Player {
	p := &Player{t: t, dial: dial, conns: map[string]*wire{}, Vars: Vars(), maybe: map[string][]string{},
		last: map[string]string{}}
	t.Cleanup(p.close)
	return p
}

// ID returns the id that a script named.
func (p *Player) ID(name string) uint64 {
	p.t.Helper()
	n, err := strconv.ParseUint(p.Vars[name], 10, 64)
	if err != nil {
		p.t.Fatalf("$%s is no id: %v", name, err)
	}
	return n
}

// Run plays a script, which is that of a case for the doubles.
func (p *Player) Run(script string) {
	p.t.Helper()
	c := &Case{}
	for s := range strings.Lines(script) {
		if s = strings.TrimSpace(s); s != "" {
			c.add(0, s)
		}
	}
	p.play(c.script(Janustest))
}

// play plays the lines of a script.
func (p *Player) play(script []line) {
	p.t.Helper()
	var want []expectation
	for _, l := range script {
		name, rest := cutName(l.text)
		switch {
		case len(name) == 1 && strings.HasPrefix(rest, "<"):
			want = append(want, expectation{on: name, text: strings.TrimSpace(rest[1:])})
			continue
		case len(name) == 1 && strings.HasPrefix(rest, "?"):
			p.maybe[name] = append(p.maybe[name], strings.TrimSpace(rest[1:]))
			continue
		case len(name) == 1 && strings.HasPrefix(rest, "~"):
			p.again(name, strings.TrimSpace(rest[1:]))
			continue
		}
		p.expect(want)
		want = nil
		switch {
		case len(name) == 1 && strings.HasPrefix(rest, ">"):
			p.Send(name, p.fill(strings.TrimSpace(rest[1:])))
		case len(name) == 1 && rest == "!":
			if err := p.conns[name].conn.Close(); err != nil {
				p.t.Fatalf("close %s: %v", name, err)
			}
		case name == "wait":
			d, err := time.ParseDuration(strings.TrimSpace(rest))
			if err != nil {
				p.t.Fatalf("%q: %v", l.text, err)
			}
			<-time.After(d)
		case strings.Contains(l.text, " -> "):
			p.exchange(l.text)
		default:
			p.t.Fatalf("bad line %q", l.text)
		}
	}
	p.expect(want)
}

// expectation is one < line.
type expectation struct {
	on      string
	pattern any
	text    string
}

// expect waits until everything in want has arrived.
func (p *Player) expect(want []expectation) {
	p.t.Helper()
	byConn := map[string][]expectation{}
	for _, e := range want {
		e.pattern = p.parse(e.text) // now, because the names are known now
		byConn[e.on] = append(byConn[e.on], e)
	}
	for name, list := range byConn {
		for len(list) > 0 {
			got := p.Receive(name, list[0].text)
			i := 0
			for i < len(list) && p.match(list[i].pattern, got) != "" {
				i++
			}
			switch {
			case i < len(list):
				p.match(list[i].pattern, got) // once more: it was the only one to bind names
				p.conns[name].poll(got)
				list = append(list[:i:i], list[i+1:]...)
			case !p.allowed(name, got):
				p.t.Fatalf("unexpected message: %s received %s\nwanted %s\nbecause %s",
					name, text(got), list[0].text, p.match(list[0].pattern, got))
			}
		}
	}
}

// again repeats what was sent last while the answer is an error of that code.
// Everything else that arrives must be allowed by ? lines, and the answer that is
// another one stays for the < lines.
func (p *Player) again(name, code string) {
	p.t.Helper()
	refused := p.parse(`{"janus":"error","session_id":"$any","transaction":"$any","error":` + code + `}`)
	hangup := p.fill(`{"janus":"hangup","transaction":"again","session_id":$S,"handle_id":$H}`)
	for end := time.Now().Add(patience); time.Now().Before(end); {
		got := p.Receive(name, "an answer to "+p.last[name])
		for p.allowed(name, got) {
			got = p.Receive(name, "an answer to "+p.last[name])
		}
		if p.match(refused, got) != "" {
			p.conns[name].back = got
			return
		}
		message := p.last[name]
		p.Send(name, hangup)
		<-time.After(250 * time.Millisecond)
		p.Send(name, message)
	}
	p.t.Fatalf("%s got error %s again and again", name, code)
}

// Fence checks that nothing more than the ? lines arrived.
func (p *Player) Fence() {
	p.t.Helper()
	for name, w := range p.conns {
		if w.conn.Write(p.t.Context(), transport.Message{Data: []byte(`{"janus":"ping","transaction":"fence"}`)}) != nil {
			continue // closed by the script
		}
		for {
			got := p.Receive(name, "the answer to the last ping")
			if p.match(map[string]any{"janus": "pong", "transaction": "fence"}, got) == "" {
				break
			}
			if !p.allowed(name, got) {
				p.t.Fatalf("%s received one message too many: %s", name, text(got))
			}
		}
	}
}

func (p *Player) allowed(name string, got any) bool {
	for _, m := range p.maybe[name] {
		if p.match(p.parse(m), got) == "" {
			return true
		}
	}
	return false
}

// Send sends data as it is, on a connection that is dialled if it is new.
func (p *Player) Send(name, data string) {
	p.t.Helper()
	w := p.conns[name]
	if w == nil {
		dial := p.dial
		if name >= "x" {
			dial = p.DialAdmin
		}
		w = open(p.t, dial)
		p.conns[name] = w
	}
	p.last[name] = data
	w.sent(data)
	if err := w.conn.Write(p.t.Context(), transport.Message{Data: []byte(data)}); err != nil {
		p.t.Fatalf("%s sends %s: %v", name, data, err)
	}
}

// Receive returns the next message on a connection, decoded; numbers are of type
// json.Number. The test fails when none comes; wanted says what it was to be.
func (p *Player) Receive(name, wanted string) any {
	p.t.Helper()
	if w := p.conns[name]; w != nil && w.back != nil {
		got := w.back
		w.back = nil
		return got
	}
	return decode(p.t, p.Bytes(name, wanted))
}

// Bytes is Receive for what may be no JSON.
func (p *Player) Bytes(name, wanted string) []byte {
	p.t.Helper()
	w := p.conns[name]
	if w == nil {
		p.t.Fatalf("%s waits for %s and has sent nothing", name, wanted)
		return nil
	}
	select {
	case b, ok := <-w.in:
		if !ok {
			p.t.Fatalf("%s is closed; wanted %s", name, wanted)
		}
		return b
	case <-time.After(patience):
		p.t.Fatalf("nothing arrived: %s waits for %s", name, wanted)
		return nil
	}
}

// Conn returns a connection that was used; what it received is not there any more.
func (p *Player) Conn(name string) transport.Conn { return p.conns[name].conn }

func (p *Player) close() {
	for _, w := range p.conns {
		w.close()
	}
}
