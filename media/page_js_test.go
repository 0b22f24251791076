package media_test

import (
	"context"
	"syscall/js"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// balanced fails the test when it leaves functions behind that JavaScript may
// call. Register it first, so that it runs last.
func balanced(t *testing.T) {
	t.Helper()
	before := jsx.Live()
	t.Cleanup(func() { require.Equal(t, before, jsx.Live(), "functions that JavaScript may call") })
}

// attach attaches to a plugin of the real Janus, and returns a peer for the
// handle.
func attach(ctx context.Context, t *testing.T, plugin string) (*client.Handle, *media.Peer) {
	t.Helper()
	c, err := client.Dial(ctx, page.Janus(t).WS, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	h, err := s.Attach(ctx, "janus.plugin."+plugin, nil)
	require.NoError(t, err)
	p, err := media.NewPeer(h, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return h, p
}

// echo is a peer on an echo test of the real Janus.
type echo struct {
	*media.Peer
	handle  *echotest.Handle
	skipped []client.Event
}

func newEcho(ctx context.Context, t *testing.T, opts *media.Options) *echo {
	t.Helper()
	return newEchoAt(ctx, t, page.Janus(t).WS, opts)
}

func newEchoAt(ctx context.Context, t *testing.T, url string, opts *media.Options) *echo {
	t.Helper()
	c, err := client.Dial(ctx, url, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	h, err := echotest.Attach(ctx, s, nil)
	require.NoError(t, err)
	p, err := media.NewPeer(h, opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	return &echo{Peer: p, handle: h}
}

// send adds sources.
func (e *echo) send(t *testing.T, sources ...media.Source) []*media.Sender {
	t.Helper()
	var senders []*media.Sender
	for _, src := range sources {
		s, err := e.Add(src, nil)
		require.NoError(t, err)
		senders = append(senders, s)
	}
	return senders
}

// event returns the next event of type E, and keeps those of other types.
func event[E client.Event](ctx context.Context, t *testing.T, e *echo) E {
	t.Helper()
	for i, ev := range e.skipped {
		if found, ok := ev.(E); ok {
			e.skipped = append(e.skipped[:i:i], e.skipped[i+1:]...)
			return found
		}
	}
	for {
		ev, err := e.handle.Next(ctx)
		require.NoError(t, err)
		if found, ok := ev.(E); ok {
			return found
		}
		e.skipped = append(e.skipped, ev)
	}
}

// tracks waits for n remote tracks.
func (e *echo) tracks(ctx context.Context, t *testing.T, n int) map[media.Kind]*media.Track {
	t.Helper()
	found := map[media.Kind]*media.Track{}
	for len(found) < n {
		track := event[*media.TrackAdded](ctx, t, e).Track
		found[track.Kind] = track
	}
	return found
}

// devices opens what is asked for; it closes with the test.
func devices(ctx context.Context, t *testing.T, req media.DeviceRequest) []media.Source {
	t.Helper()
	sources, err := media.Device(ctx, req)
	require.NoError(t, err)
	for _, s := range sources {
		t.Cleanup(func() { require.NoError(t, s.Close()) })
	}
	return sources
}

// newElement puts an element into the page, until the test ends.
func newElement(t *testing.T, tag, id string) js.Value {
	t.Helper()
	document := js.Global().Get("document")
	el := document.Call("createElement", tag)
	el.Set("id", id)
	document.Get("body").Call("append", el)
	t.Cleanup(func() { el.Call("remove") })
	return el
}

// until waits for a condition.
func until(ctx context.Context, t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			require.FailNow(t, "in vain: "+what)
		}
	}
}

// pixels returns a small copy of what a video shows.
func pixels(video js.Value) string {
	canvas := js.Global().Get("document").Call("createElement", "canvas")
	canvas.Set("width", 64)
	canvas.Set("height", 48)
	c := canvas.Call("getContext", "2d")
	c.Call("drawImage", video, 0, 0, 64, 48)
	return string(jsx.Bytes(c.Call("getImageData", 0, 0, 64, 48).Get("data")))
}

// moves waits until a video shows a picture, and then others.
func moves(ctx context.Context, t *testing.T, video js.Value) {
	t.Helper()
	until(ctx, t, "a picture", func() bool { return video.Get("videoWidth").Int() > 0 })
	seen := map[string]bool{}
	until(ctx, t, "a picture that moves", func() bool {
		seen[pixels(video)] = true
		return len(seen) > 3
	})
}

// nothing is the configuration of an echo test that needs none.
var nothing echotest.Config

// end is a peer and its link.
type end struct {
	*media.Peer
	link *link
}

// newEnds returns two peers of this page, joined by links.
func newEnds(t *testing.T) (a, b end) {
	t.Helper()
	page.Env(t, "BIFRONS_BROWSER") // in Chromium only
	la, lb := newLinks()
	for _, e := range []struct {
		end  *end
		link *link
	}{{&a, la}, {&b, lb}} {
		p, err := media.NewPeer(e.link, nil)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, p.Close()) })
		*e.end = end{p, e.link}
	}
	return a, b
}

// connect runs an exchange that from begins, and waits for the connection.
func connect(ctx context.Context, t *testing.T, from, to end) {
	t.Helper()
	offer, err := from.Offer(ctx, false)
	require.NoError(t, err)
	answer, err := to.Answer(ctx, offer)
	require.NoError(t, err)
	require.NoError(t, from.Accept(ctx, answer))
	awaitState(t, from.link, media.StateConnected)
	awaitState(t, to.link, media.StateConnected)
}
