package media

import (
	"context"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// Offer implements client.Negotiator. An offer that was never answered, because
// the request that carried it failed, is replaced. With restart the offer has
// new ICE credentials, which mends a connection whose path broke.
func (p *Peer) Offer(ctx context.Context, restart bool) (*client.JSEP, error) {
	release, err := p.take(ctx, "offer")
	if err != nil {
		return nil, err
	}
	defer release()

	p.outbox.set(keepThem)
	sdp, gathered, err := p.engine().offer(ctx, restart)
	if err != nil {
		return nil, p.stepError("offer", err)
	}
	p.mu.Lock()
	p.offered = sdp
	p.begun()
	p.mending.moved = p.mending.moved && !restart
	p.feel()
	p.mu.Unlock()
	p.inbox.hold()
	return p.describe(ctx, "offer", sdp, gathered)
}

// Answer implements client.Negotiator. It accepts the m-lines of the offer that
// have a codec in common, and sends what was added before. An offer of ours that
// waits for its answer is given up, and has to be made again; that works for all
// but the first one, where the error matches [ErrState].
func (p *Peer) Answer(ctx context.Context, offer *client.JSEP) (*client.JSEP, error) {
	if err := checkType(offer, "offer"); err != nil {
		return nil, err
	}
	release, err := p.take(ctx, "answer")
	if err != nil {
		return nil, err
	}
	defer release()

	p.mu.Lock()
	busy := p.offered != ""
	p.mu.Unlock()
	if busy {
		if err := p.engine().withdraw(ctx); err != nil {
			return nil, p.stepError("answer", err)
		}
		p.mu.Lock()
		p.offered = ""
		p.mu.Unlock()
	}
	p.outbox.set(keepThem)
	p.engine().abandon(offer.SDP)
	sdp, gathered, err := p.engine().answer(ctx, offer.SDP)
	if err != nil {
		return nil, p.stepError("answer", err)
	}
	p.mu.Lock()
	p.begun()
	p.mu.Unlock()
	p.engine().limitMessages(maxMessageSize(offer.SDP))
	p.inbox.release()
	j, err := p.describe(ctx, "answer", sdp, gathered)
	p.outbox.answered()
	return j, err
}

// Accept implements client.Negotiator. An m-line the other side refused gives a
// *[CodecError], several give several, joined; the rest of the answer counts all
// the same.
func (p *Peer) Accept(ctx context.Context, answer *client.JSEP) error {
	if err := checkType(answer, "answer"); err != nil {
		return err
	}
	release, err := p.take(ctx, "accept")
	if err != nil {
		return err
	}
	defer release()

	p.mu.Lock()
	offered := p.offered
	p.mu.Unlock()
	if offered == "" {
		return fmt.Errorf("media: accept: %w: no offer waits for an answer", ErrState)
	}
	p.engine().abandon(answer.SDP)
	if err := p.engine().accept(ctx, answer.SDP); err != nil {
		return p.stepError("accept", err)
	}
	p.mu.Lock()
	p.offered = ""
	p.mu.Unlock()
	p.engine().limitMessages(maxMessageSize(answer.SDP))
	p.inbox.release()
	p.outbox.answered()
	return refused(offered, answer.SDP)
}

// describe makes the message for a local description, with the candidates if
// they are there quickly or have to be.
//
// Candidates that come later wait, in an offer's case until it is answered:
// Janus loses those that it gets while it is busy with the offer (seen with
// 1.1.2, "nice_agent_set_remote_candidates: assertion failed").
func (p *Peer) describe(ctx context.Context, typ, sdp string, gathered <-chan struct{}) (*client.JSEP, error) {
	var late <-chan time.Time
	if !p.opts.HalfTrickle {
		timer := time.NewTimer(quickly)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case <-gathered:
	case <-late:
		select {
		case <-gathered:
		default:
			return p.jsep(typ, sdp), nil
		}
	case <-ctx.Done():
		return nil, fmt.Errorf("media: %s: gathering candidates: %w", typ, ctx.Err())
	case <-p.begin:
		return nil, p.open(typ)
	}
	p.outbox.set(dropThem)
	j := p.jsep(typ, p.engine().localSDP())
	j.Trickle = new(false)
	return j, nil
}

// jsep adds to a description what Janus wants to know beside it.
func (p *Peer) jsep(typ, sdp string) *client.JSEP {
	j := &client.JSEP{Type: typ, SDP: sdp, E2EE: p.engine().transforms()}
	index := map[string]int{}
	for i, s := range sections(sdp) {
		index[s.mid] = i
	}
	for _, s := range p.Senders() {
		mid := s.MID()
		i, there := index[mid]
		switch {
		case !there:
		case s.opts.Simulcast:
			j.RIDOrder = "hml"
		case s.opts.ScalabilityMode != "":
			j.SVC = append(j.SVC, client.SVC{MID: mid, MIndex: &i, Mode: s.opts.ScalabilityMode})
		}
	}
	return j
}

// take waits for the turn to negotiate.
func (p *Peer) take(ctx context.Context, op string) (release func(), err error) {
	select {
	case p.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("media: %s: %w", op, ctx.Err())
	case <-p.begin:
		return nil, p.open(op)
	}
	if err := p.open(op); err != nil {
		<-p.turn
		return nil, err
	}
	return func() { <-p.turn }, nil
}

// stepError gives an error of the engine its operation; one that is due to the
// peer's end says so.
func (p *Peer) stepError(op string, err error) error {
	if closed := p.open(op); closed != nil {
		return closed
	}
	return fmt.Errorf("media: %s: %w", op, err)
}

func checkType(j *client.JSEP, want string) error {
	switch {
	case j == nil:
		return fmt.Errorf("media: %w: no session description, want an %s", ErrState, want)
	case j.Type != want:
		return fmt.Errorf("media: %w: session description of type %q, want an %s", ErrState, j.Type, want)
	}
	return nil
}
