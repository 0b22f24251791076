package textroom

import (
	"context"
	"errors"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/json"
	"github.com/bifrons-rtc/bifrons/internal/mend"
)

// rejoin enters the rooms that the connection before was in. What becomes of each
// is an event; the error is about the connection.
func (c *Conn) rejoin(ctx context.Context) error {
	for _, m := range c.h.joined.all() {
		list, err := c.joinAgain(ctx, m.req)
		if err != nil {
			if !answered(err) {
				return err
			}
			c.h.joined.remove(m.req.Room)
		}
		c.h.Post(&Rejoined{EventBase: client.EventBase{Kind: "textroom.rejoined"}, Room: m.req.Room, Participants: list, Err: err})
		if errors.Is(err, ErrNoSuchRoom) {
			c.h.Post(&Destroyed{client.EventBase{Kind: "textroom.destroyed"}, m.req.Room})
		}
	}
	return nil
}

// How long the answer to a join may take, and how often it is asked again. Janus
// throws away what is queued for a connection when ICE finds another path, which
// it may do when the connection is up already (janus_ice_cb_new_selected_pair in
// its ice.c).
const (
	joinTime      = 3 * time.Second
	maxUnanswered = 3
)

// ghostWait is how long the gateway may take to forget the name that we had on the
// connection before; who has it then is taken for a ghost.
const ghostWait = 1500 * time.Millisecond

// joinAgain joins under a name that we had on the connection before.
func (c *Conn) joinAgain(ctx context.Context, req JoinRequest) (list []Participant, err error) {
	unanswered := 0
	err = mend.Ghost(ctx, c.ended, ghostWait, ErrUsernameInUse, func() (err error) {
		for {
			attempt, cancel := context.WithTimeoutCause(ctx, joinTime, client.ErrTimeout)
			list, err = c.join(attempt, c.try, req, req.Username)
			cancel()
			if !errors.Is(err, client.ErrTimeout) || unanswered == maxUnanswered {
				return err
			}
			unanswered++ // and granted, perhaps
		}
	})
	switch {
	case errors.Is(err, ErrAlreadyInRoom):
		list, _, err = c.present(ctx, req.Room)
	case errors.Is(err, ErrUsernameInUse):
		list, err = c.passGhost(ctx, req, err)
	}
	return list, err
}

// present returns who is in a room, with how many events it took to tell of the
// changes. It asks over the channel, so that the answer has its place among them.
func (c *Conn) present(ctx context.Context, room client.ID) (list []Participant, found changes, err error) {
	const verb = "listparticipants"
	raw, err := c.try(ctx, verb, roomOnly{room}, func(raw json.RawMessage) {
		list, err := people(verb, raw)
		if err != nil {
			return // which the caller is told
		}
		var events []client.Event
		events, found.missing = c.h.joined.compare(room, list)
		for _, ev := range events {
			if _, came := ev.(*Joined); came {
				found.joined++
			} else {
				found.left++
			}
			c.h.Post(ev)
		}
	})
	if err == nil {
		list, err = people(verb, raw)
	}
	return list, found, err
}

// changes are what a comparison found.
type changes struct {
	joined, left int
	missing      bool // we ourselves are not there
}

// answered reports whether a request failed by an answer, and not for want of
// one.
func answered(err error) bool {
	var refused *client.PluginError
	var absurd *client.ProtocolError
	return errors.As(err, &refused) || errors.As(err, &absurd)
}
