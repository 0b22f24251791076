package transport

import (
	"context"
	"sync"
)

// Pipe returns the two ends of a connection in memory, on any target. What one
// end writes the other reads; the route fields of a Message are not carried.
// Each direction holds up to 64 messages, then Write waits for the reader.
// Closing one end makes Read of the other fail once it has read what is there.
func Pipe() (client, server Conn) {
	a, b := newFlow(), newFlow()
	return &pipeEnd{in: a, out: b}, &pipeEnd{in: b, out: a}
}

// flow is one direction: a channel of messages and the ends of its life.
type flow struct {
	ch       chan []byte
	reader   chan struct{} // closed when the reading end closed
	writer   chan struct{} // closed when the writing end closed
	readOnce sync.Once
	endOnce  sync.Once
}

func newFlow() *flow {
	return &flow{ch: make(chan []byte, 64), reader: make(chan struct{}), writer: make(chan struct{})}
}

type pipeEnd struct{ in, out *flow }

var _ Conn = (*pipeEnd)(nil)

func (p *pipeEnd) Read(ctx context.Context) ([]byte, error) {
	select {
	case <-p.in.reader:
		return nil, ErrClosed
	default:
	}
	select {
	case b := <-p.in.ch:
		return b, nil
	default:
	}
	select {
	case b := <-p.in.ch:
		return b, nil
	case <-p.in.reader:
		return nil, ErrClosed
	case <-p.in.writer:
		// The writer may have left messages between the two selects.
		select {
		case b := <-p.in.ch:
			return b, nil
		default:
			return nil, &CloseError{Code: 1006}
		}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipeEnd) Write(ctx context.Context, m Message) error {
	select { // first, for the other end may have closed as well
	case <-p.out.writer:
		return ErrClosed
	default:
	}
	select {
	case <-p.out.reader:
		return &CloseError{Code: 1006}
	default:
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	b := append([]byte(nil), m.Data...)
	select {
	case p.out.ch <- b:
		return nil
	case <-p.out.writer:
		return ErrClosed
	case <-p.out.reader:
		return &CloseError{Code: 1006}
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *pipeEnd) Close() error {
	p.in.readOnce.Do(func() { close(p.in.reader) })
	p.out.endOnce.Do(func() { close(p.out.writer) })
	return nil
}
