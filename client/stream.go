package client

import (
	"context"
	"iter"

	"github.com/bifrons-rtc/bifrons/internal/evq"
)

// stream is the queue of events of a session or handle. What the gateway sent
// stays as it came until the consumer asks for it.
type stream struct {
	queue  evq.Queue[item]
	decode Decoder
}

// item is an event, or the message that will become one.
type item struct {
	ev  Event
	raw []byte
}

// eventWeight is what an event of ours counts against the limit in bytes.
const eventWeight = 128

func (s *stream) init(size int, decode Decoder) {
	s.queue.Init(size, eventBytes)
	s.decode = decode
}

func (s *stream) push(ev Event) { s.queue.Push(item{ev: ev}, eventWeight+len(ev.Base().Raw)) }

func (s *stream) pushRaw(raw []byte) { s.queue.Push(item{raw: raw}, eventWeight+len(raw)) }

func (s *stream) next(ctx context.Context) (Event, error) {
	it, dropped, err := s.queue.Pop(ctx)
	switch {
	case err != nil:
		return nil, err
	case dropped > 0:
		return &Dropped{EventBase: EventBase{Kind: "dropped"}, Count: dropped}, nil
	case it.ev != nil:
		return it.ev, nil
	}
	ev := decodePlugin(it.raw)
	if s.decode != nil {
		if typed := s.decode(ev); typed != nil {
			return typed, nil
		}
	}
	return ev, nil
}

// events is Next as a range.
func (s *stream) events(ctx context.Context) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for {
			ev, err := s.next(ctx)
			if !yield(ev, err) || err != nil {
				return
			}
		}
	}
}
