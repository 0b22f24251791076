package videoroom

import (
	"context"
	"errors"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// Renegotiate has the gateway make a new offer, and answers it.
func (s *Subscriber) Renegotiate(ctx context.Context) error {
	before := s.answers()
	return s.demand(ctx, "renegotiate", map[string]bool{"update": true}, func() bool { return s.answered > before })
}

// Restart is Renegotiate with new ICE credentials on both sides, which finds a
// new way through the network. There is no second *client.WebRTCUp.
func (s *Subscriber) Restart(ctx context.Context) error {
	s.mu.Lock()
	before := s.ufrag
	s.mu.Unlock()
	return s.demand(ctx, "restart", map[string]bool{"restart": true}, func() bool { return s.ufrag != before })
}

// demand asks for an offer. The gateway does not answer such a request while
// another offer is open: what was asked comes in a later one, unasked. So demand
// waits for either.
func (s *Subscriber) demand(ctx context.Context, verb string, body any, satisfied func() bool) error {
	op := "videoroom: " + verb
	unlock, err := s.lock(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	defer unlock()
	if err := s.over(); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	if err := s.retry(ctx); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	asking, stop := context.WithCancel(ctx)
	defer stop()
	answer := &outcome{done: make(chan struct{})}
	// Waits for the answer; ends with it or with asking, and demand waits for it.
	go func() {
		defer close(answer.done)
		var reply subscribed
		offer, err := s.exchange(asking, "configure", body, nil, &reply)
		if answer.err = err; err != nil || offer == nil {
			return
		}
		late := context.WithoutCancel(asking) // the offer is there: it needs its answer
		if answer.err = s.conn.Lock(late); answer.err == nil {
			answer.err = s.take(late, &reply, offer)
			s.conn.Unlock()
		}
	}()
	err = s.wait(ctx, answer, satisfied)
	stop()
	<-answer.done
	if err != nil {
		s.doubt(err)
		return fmt.Errorf("%s: %w", op, err)
	}
	return nil
}

// doubt notes that a request ended with err. Where its connection went before the
// answer came, nobody knows whether there is an offer, and it does not come any more.
func (s *Subscriber) doubt(err error) {
	if errors.Is(err, client.ErrOutcomeUnknown) || errors.Is(err, client.ErrInterrupted) || errors.Is(err, context.Canceled) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.unsure = true
	}
}

// retry answers the offer that is open, if one is.
func (s *Subscriber) retry(ctx context.Context) error {
	if err := s.conn.Lock(ctx); err != nil {
		return err
	}
	defer s.conn.Unlock()
	return s.answerOpen(ctx)
}

// outcome is an error that is there when done is closed.
type outcome struct {
	done chan struct{}
	err  error
}
