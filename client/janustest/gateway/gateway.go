//go:build !js

package gateway

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/client/janustest"
)

// Gateway is a janustest.Server whose plugins have media. Close it when done;
// [New] does that by itself.
type Gateway struct {
	*janustest.Server

	opts Options
	work sync.WaitGroup // every goroutine of the gateway that is none of the Server's
}

// Options says how the gateway is configured. Nil and zero fields mean the
// default.
type Options struct {
	// Options is what the signalling is configured with. An empty ServerName is
	// "bifrons test gateway".
	janustest.Options

	// NoMediaTimer is how long nothing comes on an m-line until a media event
	// says so. Zero: 1 s, as Janus. Negative: never.
	NoMediaTimer time.Duration

	// SlowLinkThreshold is how many packets must be lost in a second for a
	// slowlink event. Zero: no such events, as Janus.
	SlowLinkThreshold int

	// StringIDs has rooms, and who is in the video room, named by strings in the
	// place of numbers, as string_ids of the plugins' configuration does.
	StringIDs bool

	// ICETimeout is how long a connection may take to come about, and how long
	// it may be without an answer, until it has failed. Zero: 12 s, as Janus.
	ICETimeout time.Duration
}

const (
	defaultName         = "bifrons test gateway"
	defaultNoMediaTimer = time.Second
	defaultICETimeout   = 12 * time.Second
)

func (o *Options) withDefaults() Options {
	var v Options
	if o != nil {
		v = *o
	}
	if v.ServerName == "" {
		v.ServerName = defaultName
	}
	if v.NoMediaTimer == 0 {
		v.NoMediaTimer = defaultNoMediaTimer
	}
	if v.ICETimeout == 0 {
		v.ICETimeout = defaultICETimeout
	}
	return v
}

// New starts a gateway that closes when the test and its subtests are done.
func New(t janustest.T, opts *Options) *Gateway {
	t.Helper()
	g := Start(opts)
	t.Cleanup(g.Close)
	return g
}

// Start starts a gateway. The caller closes it.
func Start(opts *Options) *Gateway {
	g := &Gateway{opts: opts.withDefaults()}
	g.Server = janustest.NewServer(&g.opts.Options)
	g.Handle(echoTest, newEcho(g))
	g.Handle(videoCall, newCalls(g))
	g.Handle(streaming, newStreams(g))
	g.Handle(videoRoom, newVideoRooms(g))
	g.Handle(textRoom, newTextRooms(g))
	return g
}

// Close is [janustest.Server.Close], and waits for the peer connections to be
// gone as well. It is idempotent.
func (g *Gateway) Close() {
	g.Server.Close()
	g.work.Wait()
}

// object is what plugins say; the order of its members is that of their names.
type object = map[string]any

// peers gives every handle of a plugin its peer, and to that the candidates and
// the hangups of the client. A plugin embeds it.
type peers struct {
	g *Gateway

	mu   sync.Mutex // guards list
	list map[*janustest.Attachment]*peer
}

var (
	_ janustest.Trickler      = (*peers)(nil)
	_ janustest.HangupHandler = (*peers)(nil)
)

func newPeers(g *Gateway) peers {
	return peers{g: g, list: make(map[*janustest.Attachment]*peer)}
}

// attach makes the peer of a new handle.
func (s *peers) attach(at *janustest.Attachment, h hooks) *peer {
	p := &peer{g: s.g, at: at, hooks: h}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list[at] = p
	return p
}

// of returns the peer of a handle; nil if that is gone.
func (s *peers) of(at *janustest.Attachment) *peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.list[at]
}

// detach ends the peer of a handle that is gone.
func (s *peers) detach(at *janustest.Attachment) {
	p := s.of(at)
	s.mu.Lock()
	delete(s.list, at)
	s.mu.Unlock()
	if p != nil {
		p.close()
	}
}

// Trickled implements janustest.Trickler.
func (s *peers) Trickled(at *janustest.Attachment, candidates []json.RawMessage) {
	if p := s.of(at); p != nil {
		p.trickled(candidates)
	}
}

// HungUp implements janustest.HangupHandler.
func (s *peers) HungUp(at *janustest.Attachment) {
	if p := s.of(at); p != nil {
		p.hungUp()
	}
}
