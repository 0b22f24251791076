package videoroom

import (
	"context"
	"errors"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

// enterAgain joins after a rebuild that could not.
func (r *Room) enterAgain(ctx context.Context) error {
	err := r.rejoin(ctx)
	var refused *client.PluginError
	r.mu.Lock()
	outside := r.outside
	r.mu.Unlock()
	if outside && errors.As(err, &refused) {
		r.end(err)
	}
	return err
}

// rejoin brings us back into the room after a rebuild of the session. The
// connections follow when the stream of events says that it is done.
func (r *Room) rejoin(ctx context.Context) error {
	reply, err := r.pub.enterAgain(ctx)
	r.mu.Lock()
	r.outside = err != nil
	if err == nil {
		r.entered(reply)
	}
	if reply != nil && err == nil {
		r.missed = time.Now().Add(comeBack)
		r.forgive()
	}
	r.mu.Unlock()
	if err != nil {
		return err
	}
	return r.pub.configureAgain(ctx)
}

// miss tells of those who were there before a rebuild, had time to come back, and
// did not.
func (r *Room) miss() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.who.absent) == 0 || time.Now().Before(r.missed) {
		return
	}
	for id, display := range r.who.absent {
		r.pub.vanished(id)
		r.push(&Left{EventBase: r.pub.base("left"), Feed: id, Display: display})
	}
	clear(r.who.absent)
}
