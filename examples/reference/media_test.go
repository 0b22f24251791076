//go:build !js

package reference_test

import (
	"context"
	"io"
	"log"
	"os"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

func echo(ctx context.Context, s *client.Session) {
	// README begins
	h := must(echotest.Attach(ctx, s, nil))
	peer := must(media.NewPeer(h, nil))
	defer peer.Close()
	for _, source := range must(media.File(ctx, nil, "clip.ivf", "clip.ogg")) {
		must(peer.Add(source, nil))
	}
	recorder := must(media.Record(must(os.Create("echo.webm")), nil))
	defer recorder.Close()
	check(h.Start(ctx, echotest.Config{}, peer))
	for tracks := 0; tracks < 2; {
		switch ev := must(h.Next(ctx)).(type) {
		case *client.WebRTCUp: // wait_webrtcup
			log.Println("connected")
		case *media.TrackAdded:
			check(ev.Track.Attach(recorder))
			tracks++
		}
	}
	for _, sender := range peer.Senders() {
		log.Println("sends", sender.Kind())
	}
	check(h.Stop(ctx))
	// README ends
}

func files(ctx context.Context, peer *media.Peer, tracks []*media.Track) {
	// README begins
	sources := must(media.File(ctx, &media.FileOptions{Loop: true}, "clip.ivf", "clip.ogg")) // MediaPlayer
	for _, source := range sources {
		must(peer.Add(source, nil))
	}
	recorder := must(media.Record(must(os.Create("out.webm")), nil)) // MediaRecorder
	for _, track := range tracks {
		check(track.Attach(recorder))
	}
	defer recorder.Close()
	// README ends
}

func publish(ctx context.Context, s *client.Session, id client.ID) *videoroom.Room {
	// README begins
	room := must(videoroom.Join(ctx, s, videoroom.RoomOptions{
		Join: videoroom.JoinRequest{Room: id, Display: "me"},
	}))
	must(room.Publish(ctx, videoroom.PublishRequest{}, func(h *client.Handle) (client.Negotiator, error) {
		peer := must(media.NewPeer(h, nil)) // closes with the room
		for _, source := range must(media.File(ctx, nil, "clip.ivf", "clip.ogg")) {
			must(peer.Add(source, nil))
		}
		return peer, nil
	}))
	// README ends
	return room
}

func subscribe(ctx context.Context, s *client.Session, id, feed client.ID, file io.WriteCloser) {
	// README begins
	room := must(videoroom.Join(ctx, s, videoroom.RoomOptions{
		Join:    videoroom.JoinRequest{Room: id},
		NewPeer: func(h *client.Handle) (client.Negotiator, error) { return media.NewPeer(h, nil) },
		Wanted:  videoroom.Wanted{Feeds: []client.ID{feed}}, // or All: true
	}))
	recorder := must(media.Record(file, nil))
	for tracks := 0; tracks < 2; {
		if added, ok := must(room.Next(ctx)).(*media.TrackAdded); ok {
			check(added.Track.Attach(recorder))
			tracks++
		}
	}
	room.Want(videoroom.Wanted{}) // unsubscribe()
	check(recorder.Close())
	check(room.Leave(ctx))
	// README ends
}

func manage(ctx context.Context, s *client.Session, id client.ID, secret string) {
	// README begins
	h := must(videoroom.Attach(ctx, s, nil))
	must(h.Edit(ctx, videoroom.EditRequest{Room: id, Secret: secret, Description: new("ours"), Bitrate: new(512_000)}))
	must(h.Allowed(ctx, videoroom.AllowedRequest{
		Room: id, Secret: secret, Action: videoroom.AllowedAdd, Allowed: []string{"ann", "bob"},
	}))
	// README ends
}

func state(peer *media.Peer, room *videoroom.Room) {
	// README begins
	select {
	case <-room.Done():
		log.Println("left, because", room.Err())
	default:
		log.Println(peer.State(), len(room.Attendees()), "others,", len(room.Streams()), "streams received")
	}
	// README ends
}

func forward(ctx context.Context, s *client.Session, id, feed client.ID, secret string, port int) {
	// README begins
	h := must(videoroom.Attach(ctx, s, nil))
	forwarders := must(h.RTPForward(ctx, videoroom.ForwardRequest{
		Room: id, PublisherID: feed, Secret: secret, Host: "127.0.0.1",
		Streams: []videoroom.ForwardStream{{MID: "0", Port: port}},
	}))
	for _, f := range forwarders {
		check(h.StopRTPForward(ctx, videoroom.StopForwardRequest{
			Room: id, PublisherID: feed, Secret: secret, StreamID: f.StreamID,
		}))
	}
	// README ends
}

func answerCalls(ctx context.Context, s *client.Session) {
	// README begins
	h := must(videocall.Attach(ctx, s, nil))
	check(h.Register(ctx, "bob"))
	for ev, err := range h.Events(ctx) {
		check(err)
		switch ev := ev.(type) {
		case *videocall.Incoming: // h.Call(ctx, "bob", peer) on the other side
			check(h.Accept(ctx, ev, must(media.NewPeer(h, nil))))
		case *client.Hangup:
			return
		}
	}
	// README ends
}
