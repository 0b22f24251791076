package videoroom

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/mend"
)

// restarted is Restart for package mend.
func (p *Publisher) restarted(ctx context.Context) error {
	if err := p.gone(ctx); err != nil {
		return err
	}
	_, err := p.Restart(ctx)
	return p.tried(ctx, err)
}

// renew publishes with the same peer once more, on a new connection.
func (p *Publisher) renew(ctx context.Context) error {
	if err := p.gone(ctx); err != nil {
		return err
	}
	return p.tried(ctx, p.republish(ctx))
}

// gone says that the handle has ended, when whoever mends has noticed that: trying
// until then would leave a browser no time for anything else.
func (h *Handle) gone(ctx context.Context) error {
	err := h.Err()
	if err != nil {
		<-ctx.Done()
	}
	return err
}

// tried tells of an error, unless it is only that the connection to the gateway
// went meanwhile.
func (p *Publisher) tried(ctx context.Context, err error) error {
	if err != nil && ctx.Err() == nil {
		p.noteFailure(err)
	}
	return err
}

func (p *Publisher) noteFailure(err error) {
	p.Post(&PublicationFailed{EventBase: p.base("publication_failed"), Err: err})
}

func (p *Publisher) republish(ctx context.Context) error {
	const verb = "publish"
	if err := p.conn.Lock(ctx); err != nil {
		return fmt.Errorf("videoroom: %s: %w", verb, err)
	}
	defer p.conn.Unlock()
	p.mu.Lock()
	p.renewals++
	cfg, peer := p.cfg.part(p.renewals), p.peer
	p.mu.Unlock()
	if peer == nil {
		return nil // somebody unpublished
	}
	if err := mend.Fresh(ctx, p.Handle.Handle, peer); err != nil {
		return fmt.Errorf("videoroom: %s: %w", verb, err)
	}
	var reply PublishReply
	err := p.offer(ctx, verb, cfg, &reply, peer, false)
	if err != nil && p.Connected() {
		err = p.Abandon(ctx, err)
	}
	return err
}

// renewed returns how often the connection was made anew.
func (p *Publisher) renewed() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.renewals
}

// mending reports whether somebody looks after the connection of a peer, with what
// is closed when that may have changed. ended says that nobody does any more.
func mending(peer client.Negotiator) (alive, ended bool, changed <-chan struct{}) {
	m, ok := peer.(client.Mender)
	if !ok {
		return false, false, nil
	}
	health, changed := m.Health()
	return health != client.HealthEnded, health == client.HealthEnded, changed
}
