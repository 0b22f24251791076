package textroom

import (
	"context"
	"errors"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/json"
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
	return c.join(ctx, c.ask, req, req.Username)
}

// asker makes a request: ask, or try.
type asker func(ctx context.Context, verb string, body any, granted func(json.RawMessage)) (json.RawMessage, error)

// join enters a room under the given name.
func (c *Conn) join(ctx context.Context, ask asker, req JoinRequest, name string) ([]Participant, error) {
	const verb = "join"
	body := req
	body.Username, body.Secret = name, ""
	raw, err := ask(ctx, verb, body, func(raw json.RawMessage) {
		others, _ := people(verb, raw) // what is wrong with them the caller is told
		for _, ev := range c.h.joined.add(req, name, others) {
			c.h.Post(ev)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("textroom: %s: %w", verb, err)
	}
	return people(verb, raw)
}

// Leave leaves a room; the stream gets one's own *[Left] first. The errors of the
// plugin are [ErrNotInRoom] and [ErrNoSuchRoom].
func (c *Conn) Leave(ctx context.Context, room client.ID) error {
	const verb = "leave"
	if err := need(verb, room); err != nil {
		return err
	}
	name, in := c.h.joined.remove(room) // whatever comes of it, it is not to be joined again
	before, away := c.lost(), c.gate() != nil
	_, err := c.ask(ctx, verb, roomOnly{room}, nil)
	c.h.joined.remove(room) // it may have been, just then
	if in && errors.Is(err, ErrNotInRoom) && (away || c.lost() != before) {
		// We left with the connection, and were not joined again.
		c.h.Post(&Left{client.EventBase{Kind: "textroom.left"}, room, name})
		return nil
	}
	if err != nil {
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
	err := c.enter(ctx)
	if err != nil {
		return fmt.Errorf("textroom: %s: %w", verb, err)
	}
	defer func() { <-c.slots }()
	for again := true; again; again = errors.Is(err, errUnsent) {
		if err = c.pass(ctx); err != nil {
			break
		}
		var txn string
		if txn, err = c.expect(nil); err != nil {
			break
		}
		err = c.send(ctx, verb, txn, body)
	}
	if err != nil {
		return fmt.Errorf("textroom: %s: %w", verb, err)
	}
	return nil
}
