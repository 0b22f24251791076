// This example shows how to:
//
//  1. connect to a gateway and attach to its echo test
//  2. send audio and video from files
//  3. read one stream of events, those of the gateway and those of media
//  4. record what comes back
//
// Give it the URL of a gateway and what to send, then look at echo.webm. Without
// a URL it starts a gateway of its own:
//
//	go run ./examples/echotest ws://127.0.0.1:8188/ internal/clip/clip.{ivf,ogg}
//
// And in a page, which asks for the same and plays what it has recorded:
//
//	GOOS=js GOARCH=wasm go build -o examples/echotest/web/main.wasm ./examples/echotest
//	cp "$(go env GOROOT)/lib/wasm/wasm_exec.js" examples/echotest/web
//	python3 -m http.server -d examples/echotest/web
package main

import (
	"context"
	"errors"
	"log"
	"os"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/examples/internal/place"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(args []string) error {
	gw, err := place.Find(args)
	if err != nil {
		return err
	}
	defer gw.Close()
	if len(gw.Args) == 0 {
		return errors.New("usage: echotest [URL] FILES")
	}
	return echo(context.Background(), gw.URL, "echo.webm", gw.Args...)
}

// echo plays files through the gateway at url and records them in out.
func echo(ctx context.Context, url, out string, files ...string) error {
	c, err := client.Dial(ctx, url, nil)
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // always nil
	s, err := c.NewSession(ctx)
	if err != nil {
		return err
	}
	h, err := echotest.Attach(ctx, s, nil)
	if err != nil {
		return err
	}
	peer, err := media.NewPeer(h, nil)
	if err != nil {
		return err
	}
	defer peer.Close() //nolint:errcheck // always nil
	sources, err := media.File(ctx, nil, files...)
	for _, src := range sources {
		defer src.Close() //nolint:errcheck // it was only read
		_, addErr := peer.Add(src, nil)
		err = errors.Join(err, addErr)
	}
	if err != nil {
		return err
	}
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	rec, err := media.Record(f, nil)
	if err != nil {
		return err
	}
	if err := h.Start(ctx, echotest.Config{}, peer); err != nil {
		return errors.Join(err, rec.Close())
	}
	// It waits for the sources, which end with their files or with echo, and
	// hangs up. Nobody waits for it.
	go func() {
		for _, src := range sources {
			<-src.Done()
		}
		_ = h.Hangup(ctx) // nothing to hang up any more is fine, too
	}()
	for ev, err := range h.Events(ctx) {
		if err != nil {
			return errors.Join(err, rec.Close())
		}
		switch ev := ev.(type) {
		case *media.TrackAdded:
			log.Println(ev.Track.Kind, "is back:", ev.Track.Codec.Name())
			if err := ev.Track.Attach(rec); err != nil {
				return errors.Join(err, rec.Close())
			}
		case *client.Hangup:
			log.Println("hung up:", ev.Reason)
			return rec.Close()
		}
	}
	return nil // not reached: the stream ends with an error
}
