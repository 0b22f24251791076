package media

import (
	"context"
	"io/fs"
)

// Source produces one track. The set is closed: [File], [NewSampleSource],
// [Device], [Display], [Capture] and [External] make them. A Source belongs to the caller,
// who closes it; closing a [Peer] leaves its sources usable by another.
type Source interface {
	// Kind says whether the track is audio or video.
	Kind() Kind
	// Done is closed when the source has ended: a file was played, or broke, a
	// device was unplugged, a user stopped sharing the screen, or Close was
	// called.
	Done() <-chan struct{}
	// Err says why the source ended; nil before that, and at the end of a file.
	Err() error
	// Close ends the source and returns when its goroutines are gone.
	Close() error
	// Underlying returns the MediaStreamTrack as a js.Value in a browser, and nil
	// natively. Use it for what this package lacks; do not stop it.
	Underlying() any

	source() *feed
}

// FileOptions tunes [File]. Nil means every default.
type FileOptions struct {
	// Loop starts again at the end, without a gap. Files of one call start again
	// together, when the longest has ended, so that they stay in sync.
	Loop bool
	// FS holds the files. Nil: the operating system's, names being its paths; in
	// a browser names are URLs then.
	FS fs.FS
}

// File opens media files and returns their tracks in the order of names. All
// files of one call play on one clock, which keeps a picture in one file in sync
// with the sound in another. The clock starts when the first of their peers is
// connected, so that nothing is lost to the set-up, and pauses while none is.
//
// Files are IVF with VP8 or VP9, and Ogg with Opus; the contents decide, not the
// name. What cannot be played gives a *[FileError], here if the start of the
// file shows it, else from [Source.Err]. ctx bounds the opening only.
//
// A browser plays what its <video> element plays, such as WebM, MP4 and Ogg, and
// returns each file's tracks, the picture first. It decodes and encodes again. A
// file from another site has to allow that (CORS). Files loop each for itself.
func File(ctx context.Context, opts *FileOptions, names ...string) ([]Source, error) {
	var o FileOptions
	if opts != nil {
		o = *opts
	}
	if len(names) == 0 {
		return nil, &FileError{Reason: "no file given", Fix: "name at least one"}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return openFiles(ctx, o, names)
}
