package media_test

import (
	"context"
	"os"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
)

// This example sends a clip to the EchoTest plugin and records what comes back.
func Example() {
	ctx := context.Background()
	echo := func(h *client.Handle) error {
		peer, err := media.NewPeer(h, nil)
		if err != nil {
			return err
		}
		defer peer.Close()
		sources, err := media.File(ctx, nil, "clip.ivf", "clip.ogg")
		if err != nil {
			return err // names the file, the cause and the fix
		}
		for _, src := range sources {
			defer src.Close()
			if _, err := peer.Add(src, nil); err != nil {
				return err
			}
		}
		file, err := os.Create("echo.webm")
		if err != nil {
			return err
		}
		rec, err := media.Record(file, nil)
		if err != nil {
			return err
		}
		defer rec.Close()

		// Plugin packages do this exchange themselves: echotest.Handle.Start.
		offer, err := peer.Offer(ctx, false)
		if err != nil {
			return err
		}
		answer, err := h.Request(ctx, map[string]bool{"audio": true, "video": true}, offer)
		if err != nil {
			return err
		}
		if err := peer.Accept(ctx, answer.JSEP); err != nil {
			return err
		}
		for ev, err := range h.Events(ctx) {
			if err != nil {
				return err
			}
			switch ev := ev.(type) {
			case *media.TrackAdded:
				if err := ev.Track.Attach(rec); err != nil {
					return err
				}
			case *client.Hangup:
				return nil
			}
		}
		return nil
	}
	_ = echo
}

// This example is a page that talks to the EchoTest plugin: it sends camera and
// microphone and shows what comes back in its <video id="remote">.
func Example_page() {
	ctx := context.Background()
	echo := func(h *client.Handle, start func(client.Negotiator) error) error {
		peer, err := media.NewPeer(h, nil)
		if err != nil {
			return err
		}
		defer peer.Close()
		sources, err := media.Device(ctx, media.DeviceRequest{Audio: true, Video: true, Width: 1280, Height: 720})
		if len(sources) == 0 {
			return err // says what the user can do about it
		}
		for _, src := range sources {
			defer src.Close()
			if _, err := peer.Add(src, nil); err != nil {
				return err
			}
		}
		remote, err := media.Element("#remote")
		if err != nil {
			return err
		}
		defer remote.Close()
		if err := start(peer); err != nil {
			return err
		}
		for ev, err := range h.Events(ctx) {
			if err != nil {
				return err
			}
			if ev, ok := ev.(*media.TrackAdded); ok {
				if err := ev.Track.Attach(remote); err != nil {
					return err
				}
			}
		}
		return nil
	}
	_ = echo
}
