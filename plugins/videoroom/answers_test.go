package videoroom_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/hostile"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// drop forgets the result of a method.
func drop[T any](_ T, err error) error { return err }

// alive asks something that has a sensible answer.
func alive(g *hostile.Gateway, h *videoroom.Handle) hostile.Call {
	return func(ctx context.Context) error {
		g.Answer(`{"videoroom":"success","room":1,"exists":true}`, false, nil)
		return drop(h.Exists(ctx, client.NumID(1)))
	}
}

// enemyRooms has somebody manage the rooms of a gateway that says anything.
func enemyRooms(t *testing.T, g *hostile.Gateway, s *client.Session) *hostile.Guest {
	t.Helper()
	ctx := t.Context()
	h, fresh := attach(ctx, t, s), func() *videoroom.Handle { return attach(ctx, t, s) }
	one := client.NumID(1)
	detached := func(f func(*videoroom.Handle) error) error {
		x := fresh()
		err := f(x)
		require.NoError(t, x.Detach(ctx))
		return err
	}
	return &hostile.Guest{Events: []client.Nexter{h}, Alive: alive(g, h), Calls: []hostile.Call{
		func(ctx context.Context) error { return drop(h.Create(ctx, videoroom.CreateRequest{})) },
		func(ctx context.Context) error { return drop(h.Edit(ctx, videoroom.EditRequest{Room: one})) },
		func(ctx context.Context) error { return drop(h.Destroy(ctx, videoroom.DestroyRequest{Room: one})) },
		func(ctx context.Context) error { return drop(h.Exists(ctx, one)) },
		func(ctx context.Context) error { return drop(h.List(ctx, videoroom.ListRequest{})) },
		func(ctx context.Context) error { return drop(h.Allowed(ctx, videoroom.AllowedRequest{Room: one})) },
		func(ctx context.Context) error { return h.Kick(ctx, videoroom.KickRequest{Room: one, ID: one}) },
		func(ctx context.Context) error { return h.Moderate(ctx, videoroom.ModerateRequest{Room: one, ID: one}) },
		func(ctx context.Context) error { return h.EnableRecording(ctx, videoroom.RecordRequest{Room: one}) },
		func(ctx context.Context) error { return drop(h.ListParticipants(ctx, one)) },
		func(ctx context.Context) error { return drop(h.RTPForward(ctx, videoroom.ForwardRequest{Room: one})) },
		func(ctx context.Context) error { return h.StopRTPForward(ctx, videoroom.StopForwardRequest{Room: one}) },
		func(ctx context.Context) error {
			return drop(h.ListForwarders(ctx, videoroom.ListForwardersRequest{Room: one}))
		},
		func(ctx context.Context) error {
			return drop(h.AddRemotePublisher(ctx, videoroom.AddRemoteRequest{Room: one}))
		},
		func(ctx context.Context) error {
			return h.UpdateRemotePublisher(ctx, videoroom.UpdateRemoteRequest{Room: one})
		},
		func(ctx context.Context) error {
			return h.RemoveRemotePublisher(ctx, videoroom.RemoveRemoteRequest{Room: one})
		},
		func(ctx context.Context) error {
			return h.PublishRemotely(ctx, videoroom.PublishRemotelyRequest{Room: one})
		},
		func(ctx context.Context) error {
			return h.UnpublishRemotely(ctx, videoroom.UnpublishRemotelyRequest{Room: one})
		},
		func(ctx context.Context) error {
			return drop(h.ListRemotes(ctx, videoroom.ListRemotesRequest{Room: one}))
		},
		func(ctx context.Context) error {
			return detached(func(x *videoroom.Handle) error {
				_, _, err := x.Join(ctx, videoroom.JoinRequest{Room: one})
				return err
			})
		},
		func(ctx context.Context) error {
			return detached(func(x *videoroom.Handle) error {
				_, _, err := x.JoinAndConfigure(ctx, videoroom.JoinRequest{Room: one}, videoroom.PublishRequest{}, hostile.Peer{})
				return err
			})
		},
		func(ctx context.Context) error {
			return detached(func(x *videoroom.Handle) error {
				_, err := x.Subscribe(ctx, subscribeRequest, hostile.Peer{})
				return err
			})
		},
	}}
}

const (
	joinedBody   = `{"videoroom":"joined","room":1,"id":2,"private_id":3,"publishers":[{"id":7,"streams":[{"type":"video","mid":"0"}]}]}`
	attachedBody = `{"videoroom":"attached","room":1,"streams":[{"mid":"0","mindex":0,"type":"video","active":true,"feed_id":7,"feed_mid":"0"}]}`
)

var subscribeRequest = videoroom.SubscribeRequest{Room: client.NumID(1), Streams: []videoroom.Subscription{feed(7)}}

// enemyRoles has a publisher and a subscriber.
func enemyRoles(t *testing.T, g *hostile.Gateway, s *client.Session) *hostile.Guest {
	t.Helper()
	ctx := t.Context()
	g.Answer(joinedBody, true, nil)
	pub, _, err := attach(ctx, t, s).Join(ctx, videoroom.JoinRequest{Room: client.NumID(1)})
	require.NoError(t, err)
	g.Answer(attachedBody, true, &client.JSEP{Type: "offer", SDP: hostile.Description})
	sub, err := attach(ctx, t, s).Subscribe(ctx, subscribeRequest, hostile.Peer{})
	require.NoError(t, err)
	return &hostile.Guest{
		Events: []client.Nexter{pub, sub}, Alive: alive(g, pub.Handle), Known: []error{videoroom.ErrHungUp},
		Calls: []hostile.Call{
			func(ctx context.Context) error {
				return drop(pub.Publish(ctx, videoroom.PublishRequest{}, hostile.Peer{}))
			},
			func(ctx context.Context) error { return pub.Configure(ctx, videoroom.PublishRequest{Bitrate: new(1)}) },
			func(ctx context.Context) error { return drop(pub.Renegotiate(ctx)) },
			func(ctx context.Context) error { return drop(pub.Restart(ctx)) },
			pub.Unpublish,
			func(ctx context.Context) error { return sub.Add(ctx, feed(8)) },
			func(ctx context.Context) error { return sub.Update(ctx, []videoroom.Subscription{feed(9)}, nil) },
			func(ctx context.Context) error {
				return sub.Unsubscribe(ctx, videoroom.Unsubscription{Feed: client.NumID(7)})
			},
			func(ctx context.Context) error {
				return sub.Switch(ctx, videoroom.SwitchStream{Feed: client.NumID(7), MID: "0", SubMID: "0"})
			},
			func(ctx context.Context) error { return sub.Configure(ctx, videoroom.ConfigureStream{MID: "0"}) },
			sub.Pause, sub.Resume, sub.Renegotiate, sub.Restart,
		},
	}
}

// enemyRoom is somebody who only wants to be in a room.
func enemyRoom(t *testing.T, g *hostile.Gateway, s *client.Session) *hostile.Guest {
	t.Helper()
	ctx := t.Context()
	g.Answer(joinedBody, true, nil)
	newPeer := func(*client.Handle) (client.Negotiator, error) { return hostile.Peer{}, nil }
	r, err := videoroom.Join(ctx, s, videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: client.NumID(1)}, NewPeer: newPeer})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.Leave(context.WithoutCancel(ctx))) })
	seven := client.NumID(7)
	wanted := videoroom.Wanted{}
	return &hostile.Guest{
		Events: []client.Nexter{r}, Known: []error{videoroom.ErrHungUp},
		Calls: []hostile.Call{
			func(ctx context.Context) error {
				wanted.All = !wanted.All
				r.Want(wanted)
				ctx, cancel := context.WithTimeout(ctx, 1)
				defer cancel()
				_ = r.Sync(ctx) // it need not come about
				return nil
			},
			func(ctx context.Context) error { return drop(r.Publish(ctx, videoroom.PublishRequest{}, newPeer)) },
			func(ctx context.Context) error { return r.Configure(ctx, videoroom.PublishRequest{Bitrate: new(1)}) },
			func(context.Context) error { return r.Tune(seven, videoroom.Relay{Substream: new(1)}) },
			func(ctx context.Context) error { return r.Switch(ctx, seven, client.NumID(8)) },
			func(ctx context.Context) error { return r.Kick(ctx, seven) },
			func(ctx context.Context) error { return r.Moderate(ctx, seven, "0", true) },
			r.Unpublish,
		},
	}
}

// TestHostileAnswers has every request answered with nonsense.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	kinds := []string{"event", "success", "joined", "updated"}
	fields := []string{
		"room", "id", "private_id", "streams", "publishers", "attendees", "unpublished", "leaving", "joining", "kicked", "configured",
		"list", "participants", "allowed", "exists", "display", "rtp_stream", "forwarders", "mid", "substream", "moderation", "error_code",
	}
	bodies := hostile.Bodies("videoroom", kinds, fields)
	for name, enter := range map[string]hostile.Enter{"rooms": enemyRooms, "roles": enemyRoles, "room": enemyRoom} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hostile.Run(t, videoroom.Plugin, bodies, enter)
		})
	}
}

// FuzzAnswers has everything answered with one thing, which comes as an event, too.
func FuzzAnswers(f *testing.F) {
	for i, body := range []string{joinedBody, attachedBody, `{"videoroom":"updated","streams":[{"mid":"0","active":true}]}`} {
		f.Add([]byte(body), uint(i))
	}
	f.Fuzz(func(t *testing.T, body []byte, n uint) {
		if json.Valid(body) {
			for _, enter := range []hostile.Enter{enemyRooms, enemyRoles, enemyRoom} {
				hostile.One(t, videoroom.Plugin, string(body), n, enter)
			}
		}
	})
}
