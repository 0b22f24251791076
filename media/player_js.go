package media

import (
	"context"
	"errors"
	"io/fs"
	"sync"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

// player plays the files of one call of File together: while somebody takes one
// of their tracks.
type player struct {
	scope jsx.Scope

	mu      sync.Mutex // protects what follows
	files   []*mediaFile
	playing int // how many take a track
}

// mediaFile is one file in a media element that is not in the page.
type mediaFile struct {
	el    js.Value
	url   string // of a Blob, to be revoked; empty: none
	feeds []*feed
}

func openFiles(ctx context.Context, o FileOptions, names []string) ([]Source, error) {
	document := js.Global().Get("document")
	if document.Type() != js.TypeObject {
		return nil, unsupported("file", noPage)
	}
	p := new(player)
	var sources []Source
	for _, name := range names {
		f := &mediaFile{el: document.Call("createElement", "video")}
		p.files = append(p.files, f)
		opened, err := p.open(ctx, f, o, name)
		if err != nil {
			for _, s := range sources {
				_ = s.Close()
			}
			p.close()
			return nil, err
		}
		sources = append(sources, opened...)
	}
	return sources, nil
}

// open loads a file and captures its tracks.
func (p *player) open(ctx context.Context, f *mediaFile, o FileOptions, name string) ([]Source, error) {
	url := name
	if o.FS != nil {
		data, err := fs.ReadFile(o.FS, name)
		if err != nil {
			return nil, &FileError{Name: name, Reason: "cannot be read: " + err.Error(), Err: err}
		}
		blob := js.Global().Get("Blob").New([]any{jsx.Uint8Array(data)})
		f.url = js.Global().Get("URL").Call("createObjectURL", blob).String()
		url = f.url
	}
	loaded := make(chan struct{}, 1)
	for _, event := range []string{"loadeddata", "error"} {
		p.scope.Listen(f.el, event, func(js.Value) { signal(loaded) })
	}
	p.scope.Listen(f.el, "ended", func(js.Value) { f.end() })
	for name, value := range map[string]any{
		"muted": true, "loop": o.Loop, "crossOrigin": "anonymous", "preload": "auto", "playsInline": true, "src": url,
	} {
		f.el.Set(name, value)
	}
	select {
	case <-loaded:
	case <-ctx.Done():
		return nil, &FileError{Name: name, Reason: "not loaded in time", Err: ctx.Err()}
	}
	if e := f.el.Get("error"); !e.IsNull() {
		return nil, &FileError{
			Name: name, Reason: "the browser cannot load or play it: " + text(e.Get("message")),
			Fix: "check the address, that its site allows this one (CORS), and that it is WebM, MP4 or Ogg",
			Err: errors.ErrUnsupported,
		}
	}
	stream, err := captureStream(f.el)
	if err != nil {
		return nil, unsupported("file", "this browser cannot capture a media element")
	}
	sources := streamSources(stream, Video, Audio)
	if len(sources) == 0 {
		return nil, &FileError{Name: name, Reason: "no picture and no sound in it"}
	}
	for _, s := range sources {
		feed := s.source()
		feed.player = p
		f.feeds = append(f.feeds, feed)
	}
	return sources, nil
}

// end is the end of a file.
func (f *mediaFile) end() {
	for _, feed := range f.feeds {
		feed.end(nil)
	}
}

// count takes note of somebody who takes a track (+1) or no longer does (-1).
func (p *player) count(n int) {
	p.mu.Lock()
	before := p.playing
	p.playing += n
	now, files := p.playing, p.files
	p.mu.Unlock()
	for _, f := range files {
		switch {
		case before == 0 && now > 0 && !f.el.Get("ended").Bool():
			f.el.Call("play").Call("catch", js.Global().Get("Boolean")) // paused again meanwhile
		case before > 0 && now == 0:
			f.el.Call("pause")
		}
	}
}

// release closes a file when all of its tracks have ended, and the player with
// the last file.
func (p *player) release() {
	p.mu.Lock()
	files := p.files
	p.mu.Unlock()
	for _, f := range files {
		for _, feed := range f.feeds {
			select {
			case <-feed.ended:
			default:
				return
			}
		}
	}
	p.close()
}

func (p *player) close() {
	p.scope.Close()
	p.mu.Lock()
	files := p.files
	p.files = nil
	p.mu.Unlock()
	for _, f := range files {
		f.el.Call("pause")
		f.el.Call("removeAttribute", "src")
		f.el.Call("load") // lets go of the file
		if f.url != "" {
			js.Global().Get("URL").Call("revokeObjectURL", f.url)
		}
	}
}
