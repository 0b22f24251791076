// Package evq is the bounded queue between a read loop and one consumer: the
// loop never waits, and what a slow consumer loses is counted.
package evq

import (
	"context"
	"sync"
)

// Queue holds values for one consumer. Set its bounds with Init before use.
// Push and Close may be called concurrently with everything; calls of Pop must
// not overlap.
type Queue[T any] struct {
	mu      sync.Mutex
	ring    []entry[T]
	head, n int
	size    int // most values
	room    int // weight left; a single heavier value is taken all the same
	weight  int // most weight
	dropped int
	closed  error
	waiting bool
	wake    chan struct{} // made by the first Pop that has to wait
}

type entry[T any] struct {
	value  T
	weight int
}

// Init sets the bounds: size values and weight in whatever unit Push uses.
func (q *Queue[T]) Init(size, weight int) {
	q.size, q.weight, q.room = size, weight, weight
}

// Push adds v. When the queue is full the oldest values make room and are
// counted. After Close it does nothing.
func (q *Queue[T]) Push(v T, weight int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed != nil {
		return
	}
	for q.n > 0 && (q.n >= q.size || q.room < weight) {
		q.take()
		q.dropped++
	}
	if q.n == len(q.ring) {
		q.grow()
	}
	q.ring[(q.head+q.n)%len(q.ring)] = entry[T]{v, weight}
	q.n++
	q.room -= weight
	q.signal()
}

// Pop returns the oldest value. When values were dropped since the last call
// it returns their number and no value first, because they are what came next.
// It waits until there is something, ctx ends, or the queue is closed and
// empty; then the error is ctx.Err() or the error given to Close.
func (q *Queue[T]) Pop(ctx context.Context) (v T, dropped int, err error) {
	for {
		q.mu.Lock()
		if q.dropped > 0 {
			dropped, q.dropped = q.dropped, 0
			q.mu.Unlock()
			return v, dropped, nil
		}
		if q.n > 0 {
			v = q.take()
			q.mu.Unlock()
			return v, 0, nil
		}
		if q.closed != nil {
			err = q.closed
			q.mu.Unlock()
			return v, 0, err
		}
		if q.wake == nil {
			q.wake = make(chan struct{}, 1)
		}
		q.waiting = true
		wake := q.wake
		q.mu.Unlock()
		select {
		case <-wake:
		case <-ctx.Done():
			return v, 0, ctx.Err()
		}
	}
}

// Len returns how many values wait.
func (q *Queue[T]) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.n
}

// Close ends the queue: what is in it can still be popped, then Pop returns
// err, which must not be nil. Only the first Close counts.
func (q *Queue[T]) Close(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed == nil {
		q.closed = err
		q.signal()
	}
}

func (q *Queue[T]) signal() {
	if q.waiting {
		q.waiting = false
		select {
		case q.wake <- struct{}{}:
		default: // a wake-up is pending already
		}
	}
}

func (q *Queue[T]) take() T {
	e := q.ring[q.head]
	q.ring[q.head] = entry[T]{}
	q.head = (q.head + 1) % len(q.ring)
	q.n--
	q.room += e.weight
	if q.n == 0 {
		q.head = 0
		if len(q.ring) > keep {
			q.ring = nil // a burst is over; thousands of idle queues must stay small
		}
	}
	return e.value
}

// keep is the largest ring an empty queue holds on to.
const keep = 64

func (q *Queue[T]) grow() {
	ring := make([]entry[T], min(max(4, 2*len(q.ring)), max(q.size, 1)))
	for i := range q.n {
		ring[i] = q.ring[(q.head+i)%len(q.ring)]
	}
	q.ring, q.head = ring, 0
}
