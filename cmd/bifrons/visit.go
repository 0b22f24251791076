//go:build !js

package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// visit is one stay in a video room: what to send there, what to record, and for
// how long.
type visit struct {
	app     *app
	cmd     *cli.Command
	show    *display
	url     string
	join    videoroom.JoinRequest
	wanted  videoroom.Wanted
	length  time.Duration // zero: until interrupted
	timeout time.Duration
	retry   time.Duration
	once    bool     // ends with the sources
	files   []string // of the sources

	sources []media.Source // empty: nothing is published
	shelf   *shelf         // nil: nothing is recorded
	room    *videoroom.Room
	people  people

	connected bool // what we send arrived
	away      bool // the connection is lost
	played    int  // sources that ended
	meter     meter

	mu      sync.Mutex  // protects out and in, which the room makes anew when it has to
	out, in *media.Peer // nil: none so far
}

// stay enters the room, and is there until it is over.
func (v *visit) stay(ctx context.Context) error {
	c, err := v.app.connect(ctx, v.cmd, v.url, reconnect(v.retry))
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // it is nil
	session, err := c.NewSession(ctx)
	if err != nil {
		return err
	}
	defer destroy(ctx, session)
	opts := videoroom.RoomOptions{Join: v.join}
	if v.shelf != nil {
		opts.NewPeer, opts.Wanted = v.receiver, v.wanted
	}
	if v.room, err = videoroom.Join(ctx, session, opts); err != nil {
		return joinFix(err, v.join.Room)
	}
	defer v.leave(ctx)
	defer v.show.end()
	v.entered()
	if len(v.sources) > 0 {
		if _, err := v.room.Publish(ctx, videoroom.PublishRequest{}, v.sender); err != nil {
			return joinFix(err, v.join.Room)
		}
	}
	return v.finish(ctx, v.run(ctx))
}

// reconnect tries for as long as the user wants.
func reconnect(d time.Duration) client.Reconnect {
	if d <= 0 {
		return client.Reconnect{Off: true}
	}
	return client.Reconnect{Budget: d}
}

func (v *visit) leave(ctx context.Context) {
	ctx, cancel := afterwards(ctx)
	defer cancel()
	_ = v.room.Leave(ctx) // it ends with the session anyway
}

// sender makes the peer that sends.
func (v *visit) sender(h *client.Handle) (client.Negotiator, error) {
	peer, err := media.NewPeer(h, nil)
	if err != nil {
		return nil, err
	}
	for _, s := range v.sources {
		if _, err := peer.Add(s, nil); err != nil {
			return nil, errors.Join(err, peer.Close())
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.out = peer
	return peer, nil
}

// receiver makes the peer that receives.
func (v *visit) receiver(h *client.Handle) (client.Negotiator, error) {
	peer, err := media.NewPeer(h, nil)
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.in = peer
	return peer, nil
}

func (v *visit) peers() (out, in *media.Peer) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.out, v.in
}
