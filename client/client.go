package client

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/jsonscan"
	"github.com/bifrons-rtc/bifrons/transport"
)

// Client is the connection to a gateway, one after another if they are lost. Its
// methods may be called concurrently.
//
// What holds a secret is behind a pointer, here and in Handle: whoever prints a
// Client does not print that.
type Client struct {
	opts  Options
	auth  *auth
	calls calls
	link  atomic.Pointer[link]
	caps  atomic.Pointer[capabilities]
	dial  func(ctx context.Context, url string) (transport.Conn, error) // nil: there is no way back
	away  atomic.Pointer[chan struct{}]                                 // closed when there is a connection again
	hurry chan struct{}                                                 // the next try is due
	start time.Time                                                     // sessions keep their times as durations since then

	states  states
	waiting atomic.Int64  // requests that wait at a gate
	turn    chan struct{} // holds a token while one connection replaces another
	servers *servers      // belongs to who has the turn

	ctx    context.Context //nolint:containedctx // the lifetime of the goroutines
	cancel context.CancelFunc
	wg     sync.WaitGroup
	kick   chan struct{} // a session came: the keepalive has something to do
	alone  *Session      // without id or life: what the keepalive looks after where there is no other
	keeper sync.Once

	attached atomic.Uint64 // handles so far

	polling sync.Mutex // held while polls begin, end and get credentials, so that the last word is the last

	mu        sync.Mutex
	sessions  map[uint64]*Session      // by the gateway's id
	denied    map[uint64]*GatewayError // sessions whose polls were refused for their credentials
	deniedGen int                      // the latest generation of those
	rebuilds  int                      // that go on, but for those of a new connection
	rebuilt   chan struct{}            // closed when they are done
	closing   bool                     // Close was called
	err       error                    // why the client ended
	done      chan struct{}
}

// DefaultTransports returns the schemes this target can dial out of the box:
// ws, wss, http and https, and natively unix. It is a new map on every call, to
// be changed at will.
func DefaultTransports() transport.Registry { return defaultTransports() }

// Dial connects to the gateway at url, e.g. "ws://127.0.0.1:8188/" or
// "http://127.0.0.1:8088/janus", or to the first of [Options.Servers] that
// answers. ctx bounds the dial only. The errors are those of the transport
// ([transport.SchemeError], [transport.URLError], [transport.DialError]), joined
// where there were several servers, [InsecureError], and those of
// [Options.Credentials].
func Dial(ctx context.Context, url string, opts *Options) (*Client, error) {
	c := newClient(opts)
	c.servers.list(append([]string{url}, c.opts.Servers...))
	if err := c.checkSecure(c.opts.Credentials != nil); err != nil {
		return nil, err
	}
	if c.auth.get != nil {
		if _, err := c.auth.wait(ctx); err != nil {
			return nil, fmt.Errorf("dial: credentials: %w", err)
		}
	}
	c.dial = func(ctx context.Context, url string) (transport.Conn, error) {
		return c.opts.Transports.Dial(ctx, url, transport.Janus)
	}
	conn, err := c.connect(ctx)
	if err != nil {
		c.enter(State{Phase: Closed, Cause: err})
		return nil, err
	}
	c.run(conn, c.servers.url()) //nolint:contextcheck // the read loop outlives the dial
	return c, nil
}

// New wraps a connection that is already open. The Client takes ownership of
// conn.
func New(conn transport.Conn, opts *Options) *Client {
	c := newClient(opts)
	c.run(conn, "")
	return c
}

func newClient(opts *Options) *Client {
	c := &Client{
		opts:     opts.withDefaults(),
		servers:  new(servers),
		start:    time.Now(),
		kick:     make(chan struct{}, 1),
		hurry:    make(chan struct{}, 1),
		turn:     make(chan struct{}, 1),
		sessions: make(map[uint64]*Session),
		denied:   make(map[uint64]*GatewayError),
		done:     make(chan struct{}),
	}
	c.caps.Store(newCapabilities())
	c.alone = newSession(c)
	c.auth = newAuth(c.opts.Credentials)
	c.calls.init()
	return c
}

// spawn runs f on a goroutine that Close waits for, unless the client has ended. f
// ends with it at the latest.
func (c *Client) spawn(f func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return false // Close may be waiting already
	}
	c.wg.Go(f)
	return true
}

func (c *Client) run(conn transport.Conn, url string) {
	c.ctx, c.cancel = context.WithCancel(heals(context.Background()))
	l := newLink(conn, url)
	close(l.resumed) // there is nothing to resume
	c.link.Store(l)
	c.auth.told.Store(int64(c.auth.now.Load().gen)) // there are no polls yet
	c.open(l, new(tally))
	// The read loop owns Conn.Read, the routing and reconnection; it ends when Read
	// fails for good, and Close waits for it.
	c.wg.Go(func() { c.serve(l) })
	if l.poller == nil {
		c.startKeepAlive()
	}
	c.attend()
}

// Ping measures a round trip through the gateway's core. It needs no
// credentials.
func (c *Client) Ping(ctx context.Context) (time.Duration, error) {
	start := time.Now()
	a, err := c.do(ctx, &request{op: "ping", public: true, safe: true})
	if err != nil {
		return 0, err
	}
	if a.kind != kindPong {
		return 0, unexpected("ping", a)
	}
	return time.Since(start), nil
}

// NewSession creates a session. It lives until Destroy or the end of the client,
// unless the gateway gives it up and no handle is to be restored.
//
// When ctx ends before the answer, a session the gateway created all the same
// times out there.
func (c *Client) NewSession(ctx context.Context) (*Session, error) {
	s := newSession(c)
	if err := c.create(ctx, s, nil); err != nil {
		return nil, err
	}
	c.startKeepAlive()
	return s, nil
}

// create gives s a session at the gateway of l; nil is the present one.
func (c *Client) create(ctx context.Context, s *Session, l *link) error {
	bound := false
	a, err := c.do(ctx, &request{op: "create", link: l, bind: func(data []byte) {
		if id, ok := dataID(data); ok {
			c.adopt(s, id, l)
			bound = true
		}
	}})
	if err == nil && !bound {
		return unexpected("create", a)
	}
	return err
}

// ClaimSession takes over the session with the given id from the connection
// that had it, which may be gone: its events come here from now on. Handles the
// session has are taken over with [Session.Adopt]. When the gateway did not
// keep the session, the error matches [SessionNotFound].
func (c *Client) ClaimSession(ctx context.Context, id uint64) (*Session, error) {
	if id == 0 {
		return nil, &ArgumentError{Op: "claim", Reason: "0 is no session id"}
	}
	if err := c.pass(ctx, c.away.Load()); err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	s := newSession(c)
	s.claimed = true
	r := &request{op: "claim", session: id, safe: true, bind: func([]byte) { c.adopt(s, id, nil) }}
	l := c.link.Load()
	a, err := c.do(ctx, r)
	if err != nil {
		a, err = c.persist(ctx, l, r, err, func(ctx context.Context) (answer, error) {
			if err := c.pass(ctx, c.away.Load()); err != nil {
				return answer{}, fmt.Errorf("claim: %w", err)
			}
			return c.do(ctx, r)
		})
	}
	if err != nil {
		return nil, err
	}
	if a.kind != kindSuccess {
		return nil, unexpected("claim", a)
	}
	c.startKeepAlive()
	return s, nil
}

// adopt enters s into the routing table under id, which it has at the gateway of l;
// nil is the present one.
func (c *Client) adopt(s *Session, id uint64, l *link) {
	s.id.Store(id)
	s.touch()
	c.mu.Lock()
	ended := c.err
	if ended == nil {
		c.sessions[id] = s
	}
	c.mu.Unlock()
	if ended != nil {
		s.end(ended)
		return
	}
	if l == nil {
		l = c.link.Load()
	}
	c.poll(l, id)
}

// forget takes the session with the given id out of the routing table and
// reports whether it was there.
func (c *Client) forget(id uint64) bool {
	c.mu.Lock()
	_, there := c.sessions[id]
	delete(c.sessions, id)
	c.mu.Unlock()
	c.unpoll(id)
	return there
}

// session returns the session with the gateway's id, nil if there is none.
func (c *Client) session(id uint64) *Session {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sessions[id]
}

// list returns the sessions there are.
func (c *Client) list() []*Session {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]*Session, 0, len(c.sessions))
	for _, s := range c.sessions {
		list = append(list, s)
	}
	return list
}

// Close releases the connection, ends every event stream with [ErrClosed], and
// returns once the Client's goroutines have exited. Sessions that were not
// destroyed end at the gateway when it notices. Close is idempotent; it must
// not be called from a Trace hook or an Observe function.
func (c *Client) Close() error {
	c.mu.Lock()
	c.closing = true
	l := c.link.Load()
	c.mu.Unlock()
	c.cancel() // it may be dialing
	l.close(ErrClosed)
	c.wg.Wait()
	return nil
}

// Done is closed when the Client has ended, by Close or because the connection
// was lost.
func (c *Client) Done() <-chan struct{} { return c.done }

// Err says why the Client ended: it matches [ErrClosed] after Close, and holds
// the transport's error after a loss. It is nil until then.
func (c *Client) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// end runs on the read loop when the connection is gone for good; told says that
// the sessions know that it was lost.
func (c *Client) end(err error, told bool) {
	inFlight, later := err, err
	lost := !errors.Is(err, ErrClosed)
	if lost {
		err = &lossError{err, true}
		inFlight = fmt.Errorf("%w: %w", ErrOutcomeUnknown, err)
		later = fmt.Errorf("%w: %w", ErrInterrupted, err)
	}
	c.calls.fail(inFlight, later)
	c.mu.Lock()
	c.err = err
	sessions := c.sessions
	c.sessions = nil
	c.mu.Unlock()
	for _, s := range sessions {
		if lost && !told {
			s.interrupt(err)
		}
		s.end(err)
	}
	c.cancel()
	l := c.link.Load()
	c.enter(State{Phase: Closed, Cause: err, URL: transport.Redact(l.url)})
	l.cancel()
	_ = l.conn.Close()
	c.comeHome()
	close(c.done)
}

// lossError says that the connection was lost. When it was the last one it matches
// ErrClosed, because that is what everything on the client is then.
type lossError struct {
	cause error
	final bool
}

func (e *lossError) Error() string {
	if errors.Is(e.cause, Unauthorized) {
		return "janus: connection given up: " + e.cause.Error()
	}
	return "janus: connection lost: " + e.cause.Error()
}

func (e *lossError) Unwrap() []error {
	if e.final {
		return []error{ErrClosed, e.cause}
	}
	return []error{e.cause}
}

// use makes l the connection, unless Close was called.
func (c *Client) use(l *link) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return false
	}
	c.link.Store(l)
	return true
}

// unexpected is an answer of a kind the request never gets.
func unexpected(op string, a answer) error {
	return &ProtocolError{Op: op, Reason: "unexpected answer", Data: clip(a.data)}
}

// dataID returns data.id of the answer to create and attach.
func dataID(answer []byte) (uint64, bool) {
	id, ok := jsonscan.Uint(jsonscan.Get(jsonscan.Get(answer, "data"), "id"))
	return id, ok && id != 0
}
