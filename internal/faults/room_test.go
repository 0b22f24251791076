//go:build !js

package faults

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// theRoom is in the gateway's configuration, so that it is there again after a
// restart.
const theRoom = 1234

// withRoom adds the room to the options of a gateway.
func withRoom(o janusproc.Options) *janusproc.Options {
	o.Append = map[string]string{"janus.plugin.videoroom.jcfg": "room-1234: { description = \"faults\", publishers = 20 }"}
	return &o
}

// person is somebody in the room, who does nothing about what goes wrong.
type person struct {
	room   *videoroom.Room
	client *client.Client
	frames atomic.Int64 // received

	interrupted, claimed, rebuilt atomic.Int64
	renewed                       atomic.Int64 // peer connections that another one took the place of

	mu   sync.Mutex // guards errs
	errs []error    // of resumptions
}

// counted is a peer whose renewals are counted.
type counted struct {
	*media.Peer
	renewed *atomic.Int64
}

// Renew implements client.Mender.
func (c counted) Renew(ctx context.Context, lost ...string) error {
	c.renewed.Add(1)
	return c.Peer.Renew(ctx, lost...)
}

// enter joins the room and receives everybody.
func enter(t *testing.T, url, name string, opts *client.Options) *person {
	t.Helper()
	ctx := bounded(t, patience)
	s := newSession(t, url, opts)
	p := &person{client: s.Client()}
	room, err := videoroom.Join(ctx, s, videoroom.RoomOptions{
		Join: videoroom.JoinRequest{Room: client.NumID(theRoom), Display: name}, Wanted: videoroom.Wanted{All: true},
		NewPeer: func(h *client.Handle) (client.Negotiator, error) {
			peer, err := media.NewPeer(h, nil)
			return counted{peer, &p.renewed}, err
		},
	})
	require.NoError(t, err)
	p.room = room
	run, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { p.listen(run, &wg) })
	t.Cleanup(func() {
		leave, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = room.Leave(leave) // the gateway may be gone
		stop()
		wg.Wait()
	})
	return p
}

// listen reads events until ctx ends.
func (p *person) listen(ctx context.Context, wg *sync.WaitGroup) {
	for ev, err := range p.room.Events(ctx) {
		if err != nil {
			return
		}
		switch ev := ev.(type) {
		case *media.TrackAdded:
			sink, err := media.NewSampleSink()
			if err != nil || ev.Track.Attach(sink) != nil {
				continue // it ended meanwhile
			}
			wg.Go(func() {
				defer func() { _ = sink.Close() }()
				for {
					if _, err := sink.Read(ctx); err != nil {
						return
					}
					p.frames.Add(1)
				}
			})
		case *client.Interrupted:
			p.interrupted.Add(1)
		case *client.Resumed:
			if ev.Rebuilt {
				p.rebuilt.Add(1)
			} else {
				p.claimed.Add(1)
			}
			if ev.Err != nil {
				p.mu.Lock()
				p.errs = append(p.errs, ev.Err)
				p.mu.Unlock()
			}
		}
	}
}

// failures returns what did not come back after resumptions.
func (p *person) failures() []error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]error(nil), p.errs...)
}

// publish sends sound and picture for ever.
func (p *person) publish(t *testing.T) {
	t.Helper()
	ctx := bounded(t, patience)
	sources, err := media.File(ctx, &media.FileOptions{Loop: true, FS: clip.FS}, clip.Audio, clip.Video)
	require.NoError(t, err)
	for _, s := range sources {
		t.Cleanup(func() { require.NoError(t, s.Close()) })
	}
	_, err = p.room.Publish(ctx, videoroom.PublishRequest{}, func(h *client.Handle) (client.Negotiator, error) {
		peer, err := media.NewPeer(h, nil)
		if err != nil {
			return nil, err
		}
		for _, s := range sources {
			if _, err := peer.Add(s, nil); err != nil {
				return nil, err
			}
		}
		return counted{peer, &p.renewed}, nil
	})
	require.NoError(t, err)
}

// flows waits until more frames came.
func (p *person) flows(t *testing.T) {
	t.Helper()
	from := p.frames.Load()
	eventually(t, "media flows", func() bool { return p.frames.Load() >= from+20 })
}

// watcher sees who the gateway says is in the room.
func watcher(t *testing.T, url string, opts *client.Options) *videoroom.Handle {
	t.Helper()
	h, err := videoroom.Attach(bounded(t, patience), newSession(t, url, opts), nil)
	require.NoError(t, err)
	return h
}

// present says whether so many are in the room, one of whom publishes.
func present(ctx context.Context, h *videoroom.Handle, people int) bool {
	list, err := h.ListParticipants(ctx, client.NumID(theRoom))
	if err != nil || len(list) != people {
		return false
	}
	for _, p := range list {
		if p.Publisher {
			return true
		}
	}
	return false
}
