//go:build !js

package reference_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/leak"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
	"github.com/bifrons-rtc/bifrons/transport"
)

var gateway janustesting.Shared

func TestMain(m *testing.M) { leak.Main(janustesting.Main(m, &gateway)) }

// start returns a client and a session for one test, which runs in a folder with
// the clip.
func start(t *testing.T) (context.Context, *client.Client, *client.Session) {
	t.Helper()
	gw := gateway.Get(t)
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, clip.FS))
	t.Chdir(dir)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	c, err := client.Dial(ctx, gw.WS(), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	s, err := c.NewSession(ctx)
	require.NoError(t, err)
	return ctx, c, s
}

func TestJanusSession(t *testing.T) {
	ctx, c, s := start(t)
	gw := gateway.Get(t)
	session(ctx, gw.WS(), "a token", "")
	ask(ctx, c)
	settings(ctx, gw.WS())
	settings(ctx, gw.HTTP())
	h, err := s.Attach(ctx, videoroom.Plugin, nil)
	require.NoError(t, err)
	require.Contains(t, string(transaction(ctx, h)), `"list"`)
	ownPlugin(ctx, s)
	short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	onEvent(short, h)
}

func TestJanusAdmin(t *testing.T) {
	gw := janustesting.New(t, &janusproc.Options{TokenAuth: true})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	administer(ctx, gw.AdminHTTP(), gw.AdminSecret(), "a token")
	session(ctx, gw.WS(), "a token", "") // it may use the echo test
}

func TestOwnTransport(t *testing.T) {
	srv := janustest.NewServer(nil)
	defer srv.Close()
	ownTransport(t.Context(), srv.Dialer())
	c := &conn{polls: map[uint64]transport.Auth{}}
	c.Poll(5, transport.Auth{})
	require.Len(t, c.polls, 1)
	c.Unpoll(5)
	require.Empty(t, c.polls)
}

func TestJanusEcho(t *testing.T) {
	ctx, _, s := start(t)
	echo(ctx, s)
	f, err := os.Open("echo.webm")
	require.NoError(t, err)
	defer f.Close()
	found, err := media.Inspect(ctx, f)
	require.NoError(t, err)
	require.Len(t, found.Tracks, 2)
}

func TestJanusRoom(t *testing.T) {
	ctx, _, s := start(t)
	h, err := videoroom.Attach(ctx, s, nil)
	require.NoError(t, err)
	const secret = "adminpwd"
	created, err := h.Create(ctx, videoroom.CreateRequest{Secret: secret})
	require.NoError(t, err)
	room := publish(ctx, s, created.Room)
	file, err := os.Create(filepath.Join(t.TempDir(), "got.webm"))
	require.NoError(t, err)
	subscribe(ctx, s, created.Room, room.Self(), file)
	forward(ctx, s, created.Room, room.Self(), secret, 5004)
	manage(ctx, s, created.Room, secret)
	peer, err := media.NewPeer(h, nil)
	require.NoError(t, err)
	state(peer, room)
	require.NoError(t, room.Leave(ctx))
	state(peer, room)
	files(ctx, peer, nil)
	require.NoError(t, peer.Close())
}

func TestJanusCall(t *testing.T) {
	ctx, _, s := start(t)
	done := make(chan struct{})
	// It answers one call and ends with it; waited for below.
	go func() { defer close(done); answerCalls(ctx, s) }()
	h, err := videocall.Attach(ctx, s, nil)
	require.NoError(t, err)
	require.NoError(t, h.Register(ctx, "ann"))
	require.Eventually(t, func() bool {
		names, err := h.List(ctx)
		return err == nil && len(names) == 2
	}, 30*time.Second, time.Millisecond)
	peer, err := media.NewPeer(h, nil)
	require.NoError(t, err)
	require.NoError(t, peer.Receive(media.Audio))
	require.NoError(t, h.Call(ctx, "bob", peer))
	for ev, err := range h.Events(ctx) {
		require.NoError(t, err)
		if _, up := ev.(*client.WebRTCUp); up {
			break
		}
	}
	require.NoError(t, h.End(ctx, "bye"))
	<-done
	require.NoError(t, peer.Close())
}
