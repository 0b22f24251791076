package textroom

import (
	"context"
	"errors"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// Join enters a room and returns who else is in it. Ahead of its return the
// stream has the messages the room has kept, then one's own *[Joined].
//
// The errors of the plugin are [ErrNoSuchRoom], [ErrUsernameInUse],
// [ErrAlreadyInRoom], and [ErrUnauthorized] for a wrong PIN or token.
func (c *Conn) Join(ctx context.Context, req JoinRequest) ([]Participant, error) {
	const verb = "join"
	if err := need(verb, req.Room); err != nil {
		return nil, err
	}
	if req.Username == "" {
		return nil, &client.ArgumentError{Op: "textroom: " + verb, Reason: "no username; choose one that nobody has in the room"}
	}
	if req.History != nil {
		req.History = new(*req.History) // it is kept for the next connection
	}
	raw, err := c.ask(ctx, verb, req, func() { c.h.joined.add(req) })
	if err != nil {
		return nil, fmt.Errorf("textroom: %s: %w", verb, err)
	}
	var reply participants
	if err := read(verb, raw, &reply); err != nil {
		return nil, err
	}
	return reply.list(verb)
}

// Leave leaves a room; the stream gets one's own *[Left] first. The errors of the
// plugin are [ErrNotInRoom] and [ErrNoSuchRoom].
func (c *Conn) Leave(ctx context.Context, room client.ID) error {
	const verb = "leave"
	if err := need(verb, room); err != nil {
		return err
	}
	c.h.joined.remove(room) // whatever comes of it, it is not to be joined again
	if _, err := c.ask(ctx, verb, roomOnly{room}, nil); err != nil {
		return fmt.Errorf("textroom: %s: %w", verb, err)
	}
	return nil
}

// Message says something: to everybody in the room, who get a *[Message] as the
// sender does, or in private to those it names. The errors of the plugin are
// [ErrNotInRoom] and [ErrNoSuchRoom]; a private message to somebody who is not
// there is no error, see [Sent].
func (c *Conn) Message(ctx context.Context, req MessageRequest) (*Sent, error) {
	const verb = "message"
	if err := need(verb, req.Room); err != nil {
		return nil, err
	}
	if req.To != "" && len(req.Tos) > 0 {
		return nil, &client.ArgumentError{Op: "textroom: " + verb, Reason: "To and Tos; put all addressees into Tos"}
	}
	if req.Ack != nil && !*req.Ack {
		return &Sent{}, c.tell(ctx, verb, req)
	}
	raw, err := c.ask(ctx, verb, req, nil)
	if err != nil {
		return nil, fmt.Errorf("textroom: %s: %w", verb, err)
	}
	sent := &Sent{Raw: raw}
	return sent, read(verb, raw, sent)
}

// tell sends a request that will not be answered.
func (c *Conn) tell(ctx context.Context, verb string, body any) error {
	ctx, cancel := bound(ctx)
	defer cancel()
	txn, err := c.expect(nil)
	if err == nil {
		err = c.send(ctx, verb, txn, body)
	}
	if err != nil {
		return fmt.Errorf("textroom: %s: %w", verb, err)
	}
	return nil
}

// rejoin enters the rooms that the connection before was in. What becomes of each
// is an event; the error is about the connection.
func (c *Conn) rejoin(ctx context.Context) error {
	for _, req := range c.h.joined.all() {
		list, err := c.joinAgain(ctx, req)
		if err != nil {
			if !answered(err) {
				return err
			}
			c.h.joined.remove(req.Room)
		}
		c.h.Post(&Rejoined{EventBase: client.EventBase{Kind: "textroom.rejoined"}, Room: req.Room, Participants: list, Err: err})
	}
	return nil
}

// joinAgain joins under a name that we had on the connection before, which the
// gateway may be a moment late to forget. It waits 1.5 s in all.
func (c *Conn) joinAgain(ctx context.Context, req JoinRequest) ([]Participant, error) {
	wait := 50 * time.Millisecond
	for {
		list, err := c.Join(ctx, req)
		if !errors.Is(err, ErrUsernameInUse) || wait > time.Second {
			return list, err
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		}
		wait *= 2
	}
}

// answered reports whether a request failed by an answer, and not for want of
// one.
func answered(err error) bool {
	var refused *client.PluginError
	var absurd *client.ProtocolError
	return errors.As(err, &refused) || errors.As(err, &absurd)
}
