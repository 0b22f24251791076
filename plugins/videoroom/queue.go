package videoroom

import (
	"context"
	"iter"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/evq"
)

const (
	defaultBuffer = 1024    // events, as in client.Options
	eventBytes    = 4 << 20 // their weight
	eventWeight   = 128     // what an event weighs beside its message
)

// push queues an event for the consumer of s.
func (s *Subscriber) push(ev client.Event) {
	s.queue.Push(ev, eventWeight+len(ev.Base().Raw))
}

// nextOf is Next of a stream of ours.
func nextOf(ctx context.Context, q *evq.Queue[client.Event]) (client.Event, error) {
	ev, dropped, err := q.Pop(ctx)
	switch {
	case err != nil:
		return nil, err
	case dropped > 0:
		return &client.Dropped{EventBase: client.EventBase{Kind: "dropped"}, Count: dropped}, nil
	}
	return ev, nil
}

// eventsOf is Events of one.
func eventsOf(ctx context.Context, n client.Nexter) iter.Seq2[client.Event, error] {
	return func(yield func(client.Event, error) bool) {
		for {
			ev, err := n.Next(ctx)
			if !yield(ev, err) || err != nil {
				return
			}
		}
	}
}
