package client

import (
	"context"
	"reflect"
)

// Mux calls a handler for each event of a stream, in order, on the goroutine
// that called Run. Handlers may therefore call back into the client; the next
// event waits until they return. The zero Mux is ready to use. Register
// everything before Run.
type Mux struct {
	handlers map[reflect.Type][]func(context.Context, Event)
	other    func(context.Context, Event)
}

// On registers f for the events of type E, which is a pointer to an event
// struct:
//
//	client.On(mux, func(ctx context.Context, ev *client.Hangup) { … })
//
// Several handlers of one type run in the order they were registered. With
// E = [Event], f gets every event that has no handler of its own.
func On[E Event](m *Mux, f func(ctx context.Context, ev E)) {
	t := reflect.TypeFor[E]()
	call := func(ctx context.Context, ev Event) {
		if e, ok := ev.(E); ok {
			f(ctx, e)
		}
	}
	if t.Kind() == reflect.Interface {
		m.other = call
		return
	}
	if m.handlers == nil {
		m.handlers = make(map[reflect.Type][]func(context.Context, Event))
	}
	m.handlers[t] = append(m.handlers[t], call)
}

// Nexter is a stream of events: a [Handle], a [Session], or a handle of a
// plugin package.
type Nexter interface {
	// Next returns the next event, or the error that ended the stream.
	Next(ctx context.Context) (Event, error)
}

// Run reads s and calls the handlers until the stream or ctx ends, and returns
// the error of Next that ended it. To stop from a handler, cancel ctx.
func (m *Mux) Run(ctx context.Context, s Nexter) error {
	for {
		ev, err := s.Next(ctx)
		if err != nil {
			return err
		}
		handlers := m.handlers[reflect.TypeOf(ev)]
		for _, f := range handlers {
			f(ctx, ev)
		}
		if len(handlers) == 0 && m.other != nil {
			m.other(ctx, ev)
		}
	}
}
