//go:build !js

package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/media"
)

// clipName is what --in calls the clip; ./clip is a file.
const clipName = "clip"

func inFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "in", TakesFile: true,
		Usage: "send `FILE`, IVF (VP8 or VP9) or Ogg (Opus), once for each track; clip, the default, is a clip of four seconds"}
}

// isClip reports whether names stand for the clip.
func isClip(names []string) bool {
	return len(names) == 0 || len(names) == 1 && names[0] == clipName
}

// openFiles opens what --in names. The caller closes the sources.
func openFiles(ctx context.Context, names []string, loop bool) ([]media.Source, error) {
	opts := &media.FileOptions{Loop: loop}
	if isClip(names) {
		opts.FS, names = clip.FS, []string{clip.Video, clip.Audio}
	}
	return media.File(ctx, opts, names...)
}

// oneOfEach checks that there is not more than one source of a kind; who names
// what takes no more.
func oneOfEach(sources []media.Source, who string) error {
	kinds := make(map[media.Kind]bool)
	for _, s := range sources {
		if kinds[s.Kind()] {
			return fmt.Errorf("--in: the files hold two %s tracks, and %s takes one of each kind (leave one out)", s.Kind(), who)
		}
		kinds[s.Kind()] = true
	}
	return nil
}

// whatOf names the sources for people.
func whatOf(names []string, sources []media.Source) string {
	if isClip(names) {
		return "the clip"
	}
	if len(sources) == 1 {
		return "1 track"
	}
	return fmt.Sprintf("%d tracks", len(sources))
}

func closeAll(sources []media.Source) {
	for _, s := range sources {
		_ = s.Close()
	}
}
