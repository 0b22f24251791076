//go:build !js

package media

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/bifrons-rtc/bifrons/media/internal/ivf"
	"github.com/bifrons-rtc/bifrons/media/internal/ogg"
	"github.com/bifrons-rtc/bifrons/media/internal/webm"
)

const (
	fixVideo = "ffmpeg -i in -an -c:v libvpx -b:v 1M out.ivf makes one that plays"
	fixAudio = "ffmpeg -i in -vn -c:a libopus out.ogg makes one that plays"
	fixFile  = "make the file again, it is damaged"
)

// frames is a file that is being read: its next frame, or its end.
type frames interface {
	next() (frame, error) // io.EOF at the end
}

type frame struct {
	data     []byte // valid until next
	pts      time.Duration
	duration time.Duration // zero: until the next frame
}

func openFiles(ctx context.Context, o FileOptions, names []string) ([]Source, error) {
	p := &player{loop: o.Loop}
	var sources []Source
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			p.closeFiles()
			return nil, err
		}
		t := &part{open: func() (io.ReadCloser, error) { return openFile(o.FS, name) }, name: name}
		p.parts = append(p.parts, t)
		c, err := t.start()
		if err != nil {
			p.closeFiles()
			return nil, err
		}
		if t.feed, err = newFeed(c); err != nil {
			return nil, err
		}
		t.feed.player = p
		sources = append(sources, &fileSource{feed: t.feed})
	}
	return sources, nil
}

func openFile(files fs.FS, name string) (io.ReadCloser, error) {
	if files == nil {
		return os.Open(name)
	}
	return files.Open(name)
}

// fileSource is one track of a file.
type fileSource struct{ feed *feed }

var _ Source = (*fileSource)(nil)

func (s *fileSource) Kind() Kind            { return s.feed.codec.Kind }
func (s *fileSource) Done() <-chan struct{} { return s.feed.done() }
func (s *fileSource) Err() error            { return s.feed.err() }
func (s *fileSource) Close() error          { return s.feed.close() }
func (s *fileSource) Underlying() any       { return nil }
func (s *fileSource) source() *feed         { return s.feed }

// demux finds out what r holds, by its first bytes.
func demux(name string, r io.Reader) (frames, Codec, error) {
	var magic [12]byte
	n, err := io.ReadFull(r, magic[:])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, Codec{}, &FileError{Name: name, Reason: "cannot be read: " + err.Error(), Err: err}
	}
	head := string(magic[:n])
	whole := io.MultiReader(newBytesReader(magic[:n]), r)
	switch {
	case n == 0:
		return nil, Codec{}, &FileError{Name: name, Reason: "the file is empty", Fix: fixFile, Err: io.ErrUnexpectedEOF}
	case hasPrefix(head, ivf.Magic):
		return openIVF(name, whole)
	case hasPrefix(head, ogg.Magic):
		return openOgg(name, whole)
	}
	what, fix := "of no kind this package knows", "play IVF with VP8 or VP9, or Ogg with Opus: "+fixVideo
	switch {
	case hasPrefix(head, webm.Magic):
		what = "WebM or Matroska, not IVF or Ogg"
		fix = "take the tracks out: ffmpeg -i in -an -c copy out.ivf -vn -c copy out.ogg"
	case n == 12 && head[4:8] == "ftyp":
		what = "MP4, not IVF or Ogg"
	case hasPrefix(head, "RIFF"):
		what, fix = "WAV or AVI, not IVF or Ogg", fixAudio
	}
	return nil, Codec{}, &FileError{Name: name, Reason: what, Fix: fix, Err: errors.ErrUnsupported}
}

func openIVF(name string, r io.Reader) (frames, Codec, error) {
	d, err := ivf.NewReader(r)
	if err != nil {
		return nil, Codec{}, damaged(name, err)
	}
	codecs := map[string]string{"VP80": VP8, "VP90": VP9}
	mime := codecs[d.Header().FourCC]
	if mime == "" {
		return nil, Codec{}, &FileError{
			Name:   name,
			Reason: "IVF with codec " + printable(d.Header().FourCC) + ", not VP8 or VP9",
			Fix:    fixVideo,
			Err:    errors.ErrUnsupported,
		}
	}
	c, _ := Codec{MIME: mime}.complete()
	return ivfFrames{d}, c, nil
}

func openOgg(name string, r io.Reader) (frames, Codec, error) {
	d, err := ogg.NewReader(r)
	if errors.Is(err, ogg.ErrCodec) {
		return nil, Codec{}, &FileError{Name: name, Reason: "Ogg with " + err.Error(), Fix: fixAudio, Err: errors.ErrUnsupported}
	}
	if err != nil {
		return nil, Codec{}, damaged(name, err)
	}
	c, _ := Codec{MIME: Opus}.complete()
	return oggFrames{d}, c, nil
}

func damaged(name string, err error) error {
	reason := err.Error()
	if errors.Is(err, io.ErrUnexpectedEOF) {
		reason = "the file ends too early: " + reason
	}
	return &FileError{Name: name, Reason: reason, Fix: fixFile, Err: err}
}

type ivfFrames struct{ r *ivf.Reader }

func (f ivfFrames) next() (frame, error) {
	v, err := f.r.Next()
	return frame{data: v.Data, pts: v.PTS}, err
}

type oggFrames struct{ r *ogg.Reader }

func (f oggFrames) next() (frame, error) {
	p, err := f.r.Next()
	return frame{data: p.Data, pts: p.PTS, duration: p.Duration}, err
}
