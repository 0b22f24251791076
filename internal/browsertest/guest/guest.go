//go:build !js

package guest

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// Options says who comes where.
type Options struct {
	Plugin string // the whole name
	URL    string // of the gateway
	Room   uint64 // of VideoRoom and TextRoom
	Name   string // display name, or the one to call
}

// Guest is a participant. Its methods may be called concurrently.
type Guest struct {
	conn    *client.Client
	sources []media.Source
	rec     *recordings
	do      func(ctx context.Context, what, arg string) (any, error)
	quit    []func(context.Context) error // what to say before the end, the last first

	stop context.CancelFunc
	done chan struct{} // closed when the events are no longer read
	err  error         // why; valid once done is closed
}

// New has somebody dial and join, or register. ctx bounds that alone.
func New(ctx context.Context, o Options) (*Guest, error) {
	dir, err := os.MkdirTemp("", "bifrons-guest-")
	if err != nil {
		return nil, err
	}
	g := &Guest{rec: &recordings{dir: dir, by: map[string]*recording{}}, done: make(chan struct{})}
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	g.stop = stop
	read, err := g.enter(ctx, life, o)
	if err != nil {
		close(g.done)
		return nil, errors.Join(fmt.Errorf("guest: %w", err), g.Close())
	}
	// Reads the events; ends with life or the connection, and Close waits for it.
	go func() {
		defer close(g.done)
		g.err = read(life)
	}()
	return g, nil
}

// enter returns what reads the events.
func (g *Guest) enter(ctx, life context.Context, o Options) (read func(context.Context) error, err error) {
	if g.conn, err = client.Dial(ctx, o.URL, nil); err != nil {
		return nil, err
	}
	s, err := g.conn.NewSession(ctx)
	if err != nil {
		return nil, err
	}
	if g.sources, err = media.File(life, &media.FileOptions{Loop: true, FS: clip.FS}, clip.Audio, clip.Video); err != nil {
		return nil, err
	}
	switch o.Plugin {
	case videoroom.Plugin:
		return g.enterRoom(ctx, s, o)
	case videocall.Plugin:
		return g.register(ctx, s, o)
	case textroom.Plugin:
		return g.enterChat(ctx, s, o)
	}
	return nil, fmt.Errorf("nobody knows what to do with %q", o.Plugin)
}

// Do does what a test asks for, or waits for it:
//
//	self            returns its id in a VideoRoom
//	received WHO    returns a *Received of a feed, or of the other side of a call
//	call WHO        calls somebody
//	hangup          ends the call
//	heard TEXT      waits until somebody else has written TEXT
//	say TEXT        writes
func (g *Guest) Do(ctx context.Context, what, arg string) (any, error) {
	select {
	case <-g.done:
		return nil, fmt.Errorf("guest: it is over: %w", g.err)
	default:
	}
	answer, err := g.do(ctx, what, arg)
	if err != nil {
		return nil, fmt.Errorf("guest: %s %s: %w", what, arg, err)
	}
	return answer, nil
}

// sending returns a peer that sends the clip.
func (g *Guest) sending(h *client.Handle) (client.Negotiator, error) {
	p, err := media.NewPeer(h, nil)
	if err != nil {
		return nil, err
	}
	for _, src := range g.sources {
		if _, err := p.Add(src, nil); err != nil {
			return nil, errors.Join(err, p.Close())
		}
	}
	return p, nil
}

// Close has it leave.
func (g *Guest) Close() error {
	var errs []error
	for i := len(g.quit) - 1; i >= 0; i-- {
		errs = append(errs, g.quit[i](context.Background()))
	}
	g.stop()
	<-g.done
	if g.conn != nil {
		errs = append(errs, g.conn.Close())
	}
	for _, src := range g.sources {
		errs = append(errs, src.Close())
	}
	errs = append(errs, g.rec.close())
	return errors.Join(errs...)
}
