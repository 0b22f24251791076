package textroom

import (
	"context"
	"errors"
	"strconv"

	"github.com/bifrons-rtc/bifrons/client"
)

// maxNames is how many names are tried beside one that is in use.
const maxNames = 9

// passGhost enters a room where our name is in use: in the place of the ghost who
// has it, or under another name.
func (c *Conn) passGhost(ctx context.Context, req JoinRequest, inUse error) ([]Participant, error) {
	ghost := &Ghost{EventBase: client.EventBase{Kind: "textroom.ghost"}, Room: req.Room, Username: req.Username}
	if req.Secret != "" {
		list, err := c.kickGhost(ctx, req)
		switch {
		case err == nil:
			ghost.TakenOver, ghost.As = true, req.Username
			c.h.Post(ghost)
			return list, nil
		case !answered(err):
			return nil, err
		}
		ghost.Err = err
	}
	for n := 2; n <= maxNames; n++ {
		ghost.As = req.Username + "-" + strconv.Itoa(n)
		list, err := c.join(ctx, c.try, req, ghost.As)
		if errors.Is(err, ErrUsernameInUse) {
			continue
		}
		if err == nil {
			c.h.Post(ghost)
		}
		return list, err
	}
	return nil, inUse
}

// kickGhost takes the place of the one who has our name, unless they show another
// face.
func (c *Conn) kickGhost(ctx context.Context, req JoinRequest) ([]Participant, error) {
	const verb = "listparticipants"
	raw, err := c.try(ctx, verb, roomOnly{req.Room}, nil)
	if err != nil {
		return nil, err
	}
	list, err := people(verb, raw)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		if p.Username == req.Username && p.Display != req.Display {
			return nil, &client.PluginError{PluginCode: ErrUsernameInUse, Reason: "by somebody with another display name"}
		}
	}
	_, err = c.try(ctx, "kick", KickRequest{Room: req.Room, Secret: req.Secret, Username: req.Username}, nil)
	if err != nil && !errors.Is(err, ErrNoSuchUser) {
		return nil, err
	}
	return c.join(ctx, c.try, req, req.Username)
}
