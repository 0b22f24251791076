//go:build !js

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
)

// shelf records feeds, each into a file of its own. A nil shelf records nothing.
// One goroutine uses it.
type shelf struct {
	base string // the name of a file, from which others are made
	// plain has the next file called base. Those after it have the feed's id in
	// their names.
	plain bool
	open  map[client.ID]*tape
	files int
	bytes int64 // of the finished files
	// told is what was said of feeds that cannot be recorded, each time once.
	told map[string]bool

	show *display
	lost bool // something could not be recorded
}

// newShelf returns a shelf whose files are named after base; the first is called
// that if plain is set. The files come late, so that a gateway that cannot be
// reached leaves those of before alone; their folder is looked at now.
func newShelf(show *display, base string, plain bool) (*shelf, error) {
	const fix = "name a file in a folder that is there"
	folder := filepath.Dir(base)
	switch info, err := os.Stat(folder); {
	case err != nil:
		return nil, fmt.Errorf("record: %w (%s)", err, fix)
	case !info.IsDir():
		return nil, fmt.Errorf("record: %s is no folder (%s)", folder, fix)
	}
	return &shelf{base: base, plain: plain, open: map[client.ID]*tape{}, told: map[string]bool{}, show: show}, nil
}

// incomplete says whether something could not be recorded.
func (s *shelf) incomplete() bool { return s != nil && s.lost }

// mostFiles bounds the search for a name that is free.
const mostFiles = 10_000

// add records a track of a feed. The feed has others too if more is set.
func (s *shelf) add(feed client.ID, name string, t *media.Track, more bool) error {
	if s == nil {
		return nil
	}
	old := s.open[feed]
	if old != nil {
		if err := old.attach(t); err == nil || errors.Is(err, media.ErrClosed) {
			return nil
		}
	}
	// The first track of the feed, or one that does not fit what was begun.
	fresh, err := s.create(feed, name, more)
	if err != nil {
		return err
	}
	if err := fresh.attach(t); err != nil {
		fresh.discard()
		if !errors.Is(err, media.ErrClosed) {
			s.refuse(feed, name, err)
		}
		return nil
	}
	if old != nil {
		old.handOver(fresh)
		if err := s.finish(feed); err != nil {
			fresh.discard()
			return err
		}
	}
	s.plain = false
	s.open[feed] = fresh
	s.show.recording(fresh)
	return nil
}

func (s *shelf) refuse(feed client.ID, name string, err error) {
	text := err.Error()
	if e, ok := errors.AsType[*media.CodecError](err); ok {
		text = fmt.Sprintf("%s in %s is not recorded: a WebM holds VP8, VP9 and Opus (have the room take those alone)", e.Kind, e.Codec)
	}
	s.lost = true
	if key := feed.String() + text; !s.told[key] && len(s.told) < mostFiles {
		s.told[key] = true
		s.show.notRecorded(feed, name, text)
	}
}

// create opens the next file.
func (s *shelf) create(feed client.ID, name string, more bool) (*tape, error) {
	f, err := s.file(feed)
	if err != nil {
		return nil, fmt.Errorf("record: %w (name a file in a folder you may write to)", err)
	}
	t := &tape{feed: feed, name: name, path: f.Name(), tracks: map[media.Kind]*media.Track{}}
	wait := time.Millisecond
	if more {
		wait = 5 * time.Second // of sound and picture, one may take its time
	}
	if err := t.record(f, wait); err != nil {
		return nil, err
	}
	return t, nil
}

func (s *shelf) file(feed client.ID) (*os.File, error) {
	if s.plain {
		return os.Create(s.base)
	}
	ext := filepath.Ext(s.base)
	stem := strings.TrimSuffix(s.base, ext) + "-" + nameOf(feed)
	name := stem + ext
	for n := 2; ; n++ {
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, os.ErrExist) || n > mostFiles {
			return f, err
		}
		name = fmt.Sprintf("%s-%d%s", stem, n, ext)
	}
}

// nameOf is an id in a file's name: the gateway's word is not to lead to another
// folder.
func nameOf(id client.ID) string {
	const most = 64
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '_'
	}, id.String())
	return name[:min(len(name), most)]
}

// finish ends the recording of a feed, if there is one.
func (s *shelf) finish(feed client.ID) error {
	if s == nil || s.open[feed] == nil {
		return nil
	}
	t := s.open[feed]
	delete(s.open, feed)
	err := t.finish()
	if t.frames() > 0 {
		s.files++
		s.bytes += t.rec.Stats().Bytes
		s.show.recorded(t)
	}
	return err
}

// keep finishes the recordings of feeds that are gone.
func (s *shelf) keep(there func(client.ID) bool) error {
	if s == nil {
		return nil
	}
	var errs []error
	for feed := range s.open {
		if !there(feed) {
			errs = append(errs, s.finish(feed))
		}
	}
	return errors.Join(errs...)
}

// close finishes everything.
func (s *shelf) close() error {
	return s.keep(func(client.ID) bool { return false })
}

// broken returns why a recording ended by itself, such as a disk that is full.
func (s *shelf) broken() error {
	if s == nil {
		return nil
	}
	for _, t := range s.open {
		select {
		case <-t.rec.Done():
			return fmt.Errorf("record: %s: %w", t.path, t.rec.Err())
		default:
		}
	}
	return nil
}

// size returns how many files there are, and their bytes.
func (s *shelf) size() (files int, bytes int64) {
	if s == nil {
		return 0, 0
	}
	bytes = s.bytes
	for _, t := range s.open {
		bytes += t.rec.Stats().Bytes
	}
	return s.files + len(s.open), bytes
}
