package media_test

import (
	"bytes"
	"context"
	"errors"
	"syscall/js"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/bifrons-rtc/bifrons/media"
)

// memory is a file in memory.
type memory struct {
	bytes.Buffer
	closed int
	fail   error
}

func (m *memory) Write(p []byte) (int, error) {
	if m.fail != nil {
		return 0, m.fail
	}
	return m.Buffer.Write(p)
}

func (m *memory) Close() error {
	m.closed++
	return nil
}

// record records an echo for a while and returns the file.
func record(ctx context.Context, t *testing.T) []byte {
	t.Helper()
	e := newEcho(ctx, t, nil)
	e.send(t, devices(ctx, t, media.DeviceRequest{Audio: true, Video: true})...)
	require.NoError(t, e.handle.Start(ctx, nothing, e))
	file := new(memory)
	rec, err := media.Record(file, nil)
	require.NoError(t, err)
	tracks := e.tracks(ctx, t, 2)
	for _, track := range tracks {
		require.NoError(t, track.Attach(rec))
	}
	until(ctx, t, "a second of it", func() bool { s := rec.Stats(); return s.Duration > time.Second && s.Bytes > 20_000 })
	require.NoError(t, rec.Err())
	require.NoError(t, rec.Close())
	require.NoError(t, rec.Close())
	<-rec.Done()
	require.NoError(t, rec.Err())
	require.Equal(t, 1, file.closed)
	require.Equal(t, int64(file.Len()), rec.Stats().Bytes)
	require.False(t, rec.Stats().Started.IsZero())
	require.ErrorIs(t, tracks[media.Audio].Attach(rec), media.ErrClosed)
	return file.Bytes()
}

// What was recorded plays, in an element and as a source for others.
func TestBrowserRecord(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	webm := record(ctx, t)
	require.Equal(t, "\x1aE\xdf\xa3", string(webm[:4]), "EBML")

	video := newElement(t, "video", "play")
	url := js.Global().Get("URL").Call("createObjectURL", js.Global().Get("Blob").New([]any{jsx.Uint8Array(webm)}))
	video.Set("muted", true)
	video.Set("loop", true)
	video.Set("src", url)
	video.Call("play")
	moves(ctx, t, video)
	until(ctx, t, "half a second of it", func() bool { return video.Get("currentTime").Float() > 0.5 })
	require.Equal(t, 640, video.Get("videoWidth").Int())

	files := fstest.MapFS{"echo.webm": {Data: webm}}
	sources, err := media.File(ctx, &media.FileOptions{FS: files, Loop: true}, "echo.webm")
	require.NoError(t, err)
	require.Len(t, sources, 2)
	for _, s := range sources {
		t.Cleanup(func() { require.NoError(t, s.Close()) })
	}
	e := newEcho(ctx, t, nil)
	e.send(t, sources...)
	require.NoError(t, e.handle.Start(ctx, nothing, e))
	shown, sink := element(t, "video", "shown")
	for _, track := range e.tracks(ctx, t, 2) {
		require.NoError(t, track.Attach(sink))
	}
	moves(ctx, t, shown)
	until(ctx, t, "sound of an element that is muted", func() bool {
		s, err := e.Stats(ctx)
		require.NoError(t, err)
		out := s.Stream(e.Senders()[1].MID(), true)
		return out != nil && out.AudioLevel > 0
	})

	once, err := media.File(ctx, &media.FileOptions{FS: files}, "echo.webm")
	require.NoError(t, err)
	_, own := element(t, "video", "once")
	require.NoError(t, own.Show(once[0]))
	for _, s := range once {
		<-s.Done()
		require.NoError(t, s.Err(), "it was played")
		require.NoError(t, s.Close())
	}
}

func TestBrowserRecordFails(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	e := newEcho(ctx, t, nil)
	e.send(t, devices(ctx, t, media.DeviceRequest{Video: true})...)
	require.NoError(t, e.handle.Start(ctx, nothing, e))
	track := e.tracks(ctx, t, 1)[media.Video]
	full := errors.New("disk full")
	file := &memory{fail: full}
	rec, err := media.Record(file, &media.RecordOptions{Wait: time.Millisecond})
	require.NoError(t, err)
	require.NoError(t, track.Attach(rec))
	var refused *media.CodecError
	require.ErrorAs(t, track.Attach(rec), &refused)
	<-rec.Done()
	require.ErrorIs(t, rec.Err(), full)
	require.ErrorIs(t, rec.Close(), full)
	require.NoError(t, rec.Close())
	require.Equal(t, 1, file.closed)

	unused, err := media.Record(file, nil)
	require.NoError(t, err)
	require.NoError(t, unused.Close())
	require.Equal(t, 2, file.closed)
}

// Files play only while somebody takes them.
func TestBrowserFile(t *testing.T) {
	balanced(t)
	ctx := testContext(t)
	document := js.Global().Get("document")
	_, sink := element(t, "audio", "heard")
	stub(t, document, "createElement", `(tag) => (lastMade = Document.prototype.createElement.call(document, tag))`)
	t.Cleanup(func() { js.Global().Delete("lastMade") })
	sources, err := media.File(ctx, &media.FileOptions{Loop: true, FS: clip.FS}, clip.Audio)
	require.NoError(t, err)
	file := js.Global().Get("lastMade")
	require.Len(t, sources, 1)
	require.Equal(t, media.Audio, sources[0].Kind())
	require.True(t, file.Get("paused").Bool())
	require.NoError(t, sink.Show(sources[0]))
	require.NoError(t, sink.Play(ctx))
	until(ctx, t, "the file to play", func() bool { return file.Get("currentTime").Float() > 0 })
	require.NoError(t, sink.Show(nil))
	require.True(t, file.Get("paused").Bool())

	e := newEcho(ctx, t, nil)
	sender := e.send(t, sources[0])[0]
	require.True(t, file.Get("paused").Bool(), "nobody is connected")
	require.NoError(t, e.handle.Start(ctx, nothing, e))
	e.tracks(ctx, t, 1)
	require.False(t, file.Get("paused").Bool())
	require.NoError(t, sender.Replace(ctx, nil))
	require.True(t, file.Get("paused").Bool())
	require.NoError(t, sender.Replace(ctx, sources[0]))
	require.False(t, file.Get("paused").Bool())
	require.NoError(t, e.Close())
	require.True(t, file.Get("paused").Bool())
	require.NoError(t, sources[0].Close())
	require.ErrorIs(t, sources[0].Err(), media.ErrClosed)
	require.False(t, file.Call("hasAttribute", "src").Bool())
}

func TestBrowserNoFile(t *testing.T) {
	page.Janus(t)
	balanced(t)
	ctx := testContext(t)
	var bad *media.FileError
	_, err := media.File(ctx, &media.FileOptions{FS: clip.FS}, "no such file")
	require.ErrorAs(t, err, &bad)
	_, err = media.File(ctx, &media.FileOptions{FS: clip.FS}, clip.Audio, clip.Video)
	require.ErrorAs(t, err, &bad)
	require.Equal(t, clip.Video, bad.Name)
	require.Contains(t, bad.Fix, "WebM")
	_, err = media.File(ctx, nil, "/no/such/file.webm")
	require.ErrorAs(t, err, &bad)
}
