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

// ErrHungUp is matched when a subscription ended with its connection: the
// gateway forgets it then. Where the peer is a [client.Mender] it is made anew;
// else detach the handle, and subscribe on a new one.
var ErrHungUp = errors.New("videoroom: the subscription ended with its connection")

const (
	// offerWait is how long a change waits for the gateway's offer when its
	// context sets no limit.
	offerWait = 10 * time.Second
	// answerTimeout bounds an answer to an offer that nobody asked for, or whose
	// caller has gone.
	answerTimeout = 10 * time.Second
)

// Subscriber is a handle that receives feeds of a room over one connection. All
// methods may be called concurrently, but for Next and Events; changes wait for
// each other.
type Subscriber struct {
	*Handle
	peer    client.Negotiator
	deliver func(client.Event)
	queue   evq.Queue[client.Event]
	change  chan struct{} // holds a token while a change goes on
	stop    context.CancelFunc
	done    chan struct{}     // closed when run has ended
	req     *SubscribeRequest // without Streams; nobody sees its secrets who prints a pointer
	inRoom  *Room             // nil: it is on its own

	mu       sync.Mutex // guards the rest
	joined   uint64     // the handle's id when it subscribed
	streams  []SubscriberStream
	was      []SubscriberStream // before the connection was lost
	asked    map[source]Subscription
	since    time.Time     // of the loss
	answer   *client.JSEP  // the last one
	open     *client.JSEP  // the offer that is not answered yet
	answered int           // offers answered
	ufrag    string        // of the last one
	failed   error         // why open could not be answered
	unsure   bool          // there may be an offer that was lost
	paused   bool          // an answer lets media flow: stop it again
	hungUp   bool          // the connection was lost, and the subscription with it
	news     chan struct{} // closed and replaced when something of this changes
}

func newSubscriber(h *Handle, peer client.Negotiator) *Subscriber {
	s := &Subscriber{
		Handle: h, peer: peer,
		change: make(chan struct{}, 1), done: make(chan struct{}), news: make(chan struct{}),
		asked: map[source]Subscription{},
	}
	s.queue.Init(h.buffer, eventBytes)
	s.deliver = s.push
	return s
}

// Streams returns the m-lines of the subscription in the order of the
// description, those without media included.
func (s *Subscriber) Streams() []SubscriberStream {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.streams)
}

// now returns the m-lines with the handle's id that made them.
func (s *Subscriber) now() ([]SubscriberStream, uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.streams), s.joined
}

// Stream returns what comes on the m-line with a mid, as in media.Track; nil when
// there is none.
func (s *Subscriber) Stream(mid string) *SubscriberStream {
	s.mu.Lock()
	defer s.mu.Unlock()
	return streamOf(s.streams, mid)
}

func streamOf(streams []SubscriberStream, mid string) *SubscriberStream {
	for i := range streams {
		if streams[i].MID == mid {
			found := streams[i]
			return &found
		}
	}
	return nil
}

// Pause has the gateway relay nothing until [Subscriber.Resume].
func (s *Subscriber) Pause(ctx context.Context) error { return s.setPaused(ctx, "pause", true) }

// Resume ends a pause: the plugin's request start.
func (s *Subscriber) Resume(ctx context.Context) error { return s.setPaused(ctx, "start", false) }

func (s *Subscriber) setPaused(ctx context.Context, verb string, on bool) error {
	if err := s.conn.Lock(ctx); err != nil {
		return fmt.Errorf("videoroom: %s: %w", verb, err)
	}
	defer s.conn.Unlock()
	if err := s.call(ctx, verb, nil, nil); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paused = on
	return nil
}

// Leave ends the subscription and its connection. The handle cannot be used
// again: detach it.
func (s *Subscriber) Leave(ctx context.Context) error {
	const op = "videoroom: leave"
	if err := s.conn.Lock(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer s.conn.Unlock()
	asked := false
	err := s.HangupBy(ctx, func(ctx context.Context) error {
		err := s.call(ctx, "leave", nil, nil)
		asked = err == nil
		return err
	})
	if err != nil && asked {
		return fmt.Errorf("%s: %w", op, err)
	}
	return err
}

// Detach ends the handle, as [client.Handle.Detach] does, and waits until the
// Subscriber has noticed.
func (s *Subscriber) Detach(ctx context.Context) error {
	if err := s.Handle.Detach(ctx); err != nil {
		return err
	}
	s.stop()
	<-s.done
	return nil
}

// Next returns the next event, as [client.Handle.Next] does. Calls must not
// overlap.
func (s *Subscriber) Next(ctx context.Context) (client.Event, error) { return nextOf(ctx, &s.queue) }

// Events ranges over Next until ctx ends or the stream does; the last pair
// carries the error. Leaving the loop early loses no events.
func (s *Subscriber) Events(ctx context.Context) iter.Seq2[client.Event, error] {
	return eventsOf(ctx, s)
}

// lock waits for the change before to end.
func (s *Subscriber) lock(ctx context.Context) (unlock func(), err error) {
	select {
	case s.change <- struct{}{}:
		return func() { <-s.change }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// over says why there is no subscription any more.
func (s *Subscriber) over() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hungUp || s.joined != s.ID() { // a rebuild, of which an event will tell
		return ErrHungUp
	}
	return nil
}

func (s *Subscriber) isOver() bool { return s.over() != nil || s.Err() != nil }

func (s *Subscriber) answers() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answered
}

func (s *Subscriber) isPaused() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.paused
}

// changed wakes those who wait. s.mu is held.
func (s *Subscriber) changed() {
	close(s.news)
	s.news = make(chan struct{})
}
