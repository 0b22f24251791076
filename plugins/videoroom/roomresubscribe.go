package videoroom

import (
	"context"
	"errors"
	"slices"

	"github.com/bifrons-rtc/bifrons/client"
)

// errMending is the trouble of a [Room] whose connection is being mended.
var errMending = errors.New("videoroom: the connection is being mended")

// resubscribe makes the connection that receives anew, for the peer there is, once
// there is something to receive. A feed that is refused is left out.
func (r *Room) resubscribe(ctx context.Context, s *Subscriber) error {
	for {
		r.mu.Lock()
		news := r.news
		r.mu.Unlock()
		p, _, epoch := r.next()
		if len(p.add) == 0 {
			select {
			case <-news:
				continue
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		err := s.subscribeAgain(ctx, p.add)
		var refused *client.PluginError
		if feeds := feedsOf(p.add); errors.As(err, &refused) && len(feeds) > 1 {
			// Whose fault it is shows one by one: the others follow.
			p.add = slices.DeleteFunc(p.add, func(o Subscription) bool { return o.Feed != feeds[0] })
			err = s.subscribeAgain(ctx, p.add)
		}
		switch {
		case err == nil:
			r.mu.Lock()
			clear(r.applied)
			clear(r.asks)
			r.mu.Unlock()
			r.related(s, p.add)
			s.tell()
			return nil
		case !errors.As(err, &refused):
			return s.tried(ctx, err)
		}
		r.refuse(p.add[0].Feed, err, epoch)
	}
}
