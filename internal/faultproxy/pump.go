package faultproxy

import (
	"context"
	"slices"
	"time"
)

// pump carries the frames of one direction and does to them what the plan says.
type pump struct {
	faults *Faults
	lane   lane
	// write sends frames as one: in one segment, or as one message.
	write func(frames ...frame) error
	cut   func(Kind)

	held []held
}

// held is a frame that waits for others.
type held struct {
	frame frame
	left  int // frames to let pass
	merge bool
	due   time.Time
}

// run pumps until in is closed, a write fails, ctx ends or a fault cuts the
// connection.
func (p *pump) run(ctx context.Context, in <-chan frame) error {
	for {
		timer, due := p.due()
		select {
		case f, ok := <-in:
			if !ok {
				return p.release(func(held) bool { return true })
			}
			if err := p.step(ctx, f); err != nil {
				return err
			}
		case now := <-due:
			if err := p.release(func(h held) bool { return !h.due.After(now) }); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
		if timer != nil {
			timer.Stop()
		}
	}
}

// due returns a timer for the next held frame, if there is one.
func (p *pump) due() (*time.Timer, <-chan time.Time) {
	if len(p.held) == 0 {
		return nil, nil
	}
	first := slices.MinFunc(p.held, func(a, b held) int { return a.due.Compare(b.due) })
	timer := time.NewTimer(time.Until(first.due))
	return timer, timer.C
}

// step does to one frame what is planned for it.
func (p *pump) step(ctx context.Context, f frame) error {
	f = p.faults.rewritten(p.lane.dir, f)
	_, fault := p.faults.next(p.lane)
	switch fault.Kind {
	case Reset, End, Silence:
		if fault.After {
			if err := p.pass(f); err != nil {
				return err
			}
		}
		p.cut(fault.Kind)
		return errCut
	case Drop:
		return nil
	case Reorder, Merge:
		p.held = append(p.held, held{f, max(fault.At, 1), fault.Kind == Merge, time.Now().Add(fault.hold())})
		return nil
	case Delay:
		if err := wait(ctx, fault.hold()); err != nil {
			return err
		}
		return p.pass(f)
	case Duplicate:
		return p.each(f, f)
	case Truncate:
		return p.pass(f.truncate(fault.At))
	case Flip:
		return p.pass(f.flip(fault.At))
	case Split:
		return p.each(f.split(fault.At)...)
	default:
		return p.pass(f)
	}
}

// each passes frames one by one.
func (p *pump) each(list ...frame) error {
	for _, f := range list {
		if err := p.pass(f); err != nil {
			return err
		}
	}
	return nil
}

// pass sends a frame, with those that waited to be merged before it, and then
// those that waited for it.
func (p *pump) pass(f frame) error {
	var out []frame
	p.held = slices.DeleteFunc(p.held, func(h held) bool {
		if h.merge {
			out = append(out, h.frame)
		}
		return h.merge
	})
	if err := p.write(append(out, f)...); err != nil {
		return err
	}
	for i := range p.held {
		p.held[i].left--
	}
	return p.release(func(h held) bool { return h.left <= 0 })
}

// release sends held frames without waiting on.
func (p *pump) release(which func(held) bool) error {
	var out []frame
	p.held = slices.DeleteFunc(p.held, func(h held) bool {
		yes := which(h)
		if yes {
			out = append(out, h.frame)
		}
		return yes
	})
	for _, f := range out {
		if err := p.write(f); err != nil {
			return err
		}
	}
	return nil
}

// wait waits for d.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
