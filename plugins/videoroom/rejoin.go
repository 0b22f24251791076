package videoroom

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/mend"
)

const (
	ghostWait = 5 * time.Second // until we join beside a ghost
	ghostKick = time.Second     // until it is kicked, where that is possible
)

// keepJoined has a rebuild of the session join again.
func (p *Publisher) keepJoined() {
	var again restore = func(ctx context.Context) error {
		if _, err := p.enterAgain(ctx); err != nil {
			return err
		}
		return p.configureAgain(ctx)
	}
	p.restore.Store(&again)
}

// enterAgain joins with the id that we had. The gateway takes a moment to clear
// away what had it before; when that goes on, it is a ghost. Without a reply we
// had joined already, and what the gateway said then is lost.
func (p *Publisher) enterAgain(ctx context.Context) (reply *JoinReply, err error) {
	enter := func(within time.Duration) error {
		return mend.Ghost(ctx, p.Done(), within, ErrIDExists, func() error {
			reply, err = p.enter(ctx)
			return err
		})
	}
	kicked := false
	err = enter(ghostKick)
	if errors.Is(err, ErrIDExists) {
		req := p.request()
		kicked = req.Secret != "" && p.Kick(ctx, KickRequest{Room: req.Room, Secret: req.Secret, ID: req.ID}) == nil
		err = enter(ghostWait - ghostKick)
	}
	switch {
	case err == nil && kicked:
		p.noteGhost(&Ghost{ID: reply.ID, TakenOver: true})
	case errors.Is(err, ErrAlreadyJoined):
		return nil, p.stillIn(ctx, err)
	case errors.Is(err, ErrIDExists) && ctx.Err() == nil:
		return p.enterBeside(ctx)
	}
	return reply, err
}

// enterBeside joins with an id that the gateway chooses.
func (p *Publisher) enterBeside(ctx context.Context) (*JoinReply, error) {
	p.mu.Lock()
	ghost := p.join.ID
	p.join.ID = client.ID{}
	p.mu.Unlock()
	reply, err := p.enter(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.join.ID = ghost
		return nil, err
	}
	p.ghosts = append(p.ghosts, ghost)
	p.noteGhost(&Ghost{ID: ghost})
	return reply, nil
}

func (p *Publisher) noteGhost(ev *Ghost) {
	ev.EventBase = p.base("ghost")
	p.Post(ev)
}

// stillIn returns refusal unless we are in the room: it is also what a handle gets
// that left.
func (p *Publisher) stillIn(ctx context.Context, refusal error) error {
	list, err := p.ListParticipants(ctx, p.Room())
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(list, func(o Participant) bool { return o.ID == p.ID() }) {
		return refusal
	}
	return nil
}

// haunted reports whether a feed is what the gateway kept of ourselves.
func (p *Publisher) haunted(feed client.ID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Contains(p.ghosts, feed)
}

// vanished notes that somebody is gone, who may have been a ghost.
func (p *Publisher) vanished(feed client.ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ghosts = slices.DeleteFunc(p.ghosts, func(id client.ID) bool { return id == feed })
}
