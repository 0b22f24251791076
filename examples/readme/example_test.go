// Package readme_test holds the program in README.md, so that it compiles and
// runs.
package readme_test

import (
	"context"
	"errors"
	"log"
	"os"
	"runtime"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

func Example() {
	echoTest(context.Background(), "ws://127.0.0.1:8188/")
}

func echoTest(ctx context.Context, url string) {
	// README begins
	c := must(client.Dial(ctx, url, nil))
	defer c.Close()
	session := must(c.NewSession(ctx))
	echo := must(echotest.Attach(ctx, session, nil))
	peer := must(media.NewPeer(echo, nil))
	defer peer.Close()
	for _, source := range must(media.File(ctx, nil, "clip.ivf", "clip.ogg")) {
		must(peer.Add(source, nil))
	}
	recorder := must(media.Record(must(os.Create("echo.webm")), nil))
	defer recorder.Close()
	check(echo.Start(ctx, echotest.Config{}, peer)) // offer, answer and candidates
	for ev, err := range echo.Events(ctx) {
		check(err)
		if added, ok := ev.(*media.TrackAdded); ok {
			check(added.Track.Attach(recorder))
		}
	}
	// README ends
}

func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if errors.Is(err, context.Canceled) {
		runtime.Goexit() // the test has seen enough; what is deferred runs
	}
	if err != nil {
		log.Fatal(err)
	}
}
