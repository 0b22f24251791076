package janustest

import (
	"context"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

// Server is a gateway. Close it when done; [New] does that by itself.
type Server struct {
	opts   Options         // Tokens is guarded by mu
	ctx    context.Context //nolint:containedctx // the life of the goroutines; Close ends it
	cancel context.CancelFunc
	wake   chan struct{}  // tells the reaper that a deadline came nearer
	wg     sync.WaitGroup // every goroutine of the server
	step   *lockstep

	mu            sync.Mutex // guards everything below, and what it leads to
	closed        bool
	plugins       map[string]Plugin
	conns         map[*conn]struct{}
	sessions      map[uint64]*session
	tick          time.Time // the next look of the watchdog
	accepted      int       // connections so far
	sockets       []func()  // stop listening
	requests      []Request
	recordedBytes int
	observe       func(Request)
	faults        faults
}

// T is what [New] needs of a *testing.T.
type T interface {
	// Helper marks a function of which failures are not to speak.
	Helper()
	// Cleanup calls a function when the test is over.
	Cleanup(func())
}

// New starts a gateway that closes when the test and its subtests are done. Of
// opts there is one at most; none, like nil, means the defaults.
func New(t T, opts ...*Options) *Server {
	t.Helper()
	s := NewServer(append(opts, nil)[0])
	t.Cleanup(s.Close)
	return s
}

// NewServer starts a gateway with the echotest plugin and no other. The caller
// closes it.
func NewServer(opts *Options) *Server {
	s := &Server{
		opts:     opts.withDefaults(),
		wake:     make(chan struct{}, 1),
		step:     newLockstep(),
		plugins:  make(map[string]Plugin),
		conns:    make(map[*conn]struct{}),
		sessions: make(map[uint64]*session),
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.plugins[echoTest] = newEcho(s.opts.Version)
	// The reaper ends sessions whose time is over. It ends with s.ctx; Close
	// waits for it.
	s.wg.Go(func() { s.reap(s.ctx) })
	return s
}

// Close loses every connection, ends every session without a word to anybody,
// and returns once the goroutines of the server are gone, which takes as long
// as a plugin needs to notice that its context ended. It is idempotent.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	sockets := s.sockets
	s.sockets = nil
	s.mu.Unlock()
	for _, stop := range sockets {
		stop()
	}
	s.Thaw()
	s.Drop()
	s.mu.Lock()
	handles := s.remove(s.live()...)
	s.mu.Unlock()
	s.detached(handles)
	s.cancel()
	s.wg.Wait()
}

// Handle installs p under the package name of a plugin, such as
// "janus.plugin.videoroom", in the place of the one that was there. Handles
// attached before keep theirs. A nil p removes the plugin.
func (s *Server) Handle(plugin string, p Plugin) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p == nil {
		delete(s.plugins, plugin)
		return
	}
	s.plugins[plugin] = p
}

// Client dials s and returns what [client.Dial] does. Of opts only Transports
// is changed, by the scheme of [URL]; credentials are the test's business. The
// caller closes the Client, best before the Server.
func (s *Server) Client(ctx context.Context, opts *client.Options) (*client.Client, error) {
	return dialAt(ctx, s.Dialer(), opts)
}

// AddToken allows a stored token for plugins, for all of them when none is
// named. It takes effect at once.
func (s *Server) AddToken(token string, plugins ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opts.Tokens == nil {
		s.opts.Tokens = make(map[string][]string)
	}
	s.opts.Tokens[token] = append([]string(nil), plugins...)
}

// RemoveToken takes a stored token away, which every session that uses it
// notices with its next request.
func (s *Server) RemoveToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.opts.Tokens, token)
}

// reap ends sessions when their time is over, until ctx ends.
func (s *Server) reap(ctx context.Context) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		next, ok := s.expire(time.Now())
		if ok {
			timer.Reset(time.Until(next))
		} else {
			timer.Stop()
		}
		select {
		case <-timer.C:
		case <-s.wake:
		case <-ctx.Done():
			return
		}
	}
}

// poke makes the reaper look at the deadlines again.
func (s *Server) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
