package media

import (
	"errors"
	"slices"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// hooks is what an engine tells its Peer. It calls them from anywhere; none
// blocks.
type hooks interface {
	candidateFound(c *client.Candidate) // nil: no more
	stateSeen(s State)
	trackAdded(t *Track)
	trackMuted(t *Track, on bool)
	trackEnded(t *Track)
	playBlocked(t *Track, s *ElementSink, err error)
	dataOpened(c *channel)
	dataLost(c *channel) // and the connection lives on, which is of no use
	networkChanged()
	outlook() (kept, up bool) // whether there may be another connection after this one, and whether this one is up
}

var _ hooks = (*Peer)(nil)

// stateSeen takes what the engine sees, which may come late, twice, or after the
// end. Without a local candidate nothing can connect, and the engine would try
// for half a minute.
func (p *Peer) stateSeen(s State) {
	if s == StateFailed || s == StateConnecting && p.outbox.nothing() {
		p.setState(StateFailed, p.failed())
		return
	}
	p.setState(s, nil)
}

// setState posts a change.
func (p *Peer) setState(s State, err error) {
	p.posting.Lock()
	defer p.posting.Unlock()
	if p.state == s || p.state == StateClosed {
		return
	}
	p.state = s
	p.mu.Lock()
	p.mending.state = s
	p.feel()
	p.mu.Unlock()
	ev := &StateChanged{State: s, Err: err}
	ev.Kind = "media.state"
	p.link.Post(ev)
}

// failed is the cause that goes with StateFailed.
func (p *Peer) failed() error {
	if err := p.outbox.failure(); err != nil {
		return fmt.Errorf("media: no connection; candidates could not be sent: %w", err)
	}
	if p.outbox.nothing() {
		if p.opts.RelayOnly {
			return errors.New("media: no connection; no TURN server gave an address: check their URLs, Username and Credential")
		}
		return errors.New("media: no connection; this machine has no address to offer: check its network")
	}
	return errors.New("media: no connection; check that UDP reaches the gateway, or give a TURN server in ICEServers")
}

func (p *Peer) trackAdded(t *Track) {
	p.mu.Lock()
	p.tracks = append(p.tracks, t)
	p.mu.Unlock()
	ev := &TrackAdded{Track: t}
	ev.Kind = "media.track"
	p.link.Post(ev)
}

func (p *Peer) trackMuted(t *Track, on bool) {
	ev := &TrackMuted{Track: t, Muted: on}
	ev.Kind = "media.muted"
	p.link.Post(ev)
}

func (p *Peer) trackEnded(t *Track) {
	p.mu.Lock()
	p.tracks = slices.DeleteFunc(p.tracks, func(x *Track) bool { return x == t })
	p.mu.Unlock()
	ev := &TrackEnded{Track: t}
	ev.Kind = "media.ended"
	p.link.Post(ev)
}

func (p *Peer) playBlocked(t *Track, s *ElementSink, err error) {
	ev := &PlayBlocked{Track: t, Sink: s, Err: err}
	ev.Kind = "media.blocked"
	p.link.Post(ev)
}

func (p *Peer) dataOpened(c *channel) {
	ev := &DataOpened{Channel: &DataChannel{impl: c}}
	ev.Kind = "media.data"
	p.link.Post(ev)
}

func (p *Peer) dataLost(c *channel) {
	p.lose(fmt.Errorf("%w: the other side closed the data channel %q", ErrClosed, c.label()), true)
}
