package videoroom

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/json"
	"github.com/bifrons-rtc/bifrons/internal/mend"
)

// live starts run, and the mending of the connection.
func (s *Subscriber) live(ctx context.Context) {
	unwatch := mend.Watch(s.Handle.Handle, s.peer, mend.Recipe{Restart: s.restarted, Renew: s.renew, Failed: s.gaveUp}) //nolint:contextcheck // it outlives ctx
	ctx, cancel := context.WithCancel(ctx)
	s.stop = func() {
		if unwatch != nil {
			unwatch()
		}
		cancel()
	}
	// Owns the reading of the handle's events; ends with the handle or with stop,
	// and Detach waits for it.
	go s.run(ctx)
}

// run reads the events of the handle until it ends, or ctx does, and answers the
// offers that the gateway makes of its own accord.
func (s *Subscriber) run(ctx context.Context) {
	defer close(s.done)
	var resuming sync.WaitGroup
	defer resuming.Wait()
	for {
		ev, err := s.Handle.Next(ctx)
		if err != nil {
			s.lost()
			s.stop()
			s.queue.Close(cmp.Or(s.Err(), err)) // stop ends the reading as well
			return
		}
		switch ev := ev.(type) {
		case *Updated:
			s.offered(ctx, ev.Handle, &subscribed{Streams: ev.Streams}, ev.Offer)
			continue
		case *client.PluginEvent: // an answer whose caller has gone
			if ev.JSEP != nil && ev.JSEP.Type == "offer" {
				var late subscribed
				_ = json.Unmarshal(ev.Data, &late) // without streams the description counts all the same
				s.offered(ctx, ev.Handle, &late, ev.JSEP)
				continue
			}
		case *client.Hangup:
			if s.isCurrent(ev.Handle) {
				s.lost()
			}
		case *client.Resumed:
			if ev.Rebuilt {
				if !s.isCurrent(ev.Handle) {
					s.lost()
				}
				break
			}
			s.deliver(ev)
			if s.inRoom == nil {
				// Finds out what happened meanwhile, for which this loop has to go on;
				// ends with ctx at the latest, and run waits for it.
				resuming.Go(func() { s.resumed(ctx) })
			}
			continue
		}
		s.deliver(ev)
	}
}

// offered takes an offer that no request waits for, unless another subscription has
// taken the place of the one it was made for, by a handle's id.
func (s *Subscriber) offered(ctx context.Context, to uint64, reply *subscribed, offer *client.JSEP) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTimeout)
	defer cancel()
	err := s.conn.Lock(ctx)
	if err == nil {
		switch {
		case !s.isCurrent(to):
		case offer == nil:
			s.learn(reply.Streams, nil)
			s.tell()
		default:
			err = s.take(ctx, reply, offer)
		}
		s.conn.Unlock()
	}
	if err != nil && s.over() == nil {
		s.deliver(&SubscriptionFailed{EventBase: s.base("subscription_failed"), Err: err})
	}
}

// take answers an offer and tells of it. The turn is held.
func (s *Subscriber) take(ctx context.Context, reply *subscribed, offer *client.JSEP) error {
	s.learn(reply.Streams, offer)
	err := s.answerOpen(ctx)
	s.tell()
	return err
}

// learn keeps what the gateway says of the subscription; nil is nothing.
func (s *Subscriber) learn(streams []SubscriberStream, offer *client.JSEP) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if streams != nil {
		s.streams = streams
	}
	if offer != nil {
		s.open, s.failed, s.unsure = offer, nil, false
	}
	s.changed()
}

// answerOpen answers the offer that is open, if one is, whatever becomes of ctx:
// the gateway would make no other before. The turn is held.
func (s *Subscriber) answerOpen(ctx context.Context) error {
	s.mu.Lock()
	offer := s.open
	s.mu.Unlock()
	if offer == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTimeout)
	defer cancel()
	defer s.whileAlive(cancel)()
	err := s.reply(ctx, offer)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed = err; err == nil {
		s.open = nil
		s.answered++
		s.ufrag = ufrag(offer.SDP)
	}
	s.changed()
	return err
}

// whileAlive calls cancel when the handle ends: the gateway answers nothing to a
// handle that was detached. stop ends the watch.
func (s *Subscriber) whileAlive(cancel func()) (stop func()) {
	over := make(chan struct{})
	// Waits for the end of the handle; ends with it or with stop.
	go func() {
		select {
		case <-s.Done():
			cancel()
		case <-over:
		}
	}()
	return func() { close(over) }
}

func (s *Subscriber) reply(ctx context.Context, offer *client.JSEP) error {
	answer, err := s.peer.Answer(ctx, offer)
	if err != nil {
		return fmt.Errorf("videoroom: start: make an answer: %w", err)
	}
	s.mu.Lock()
	s.answer = answer
	s.mu.Unlock()
	return s.give(ctx, answer)
}

// give gives the gateway an answer.
func (s *Subscriber) give(ctx context.Context, answer *client.JSEP) error {
	_, err := s.exchange(ctx, "start", nil, answer, nil)
	if errors.Is(err, client.UnexpectedAnswer) {
		err = nil // it has one: its word for it was lost
	}
	if err == nil && s.isPaused() {
		err = s.call(ctx, "pause", nil, nil)
	}
	return err
}

// lost notes that the connection is gone, and the subscription with it.
func (s *Subscriber) lost() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.hungUp {
		s.was, s.since = s.streams, time.Now()
	}
	s.streams, s.open, s.hungUp = nil, nil, true
	s.changed()
}

// isCurrent reports whether the subscription is that of a handle's id, which is
// another one when it was made anew.
func (s *Subscriber) isCurrent(id uint64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.joined == id
}

// tell tells of the streams there are now.
func (s *Subscriber) tell() {
	s.deliver(&Updated{EventBase: s.base("updated"), Streams: s.Streams()})
}

// base is the part of an event that we make.
func (h *Handle) base(kind string) client.EventBase {
	return client.EventBase{Kind: "videoroom." + kind, Session: h.Session().ID(), Handle: h.ID()}
}

// wait waits until ok, which is called with s.mu held, or until answer, which may
// be nil, is an error.
func (s *Subscriber) wait(ctx context.Context, answer *outcome, ok func() bool) error {
	var answered <-chan struct{}
	if answer != nil {
		answered = answer.done
	}
	var expired <-chan time.Time
	if _, has := ctx.Deadline(); !has {
		timer := time.NewTimer(offerWait)
		defer timer.Stop()
		expired = timer.C
	}
	for {
		s.mu.Lock()
		done, failed, hungUp, news := ok(), s.failed, s.hungUp, s.news
		s.mu.Unlock()
		switch {
		case done:
			return nil
		case hungUp:
			return ErrHungUp
		case failed != nil:
			return failed
		}
		select {
		case <-news:
		case <-answered:
			if answer.err != nil {
				return answer.err
			}
			answered = nil
		case <-s.Done():
			return s.Err()
		case <-expired:
			return fmt.Errorf("no offer after %v: %w", offerWait, client.ErrTimeout)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// ufrag returns the ICE user fragment of a description, which changes with an
// ICE restart.
func ufrag(sdp string) string {
	_, rest, _ := strings.Cut(sdp, "a=ice-ufrag:")
	u, _, _ := strings.Cut(rest, "\r\n")
	return u
}
