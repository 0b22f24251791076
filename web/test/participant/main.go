//go:build !js

// Command participant is the native one in the room of web/test/stage: it sends
// the clip, receives everybody, and prints what happens and how many frames came
// so far, as lines of JSON. It ends with standard input.
//
//	participant URL TOKEN-URL
//
// Nothing in it is about anything that goes wrong.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	go func() { // ends with standard input
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	if err := participate(ctx, os.Args[1], os.Args[2]); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "participant:", err)
		os.Exit(1)
	}
}

// line is what is printed.
type line struct {
	Event   string `json:"event"`
	Rebuilt bool   `json:"rebuilt"`
	Error   string `json:"error,omitempty"`
	Audio   int64  `json:"audio"` // frames
	Video   int64  `json:"video"`
}

func participate(ctx context.Context, url, tokens string) error {
	token := func(ctx context.Context) (client.Credentials, error) {
		token, err := get(ctx, tokens)
		return client.Credentials{Token: token}, err
	}
	c, err := client.Dial(ctx, url, &client.Options{Credentials: token})
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // it is nil
	session, err := c.NewSession(ctx)
	if err != nil {
		return err
	}
	room, err := videoroom.Join(ctx, session, videoroom.RoomOptions{
		Join:    videoroom.JoinRequest{Room: client.NumID(1234), Display: "native"},
		Wanted:  videoroom.Wanted{All: true},
		NewPeer: func(h *client.Handle) (client.Negotiator, error) { return media.NewPeer(h, nil) },
	})
	if err != nil {
		return err
	}
	defer room.Leave(context.WithoutCancel(ctx)) //nolint:errcheck // it ends with the client
	sources, err := media.File(ctx, &media.FileOptions{Loop: true, FS: clip.FS}, clip.Audio, clip.Video)
	if err != nil {
		return err
	}
	_, err = room.Publish(ctx, videoroom.PublishRequest{}, func(h *client.Handle) (client.Negotiator, error) { //nolint:contextcheck // a peer outlives the call
		peer, err := media.NewPeer(h, nil)
		if err != nil {
			return nil, err
		}
		for _, source := range sources {
			if _, err := peer.Add(source, nil); err != nil {
				return nil, err
			}
		}
		return peer, nil
	})
	if err != nil {
		return err
	}
	return listen(ctx, room)
}

// listen prints what happens until ctx ends.
func listen(ctx context.Context, room *videoroom.Room) error {
	var audio, video atomic.Int64
	lines := make(chan line)
	// It prints; ends with ctx.
	go func() {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for out := json.NewEncoder(os.Stdout); ; {
			l := line{Event: "frames"}
			select {
			case l = <-lines:
			case <-tick.C:
			case <-ctx.Done():
				return
			}
			l.Audio, l.Video = audio.Load(), video.Load()
			_ = out.Encode(l)
		}
	}()
	for ev, err := range room.Events(ctx) {
		if err != nil {
			return err
		}
		l := line{Event: ev.Base().Kind}
		switch ev := ev.(type) {
		case *media.TrackAdded:
			count := &audio
			if ev.Track.Kind == media.Video {
				count = &video
			}
			sink, err := media.NewSampleSink()
			if err != nil {
				return err
			}
			if err := ev.Track.Attach(sink); err != nil {
				return err
			}
			// It counts frames; ends with the track.
			go func() {
				for {
					_, err := sink.Read(ctx)
					if _, late := errors.AsType[*media.DroppedError](err); err != nil && !late {
						return
					}
					count.Add(1)
				}
			}()
		case *client.Resumed:
			l.Rebuilt = ev.Rebuilt
		case *videoroom.SubscriptionFailed:
			l.Error = ev.Err.Error()
		case *videoroom.PublicationFailed:
			l.Error = ev.Err.Error()
		}
		select {
		case lines <- l:
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}

// get returns what is at a URL.
func get(ctx context.Context, url string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close() //nolint:errcheck // it was only read
	b, err := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
	return string(b), err
}
