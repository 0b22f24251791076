package videoroom

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/evq"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// Why a [Room] ended, for errors.Is.
var (
	ErrLeft      = errors.New("videoroom: left the room")
	ErrKicked    = errors.New("videoroom: kicked from the room")
	ErrDestroyed = errors.New("videoroom: the room was destroyed")
)

// PeerFunc makes the peer of a handle: usually media.NewPeer, and for publishing
// the sources added to it. A [Room] calls it anew when it needs another peer, and
// closes the one before if that has a Close method. A *media.Peer outlives its
// connections, as every [client.Mender] does: it is replaced only where its
// connection could not be mended, or was hung up on purpose.
type PeerFunc func(h *client.Handle) (client.Negotiator, error)

// RoomOptions says how to be in a room.
type RoomOptions struct {
	Join JoinRequest
	// NewPeer makes the peers that receive. Nil: nothing can be received.
	NewPeer PeerFunc
	// Wanted is what to receive at first; see [Room.Want].
	Wanted Wanted
	// UseMSID has tracks named by feed and m-line; see [SubscribeRequest].
	UseMSID bool
	// EventBuffer is how many events are kept for the consumer. Zero: 1024.
	EventBuffer int
}

// Room is somebody's presence in a room: it knows who is there, publishes, and
// receives what is wanted over one connection. What was declared it keeps true,
// as feeds come and go, when a connection is lost, and when the gateway gave the
// session up and it was rebuilt.
//
// A Room uses two handles. The events of both come on its own stream, media's
// included. All methods may be called concurrently, but for Next and Events, and
// also while handling an event.
type Room struct {
	session *client.Session
	opts    *RoomOptions // nobody sees its secrets who prints a pointer
	pub     *Publisher
	queue   evq.Queue[client.Event]
	stop    context.CancelFunc
	poked   chan struct{} // holds a token when there may be something to do
	publish chan struct{} // holds a token while the publication is changed
	done    chan struct{} // closed when the goroutines have ended

	mu          sync.Mutex // guards the rest
	who         roster
	joined      uint64         // the handle's id when it joined, which who is about
	early       []client.Event // of a handle whose join is not answered yet
	wanted      Wanted
	relay       map[client.ID]Relay
	applied     map[string]relayed
	asks        map[string]*layerAsk // by mid of the subscription
	refused     map[client.ID]error
	epoch       int // of what feeds and wishes there are: an older refusal does not count
	paused      bool
	outside     bool      // a rebuild could not join again
	stale       bool      // the connection was away: what the gateway said is lost
	up          uint64    // the handle's id when what is published was up; 0: it is not
	turn        int       // how often somebody came, went or changed
	missed      time.Time // when those count as gone who did not come back
	sub         *Subscriber
	publication *publication
	asked       int   // how often there was something to do
	settled     int   // asked, when there last was nothing to do
	trouble     error // of the last try; nil after one that worked
	err         error // why the room ended
	news        chan struct{}
}

// Join enters a room. Whoever does not publish is the audience.
//
// Errors are those of [client.Session.Attach] and the plugin's, such as
// [ErrNoSuchRoom] and [ErrUnauthorized].
func Join(ctx context.Context, s *client.Session, opts RoomOptions) (*Room, error) {
	r := &Room{
		session: s, opts: &opts,
		poked: make(chan struct{}, 1), publish: make(chan struct{}, 1),
		done: make(chan struct{}), news: make(chan struct{}),
		wanted: opts.Wanted.clone(), relay: map[client.ID]Relay{},
		applied: map[string]relayed{}, asks: map[string]*layerAsk{}, refused: map[client.ID]error{},
	}
	size := opts.EventBuffer
	if size <= 0 {
		size = defaultBuffer
	}
	r.queue.Init(size, eventBytes)
	h, err := Attach(ctx, s, nil)
	if err != nil {
		return nil, fmt.Errorf("videoroom: join: %w", err)
	}
	pub, reply, err := h.Join(ctx, opts.Join)
	if err != nil {
		return nil, errors.Join(err, h.Detach(context.WithoutCancel(ctx)))
	}
	r.pub = pub
	r.who.haunted = pub.haunted
	r.entered(reply)
	var again restore = r.rejoin
	h.restore.Store(&again)
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	r.stop = stop
	r.poke()
	// Owns the room: reads the events of the publisher's handle, does what is to
	// be done, and tidies up; ends with life, and Leave waits for it.
	go r.run(life)
	return r, nil
}

// ID returns the id of the room.
func (r *Room) ID() client.ID { return r.pub.Room() }

// Self returns our id in the room.
func (r *Room) Self() client.ID { return r.pub.ID() }

// Feeds returns who publishes, without ourselves, in the order they appeared.
func (r *Room) Feeds() []Feed {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.who.list()
}

// Attendees returns those who are known not to publish, in no order. The gateway
// tells of all of them only in a room with notify_joining.
func (r *Room) Attendees() []Attendee {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.who.audience()
}

// Speakers returns the feeds that spoke, the one that began last first. The room
// must have audiolevel_event.
func (r *Room) Speakers() []client.ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.who.speakers)
}

// Streams returns the m-lines on which we receive, those without media included.
func (r *Room) Streams() []SubscriberStream {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sub == nil {
		return nil
	}
	return r.sub.Streams()
}

// Stream says what comes on the m-line with a mid, as in media.Track; nil when
// there is none. It is known before media's *TrackAdded comes.
func (r *Room) Stream(mid string) *SubscriberStream { return streamOf(r.Streams(), mid) }

// Kick removes somebody from the room, which needs RoomOptions.Join.Secret to be
// the room's.
func (r *Room) Kick(ctx context.Context, id client.ID) error {
	return r.pub.Kick(ctx, KickRequest{Room: r.ID(), Secret: r.opts.Join.Secret, ID: id})
}

// Moderate has the gateway relay nothing of an m-line of a feed, or relay it
// again. It needs the secret as Kick does.
func (r *Room) Moderate(ctx context.Context, feed client.ID, mid string, mute bool) error {
	return r.pub.Moderate(ctx, ModerateRequest{Room: r.ID(), Secret: r.opts.Join.Secret, ID: feed, MID: mid, Mute: mute})
}

// Next returns the next event. When the room has ended, and its events are read,
// the error matches [ErrLeft], [ErrKicked] or [ErrDestroyed], or says how the
// handle ended. Calls must not overlap.
func (r *Room) Next(ctx context.Context) (client.Event, error) { return nextOf(ctx, &r.queue) }

// Events ranges over Next until ctx ends or the stream does; the last pair
// carries the error. Leaving the loop early loses no events.
func (r *Room) Events(ctx context.Context) iter.Seq2[client.Event, error] { return eventsOf(ctx, r) }

// Leave leaves the room and waits until everything of it has ended, for which a
// gateway that says nothing is given some seconds. A room that has ended is no
// error.
func (r *Room) Leave(ctx context.Context) error {
	r.end(ErrLeft)
	select {
	case <-r.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("videoroom: leave: %w", ctx.Err())
	}
}

// Done is closed when the room has ended and its handles are gone; Err then says
// why.
func (r *Room) Done() <-chan struct{} { return r.done }

// Err says why the room ended; nil until then.
func (r *Room) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// end ends the room for the given reason.
func (r *Room) end(err error) {
	r.mu.Lock()
	if r.err == nil {
		r.err = err
	}
	r.changed()
	r.mu.Unlock()
	r.stop()
}

// changed wakes those who wait. r.mu is held.
func (r *Room) changed() {
	close(r.news)
	r.news = make(chan struct{})
}

// poke says that there may be something to do.
func (r *Room) poke() {
	r.mu.Lock()
	r.asked++
	r.mu.Unlock()
	select {
	case r.poked <- struct{}{}:
	default:
	}
}

var _ client.Nexter = (*Room)(nil)
