package readme_test

import (
	"context"
	"syscall/js"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

func echoPage(ctx context.Context, url string) {
	// README begins
	c := must(client.Dial(ctx, url, nil))
	defer c.Close()
	session := must(c.NewSession(ctx))
	echo := must(echotest.Attach(ctx, session, nil))
	peer := must(media.NewPeer(echo, nil))
	defer peer.Close()
	for _, source := range must(media.Device(ctx, media.DeviceRequest{Audio: true, Video: true})) {
		must(peer.Add(source, nil))
	}
	screen := must(media.Element("#echo"))
	defer screen.Close()
	check(echo.Start(ctx, echotest.Config{}, peer))
	for ev, err := range echo.Events(ctx) {
		check(err)
		if added, ok := ev.(*media.TrackAdded); ok {
			check(added.Track.Attach(screen))
		}
	}
	// README ends
}

// The page of the README does what it says.
func TestBrowserSnippet(t *testing.T) {
	url := page.Janus(t).WS
	document := js.Global().Get("document")
	video := document.Call("createElement", "video")
	video.Set("id", "echo")
	document.Get("body").Call("append", video)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	done := make(chan struct{})
	// It owns the run of the program, ends with ctx, and is waited for below.
	go func() { defer close(done); echoPage(ctx, url) }()
	require.Eventually(t, func() bool { return video.Get("videoWidth").Int() > 0 }, 30*time.Second, 50*time.Millisecond)
	cancel()
	<-done
	video.Call("remove")
}
