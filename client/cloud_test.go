package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/transport"
)

// cloud is gateways that keep time: each has a name, and those of one store know
// each other's sessions. It is a Dialer.
type cloud struct {
	t     *testing.T
	begin time.Time

	mu      sync.Mutex
	servers map[string]*server
	dials   []string // what was dialed when, e.g. "a@2s"
	ids     uint64
}

// store is what the servers of a cluster share.
type store map[uint64]*vsession

type vsession struct {
	last    time.Time // of activity
	conn    transport.Conn
	lost    bool // its connection has ended
	handles map[uint64]string
}

// server is one gateway. The tests change its fields under cloud.mu.
type server struct {
	cloud    *cloud
	name     string
	sessions store
	conns    []transport.Conn
	log      []string // requests but keepalives and infos, e.g. "claim"
	beats    []time.Duration
	all      int

	down         error         // of a dial
	mute         bool          // takes everything and says nothing
	deaf         string        // takes such a request and says nothing
	cutAt        string        // cut once, when this request comes
	claims, most int           // claims it took, and takes; zero: any number
	slow         time.Duration // to answer
	far          time.Duration // how long an answer is on its way
	refuse       map[string]int
	token        string // empty: any
	timeout      time.Duration
	reclaim      time.Duration
	lose         map[int]bool // keepalives, counted from 1, without an ack
	polled       bool
	wrap         func(transport.Conn) transport.Conn // what the client gets
}

func newCloud(t *testing.T) *cloud {
	return &cloud{t: t, begin: time.Now(), servers: make(map[string]*server)}
}

// add makes a server. of is one it shares the sessions with; nil: none.
func (c *cloud) add(name string, of *server) *server {
	s := &server{
		cloud: c, name: name, sessions: make(store), refuse: make(map[string]int), lose: make(map[int]bool),
		timeout: time.Minute,
	}
	if of != nil {
		s.sessions = of.sessions
	}
	c.servers[name] = s
	return s
}

// client dials the first of the servers.
func (c *cloud) client(opts *Options, names ...string) *Client {
	c.t.Helper()
	o := Options{}
	if opts != nil {
		o = *opts
	}
	o.Transports = transport.Registry{"v": c, "ws": c}
	for _, name := range names[1:] {
		o.Servers = append(o.Servers, "v://"+name)
	}
	cl, err := Dial(c.t.Context(), "v://"+names[0], &o)
	require.NoError(c.t, err)
	c.t.Cleanup(func() {
		require.NoError(c.t, cl.Close())
		require.Zero(c.t, cl.calls.pending(), "requests left in the table")
		require.Zero(c.t, cl.waiting.Load(), "requests left at a gate")
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, s := range c.servers {
			s.drop()
		}
	})
	return cl
}

func (c *cloud) Dial(_ context.Context, url string, _ transport.API) (transport.Conn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	name := strings.TrimPrefix(url, "v://")
	c.dials = append(c.dials, fmt.Sprint(name, "@", time.Since(c.begin)))
	s := c.servers[name]
	if s.down != nil {
		return nil, s.down
	}
	near, far := transport.Pipe()
	s.conns = append(s.conns, far)
	// It is the gateway's end of one connection, and ends with it.
	go s.serve(far)
	if s.wrap != nil {
		near = s.wrap(near)
	}
	if s.polled {
		return &pollConn{Conn: near}, nil
	}
	return near, nil
}

// do runs f with everything standing still.
func (s *server) do(f func()) {
	s.cloud.mu.Lock()
	defer s.cloud.mu.Unlock()
	f()
}

// drop ends the connections. cloud.mu is held.
func (s *server) drop() {
	for _, conn := range s.conns {
		_ = conn.Close()
	}
	s.conns = nil
}

func (s *server) cut() { s.do(s.drop) }

// restart loses all sessions and connections.
func (s *server) restart() {
	s.do(func() {
		clear(s.sessions)
		s.drop()
	})
}

// requests returns the log and begins a new one.
func (s *server) requests() []string {
	s.cloud.mu.Lock()
	defer s.cloud.mu.Unlock()
	log := s.log
	s.log = nil
	return log
}

func (s *server) serve(conn transport.Conn) {
	for {
		data, err := conn.Read(context.Background())
		if err != nil {
			s.do(func() {
				for id, v := range s.sessions {
					if v.conn != conn {
						continue
					}
					if v.lost = true; s.reclaim == 0 {
						delete(s.sessions, id)
					}
				}
			})
			return
		}
		var m sent
		if json.Unmarshal(data, &m) != nil {
			continue
		}
		if s.slow > 0 {
			later(s.slow)
		}
		for _, answer := range s.answer(conn, &m) {
			tell := func() { _ = conn.Write(context.Background(), transport.Message{Data: []byte(answer)}) }
			if s.far > 0 {
				time.AfterFunc(s.far, tell)
			} else {
				tell()
			}
		}
	}
}

// alive returns a session unless its time has run out.
func (s *server) alive(id uint64) *vsession {
	v := s.sessions[id]
	if v == nil {
		return nil
	}
	if idle := time.Since(v.last); idle > s.timeout || v.lost && idle >= s.reclaim {
		delete(s.sessions, id)
		return nil
	}
	return v
}

func (s *server) answer(conn transport.Conn, m *sent) []string {
	s.cloud.mu.Lock()
	defer s.cloud.mu.Unlock()
	if s.cutAt == m.Janus {
		s.cutAt = ""
		s.drop()
		return nil
	}
	if s.mute || s.deaf == m.Janus {
		return nil
	}
	s.all++
	var body struct{ Request string }
	if m.Janus != "keepalive" && m.Janus != "info" {
		_ = json.Unmarshal(m.Body, &body)
		s.log = append(s.log, strings.TrimSuffix(m.Janus+" "+body.Request, " "))
	}
	fail := func(code int) []string {
		return []string{fmt.Sprintf(`{"janus":"error","session_id":%d,"transaction":%q,"error":{"code":%d,"reason":"no"}}`, m.Session, m.Transaction, code)}
	}
	success := func(id uint64) []string {
		return []string{fmt.Sprintf(`{"janus":"success","session_id":%d,"transaction":%q,"data":{"id":%d}}`, m.Session, m.Transaction, id)}
	}
	public := m.Janus == "info" || m.Janus == "ping"
	if !public && s.token != "" && m.Token != s.token {
		return fail(403)
	}
	if code := s.refuse[m.Janus]; code != 0 {
		return fail(code)
	}
	v := s.alive(m.Session)
	if v == nil && m.Session != 0 {
		return fail(458)
	}
	if v != nil {
		v.last = time.Now()
	}
	switch m.Janus {
	case "info":
		return []string{fmt.Sprintf(`{"janus":"server_info","transaction":%q,"name":%q,"session-timeout":%d,"reclaim-session-timeout":%d}`,
			m.Transaction, s.name, int(s.timeout.Seconds()), int(s.reclaim.Seconds()))}
	case "ping":
		return []string{fmt.Sprintf(`{"janus":"pong","transaction":%q}`, m.Transaction)}
	case "create":
		s.cloud.ids++
		s.sessions[s.cloud.ids] = &vsession{last: time.Now(), conn: conn, handles: make(map[uint64]string)}
		return success(s.cloud.ids)
	case "claim":
		if s.claims++; s.most > 0 && s.claims > s.most {
			return fail(490)
		}
		v.conn, v.lost = conn, false
		return success(m.Session)
	case "attach":
		s.cloud.ids++
		v.handles[s.cloud.ids] = m.Plugin
		return success(s.cloud.ids)
	case "destroy":
		delete(s.sessions, m.Session)
		return success(m.Session)
	case "keepalive":
		s.beats = append(s.beats, time.Since(s.cloud.begin))
		if s.lose[len(s.beats)] {
			return nil
		}
	case "message":
		if v.handles[m.Handle] == "" {
			return fail(459)
		}
		return []string{fmt.Sprintf(`{"janus":"event","session_id":%d,"transaction":%q,"sender":%d,"plugindata":{"plugin":"p","data":{"of":%q}}}`,
			m.Session, m.Transaction, m.Handle, s.name)}
	}
	return []string{fmt.Sprintf(`{"janus":"ack","session_id":%d,"transaction":%q}`, m.Session, m.Transaction)}
}

// provider gives one token after the other, and the last for ever; none is an error.
func provider(asked *int, tokens ...string) CredentialsFunc {
	return func(context.Context) (Credentials, error) {
		*asked++
		token := tokens[min(*asked, len(tokens))-1]
		if token == "" {
			return Credentials{}, errDown
		}
		return Credentials{Token: token}, nil
	}
}

// caller is a session with a handle that can be restored.
type caller struct {
	*Handle
	t        *testing.T
	restored atomic.Int64
}

func (c *cloud) caller(cl *Client) *caller {
	c.t.Helper()
	s, err := cl.NewSession(c.t.Context())
	require.NoError(c.t, err)
	k := &caller{t: c.t}
	k.Handle, err = s.Attach(c.t.Context(), "p", &AttachOptions{Restore: func(ctx context.Context, h *Handle) error {
		_, err := h.Request(ctx, map[string]string{"request": "join"}, nil)
		if err == nil {
			k.restored.Add(1)
		}
		return err
	}})
	require.NoError(c.t, err)
	return k
}

// works sends a request and returns who answered.
func (k *caller) works() string {
	k.t.Helper()
	resp, err := k.Request(k.t.Context(), map[string]string{"request": "x"}, nil)
	require.NoError(k.t, err)
	var of struct{ Of string }
	require.NoError(k.t, json.Unmarshal(resp.Data, &of))
	return of.Of
}

// reach waits for the next state of phase p.
func reach(t *testing.T, c *Client, after State, p Phase) State {
	t.Helper()
	for {
		var err error
		after, err = c.NextState(t.Context(), after)
		require.NoError(t, err)
		if after.Phase == p {
			return after
		}
	}
}

var errDown = errors.New("nobody there")
