package janustest_test

import (
	"bytes"
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/transport"
)

// dialFunc opens a connection to the gateway under test.
type dialFunc func(ctx context.Context) (transport.Conn, error)

// player runs scripts.
type player struct {
	t     *testing.T
	dial  dialFunc
	conns map[string]*wire
	vars  map[string]string   // JSON text by name
	maybe map[string][]string // ? lines by connection
}

// wire is one connection and what arrived on it.
type wire struct {
	conn transport.Conn
	in   chan []byte
}

func newPlayer(t *testing.T, dial dialFunc) *player {
	p := &player{t: t, dial: dial, conns: map[string]*wire{}, vars: constants(t), maybe: map[string][]string{}}
	t.Cleanup(p.close)
	return p
}

// play returns a player that has run script on gw.
func play(t *testing.T, gw *janustest.Server, script string) *player {
	t.Helper()
	p := newPlayer(t, func(ctx context.Context) (transport.Conn, error) {
		return gw.Dialer().Dial(ctx, janustest.URL, transport.Janus)
	})
	p.run(script)
	return p
}

// id returns the id that a script named.
func (p *player) id(name string) uint64 {
	p.t.Helper()
	n, err := strconv.ParseUint(p.vars[name], 10, 64)
	require.NoError(p.t, err)
	return n
}

// run plays the lines of script.
func (p *player) run(script string) {
	p.t.Helper()
	var want []expectation
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		require.Greater(p.t, len(line), 1, "%q", line)
		name, kind, rest := line[:1], line[1], strings.TrimSpace(line[2:])
		switch kind {
		case '<':
			want = append(want, expectation{on: name, text: rest})
			continue
		case '?':
			p.maybe[name] = append(p.maybe[name], rest)
			continue
		}
		p.expect(want)
		want = nil
		switch {
		case kind == '>':
			p.send(name, p.fill(rest))
		case kind == '!':
			require.NoError(p.t, p.conns[name].conn.Close())
		case strings.HasPrefix(line, "wait "):
			d, err := time.ParseDuration(strings.TrimPrefix(line, "wait "))
			require.NoError(p.t, err)
			<-time.After(d)
		default:
			p.t.Fatalf("bad line %q", line)
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
func (p *player) expect(want []expectation) {
	p.t.Helper()
	byConn := map[string][]expectation{}
	for _, e := range want {
		e.pattern = p.parse(e.text) // now, because the names are known now
		byConn[e.on] = append(byConn[e.on], e)
	}
	for name, list := range byConn {
		for len(list) > 0 {
			got := p.receive(name, list[0].text)
			i := 0
			for i < len(list) && p.match(list[i].pattern, got) != "" {
				i++
			}
			switch {
			case i < len(list):
				p.match(list[i].pattern, got) // once more: it was the only one to bind names
				list = append(list[:i:i], list[i+1:]...)
			case !p.allowed(name, got):
				require.Failf(p.t, "unexpected message", "%s received %s\nwanted %s\nbecause %s",
					name, text(got), list[0].text, p.match(list[0].pattern, got))
			}
		}
	}
}

// fence checks that nothing more than the ? lines arrived.
func (p *player) fence() {
	p.t.Helper()
	for name, w := range p.conns {
		ctx := p.t.Context()
		if w.conn.Write(ctx, transport.Message{Data: []byte(`{"janus":"ping","transaction":"fence"}`)}) != nil {
			continue // closed by the script
		}
		for {
			got := p.receive(name, "the answer to the last ping")
			if p.match(map[string]any{"janus": "pong", "transaction": "fence"}, got) == "" {
				break
			}
			require.True(p.t, p.allowed(name, got), "%s received one message too many: %s", name, text(got))
		}
	}
}

func (p *player) allowed(name string, got any) bool {
	for _, m := range p.maybe[name] {
		if p.match(p.parse(m), got) == "" {
			return true
		}
	}
	return false
}

func (p *player) send(name, data string) {
	p.t.Helper()
	w := p.conns[name]
	if w == nil {
		conn, err := p.dial(p.t.Context())
		require.NoError(p.t, err)
		w = &wire{conn, make(chan []byte, 256)}
		p.conns[name] = w
		// The reader owns the receiving half. It ends when close closes the
		// connection, and close waits for it by draining in.
		go func() {
			defer close(w.in)
			for {
				b, err := conn.Read(context.Background())
				if err != nil {
					return
				}
				w.in <- bytes.Clone(b)
			}
		}()
	}
	require.NoError(p.t, w.conn.Write(p.t.Context(), transport.Message{Data: []byte(data)}))
}

func (p *player) receive(name, wanted string) any {
	p.t.Helper()
	require.Contains(p.t, p.conns, name, "nothing was sent on this connection")
	select {
	case b, ok := <-p.conns[name].in:
		require.True(p.t, ok, "%s is closed; wanted %s", name, wanted)
		return decode(p.t, b)
	case <-time.After(20 * time.Second):
		require.Failf(p.t, "nothing arrived", "%s waits for %s", name, wanted)
		return nil
	}
}

func (p *player) close() {
	for _, w := range p.conns {
		_ = w.conn.Close()
		for range w.in {
		}
	}
}
