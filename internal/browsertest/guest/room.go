//go:build !js

package guest

import (
	"context"
	"fmt"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// enterRoom joins a video room, publishes, and receives everybody.
func (g *Guest) enterRoom(ctx context.Context, s *client.Session, o Options) (func(context.Context) error, error) {
	room, err := videoroom.Join(ctx, s, videoroom.RoomOptions{
		Join:    videoroom.JoinRequest{Room: client.NumID(o.Room), Display: o.Name},
		Wanted:  videoroom.Wanted{All: true},
		NewPeer: func(h *client.Handle) (client.Negotiator, error) { return media.NewPeer(h, nil) },
	})
	if err != nil {
		return nil, err
	}
	g.quit = append(g.quit, room.Leave)
	g.do = func(ctx context.Context, what, arg string) (any, error) {
		switch what {
		case "self":
			return room.Self(), nil
		case "received":
			return g.rec.received(ctx, arg)
		}
		return nil, errUnknown
	}
	if _, err := room.Publish(ctx, videoroom.PublishRequest{}, g.sending); err != nil {
		return nil, err
	}
	return func(ctx context.Context) error {
		for ev, err := range room.Events(ctx) {
			if err != nil {
				return err
			}
			switch ev := ev.(type) {
			case *media.TrackAdded:
				if err := g.rec.add(room.Stream(ev.Track.MID).FeedID.String(), ev.Track); err != nil {
					return err
				}
			case *client.PluginEvent:
				return fmt.Errorf("an event nobody knows: %s", ev.Raw)
			}
		}
		return nil
	}, nil
}
