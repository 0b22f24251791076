package media

import (
	"context"
	"slices"
	"sync"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// Peer is the peer connection of one handle. It trickles both ways by itself,
// reports on the handle's own stream, and closes when the gateway says that it
// hung up or that the handle is gone. A plugin package that it was given to keeps it
// through failures of the network and the end of the session: senders, tracks,
// sinks and data channels then go on with another connection, and [Options] can
// forbid that. Its methods may be called concurrently; Offer, Answer, Accept and
// Renew take turns.
type Peer struct {
	link    Link
	opts    Options
	tune    any
	inbox   inbox
	outbox  outbox
	turn    chan struct{} // holds a token while a negotiation step runs
	endLife context.CancelFunc

	shape sync.Mutex // held while the connection gets another line, or is replaced; taken before mu

	mu      sync.Mutex // protects what follows
	eng     *engine
	lines   []*Sender // what the connection was told to have; one without impl only receives
	mending mending
	offered string // the offer that waits for its answer
	began   bool   // a local description was made
	closing bool
	cause   error // why closing
	senders []*Sender
	tracks  []*Track

	posting sync.Mutex // orders the posts of states
	state   State

	unobserve func()
	begin     chan struct{} // closed by shut
	closed    chan struct{} // closed when everything is gone
}

// NewPeer returns a peer connection for a handle. The caller closes it, or the
// gateway's hangup does. An option that cannot work gives an *[OptionError]. What
// this target has not, such as any peer connection in Node or in a Worker of a
// browser, gives an error that matches errors.ErrUnsupported.
func NewPeer(l Link, opts *Options) (*Peer, error) { return newPeer(l, opts, nil) }

// newPeer is NewPeer with something only the engine and its tests know.
func newPeer(l Link, opts *Options, tune any) (*Peer, error) {
	o, err := opts.validated()
	if err != nil {
		return nil, err
	}
	if l == nil {
		return nil, &OptionError{"Link", "give the handle to negotiate for"}
	}
	p := &Peer{
		link:   l,
		opts:   o,
		tune:   tune,
		turn:   make(chan struct{}, 1),
		state:  StateNew,
		begin:  make(chan struct{}),
		closed: make(chan struct{}),
	}
	p.inbox.init()
	p.outbox.init()
	p.mending.changed = make(chan struct{})
	if p.eng, err = newEngine(o, p, tune); err != nil {
		return nil, fmt.Errorf("media: new peer: %w", err)
	}
	life, cancel := context.WithCancel(context.Background())
	p.endLife = cancel
	p.unobserve = l.Observe(p.observe)

	trickled := make(chan struct{})
	// Owns the sending of local candidates, one request at a time so that they
	// keep their order; ends with endLife; run waits for it.
	go func() { defer close(trickled); p.trickle(life) }()
	// Owns everything the gateway makes happen to the peer, and its end; ends
	// after shut; Close waits for it.
	go p.run(trickled)
	return p, nil
}

// Add sends src. It takes effect with the next offer or answer. A codec this
// target cannot send gives a *[CodecError], an option that makes no sense an
// *[OptionError].
func (p *Peer) Add(src Source, opts *SendOptions) (*Sender, error) {
	if err := p.open("add"); err != nil {
		return nil, err
	}
	var o SendOptions
	if opts != nil {
		o = *opts
		o.Codecs = slices.Clone(o.Codecs)
	}
	if src == nil {
		return nil, fmt.Errorf("media: add: %w: no source", ErrState)
	}
	if err := o.check(src.Kind()); err != nil {
		return nil, err
	}
	p.shape.Lock()
	defer p.shape.Unlock()
	impl, err := p.engine().add(src.source(), o)
	if err != nil {
		return nil, err
	}
	s := &Sender{impl: impl, peer: p, opts: o}
	p.mu.Lock()
	p.senders = append(p.senders, s)
	p.lines = append(p.lines, s)
	p.mu.Unlock()
	return s, nil
}

// Observe shows the core events of the peer's handle to f, as [Link] says.
func (p *Peer) Observe(f func(ev client.Event) bool) (stop func()) { return p.link.Observe(f) }

// Senders returns what Add added and nobody removed.
func (p *Peer) Senders() []*Sender {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.senders)
}

// Sender returns the sender of an m-line; nil when there is none.
func (p *Peer) Sender(mid string) *Sender {
	for _, s := range p.Senders() {
		if m := s.MID(); m != "" && m == mid {
			return s
		}
	}
	return nil
}

func (p *Peer) dropSender(s *Sender) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.senders = slices.DeleteFunc(p.senders, func(x *Sender) bool { return x == s })
	p.lines = slices.DeleteFunc(p.lines, func(x *Sender) bool { return x == s })
}

// engine returns the connection there is now.
func (p *Peer) engine() *engine {
	p.mu.Lock()
	e := p.eng
	p.mu.Unlock()
	return e
}

// Tracks returns the remote tracks there are: between [TrackAdded] and
// [TrackEnded].
func (p *Peer) Tracks() []*Track {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.tracks)
}

// Receive adds an m-line that only receives, for the next offer. Tracks the
// other side offers need none.
func (p *Peer) Receive(kind Kind) error {
	if err := p.open("receive"); err != nil {
		return err
	}
	p.shape.Lock()
	defer p.shape.Unlock()
	err := p.engine().receive(kind)
	if err == nil {
		p.mu.Lock()
		p.lines = append(p.lines, &Sender{kind: kind})
		p.mu.Unlock()
	}
	return err
}

// OpenData opens a data channel. It returns at once; Send waits until the
// channel is open. The first channel of a peer must be opened before the offer
// that is to carry it. When the peer gets another connection the channel is opened
// on that one, too: what was sent and had not arrived is lost, and Send waits.
func (p *Peer) OpenData(_ context.Context, label string, opts *DataOptions) (*DataChannel, error) {
	if err := p.open("open data"); err != nil {
		return nil, err
	}
	var o DataOptions
	if opts != nil {
		o = *opts
	}
	if err := checkData(o); err != nil {
		return nil, err
	}
	p.shape.Lock()
	defer p.shape.Unlock()
	e := p.engine()
	pipe, err := e.openData(label, o)
	if err != nil {
		return nil, err
	}
	return &DataChannel{impl: e.newChannel(pipe, &opening{label, o})}, nil
}

// State returns the state of the connection.
func (p *Peer) State() State {
	p.posting.Lock()
	defer p.posting.Unlock()
	return p.state
}

// Stats returns a snapshot of the counters. After Close the error matches
// [ErrClosed].
func (p *Peer) Stats(ctx context.Context) (*Stats, error) {
	if err := p.open("stats"); err != nil {
		return nil, err
	}
	s, err := p.engine().stats(ctx)
	if err != nil {
		return nil, err
	}
	s.State = p.State()
	return s, nil
}

// Underlying returns the *webrtc.PeerConnection of pion natively and the
// RTCPeerConnection as a js.Value in a browser. Use it for what this package
// lacks; do not close it. Renew makes another.
func (p *Peer) Underlying() any { return p.engine().underlying() }

// Done is closed when the peer has closed; Err then says why.
func (p *Peer) Done() <-chan struct{} { return p.closed }

// Err returns why the peer closed: nil before that and after Close, else an
// error that matches [ErrClosed] and names the cause, such as the reason of the
// gateway's hangup.
func (p *Peer) Err() error {
	select {
	case <-p.closed:
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.cause
	default:
		return nil
	}
}

// Close ends the connection and returns when its goroutines are gone. It does
// not tell the gateway, which notices by itself; Handle.Hangup does.
func (p *Peer) Close() error {
	p.shut(nil)
	<-p.closed
	return nil
}

// open returns an error once the peer is closing.
func (p *Peer) open(op string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closing {
		return nil
	}
	return p.closedError(op)
}

// closedError needs p.mu.
func (p *Peer) closedError(op string) error {
	if p.cause != nil {
		return fmt.Errorf("media: %s: %w", op, p.cause)
	}
	return fmt.Errorf("media: %s: %w", op, errPeerClosed)
}

var errPeerClosed = fmt.Errorf("peer: %w", ErrClosed)

// shut makes run end the peer. The first cause counts; it must match ErrClosed.
func (p *Peer) shut(cause error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closing {
		return
	}
	p.closing, p.cause = true, cause
	p.feel()
	close(p.begin)
}

// end tears everything down. It runs on the goroutine of run.
func (p *Peer) end(trickled <-chan struct{}) {
	p.unobserve()
	p.endLife()
	p.turn <- struct{}{} // an engine that is closed while it negotiates leaks
	p.engine().close()
	<-trickled
	p.mu.Lock()
	cause := p.cause
	p.mu.Unlock()
	p.setState(StateClosed, cause)
	close(p.closed)
}
