//go:build !js

package gateway

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pion/rtp"
	payload "github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v4/pkg/media/ivfreader"
	"github.com/pion/webrtc/v4/pkg/media/oggreader"

	"github.com/bifrons-rtc/bifrons/internal/clip"
)

const (
	clipRound  = 4 * time.Second
	videoFrame = 40 * time.Millisecond
	audioFrame = 20 * time.Millisecond
	packetSize = 1180 // of the payloads: UDP of the common 1200
)

// mount is a mountpoint: it plays the clip round and round for as long as
// somebody watches.
type mount struct {
	g           *Gateway
	id          int
	description string
	inlets      []*inlet // sound, pictures
	offset      time.Duration

	mu      sync.Mutex // guards what follows
	viewers int
	quit    chan struct{} // ends the playing; nil: there is none
}

func newMount(g *Gateway, id int, description string, offset time.Duration) *mount {
	m := &mount{g: g, id: id, description: description, offset: offset}
	for mid, name := range []string{"opus", "vp8"} {
		c, _ := codecNamed(name) // it is one of those
		m.inlets = append(m.inlets, newInlet(nil, string("av"[mid]), c, nil))
	}
	return m
}

// entry is m in a list.
func (m *mount) entry() object {
	var media []object
	for _, in := range m.inlets {
		media = append(media, object{"mid": in.mid, "type": in.kind.String(), "label": label(in.kind), "age_ms": 0})
	}
	return object{"id": m.id, "type": "live", "description": m.description, "enabled": true, "media": media}
}

// info is m in detail.
func (m *mount) info() object {
	o := m.entry()
	o["name"] = "bifrons test double " + strconv.Itoa(m.id)
	for i, media := range o["media"].([]object) {
		in := m.inlets[i]
		_, name, _ := strings.Cut(in.codec.MimeType, "/")
		media["mindex"], media["pt"], media["codec"] = i, int(in.codec.PayloadType), strings.ToLower(name)
		media["rtpmap"] = fmt.Sprintf("%s/%d", name, in.codec.ClockRate)
	}
	return o
}

// join adds a viewer; the first one starts the playing.
func (m *mount) join() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.viewers++; m.quit != nil {
		return
	}
	quit := make(chan struct{})
	m.quit = quit
	// Plays; ends with the last viewer. Close of the gateway waits for it.
	m.g.work.Go(func() { m.play(quit) })
}

// leave takes a viewer away.
func (m *mount) leave() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.viewers--; m.viewers == 0 {
		close(m.quit)
		m.quit = nil
	}
}

// play sends the frames when they are due, until quit is closed.
func (m *mount) play(quit <-chan struct{}) {
	sound, pictures, err := readClip()
	if err != nil {
		return // the clip is part of the program; its test reads it
	}
	audio := rtp.NewPacketizer(packetSize, 0, 0, &payload.OpusPayloader{}, rtp.NewRandomSequencer(), 48000)
	video := rtp.NewPacketizer(packetSize, 0, 0, &payload.VP8Payloader{EnablePictureID: true}, rtp.NewRandomSequencer(), 90000)
	first := int(m.offset / audioFrame)
	tick := time.NewTimer(0)
	defer tick.Stop()
	begun := time.Now()
	for n := 0; ; n++ {
		late := time.Since(begun) - time.Duration(n)*audioFrame
		if late > clipRound {
			begun = begun.Add(late) // the machine slept: go on from here
		}
		tick.Reset(-late)
		select {
		case <-tick.C:
		case <-quit:
			return
		}
		at := n + first
		m.inlets[0].spread(audio.Packetize(sound[at%len(sound)], uint32(audioFrame.Seconds()*48000)))
		if at%2 == 0 {
			m.inlets[1].spread(video.Packetize(pictures[at/2%len(pictures)], uint32(videoFrame.Seconds()*90000)))
		}
	}
}

// readClip returns the frames of the clip.
func readClip() (sound, pictures [][]byte, err error) {
	ogg, err := clip.FS.ReadFile(clip.Audio)
	if err != nil {
		return nil, nil, err
	}
	ivf, err := clip.FS.ReadFile(clip.Video)
	if err != nil {
		return nil, nil, err
	}
	pages, _, err := oggreader.NewWith(bytes.NewReader(ogg))
	if err != nil {
		return nil, nil, err
	}
	for {
		page, _, err := pages.ParseNextPage()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		if !bytes.HasPrefix(page, []byte("OpusTags")) {
			sound = append(sound, page)
		}
	}
	frames, _, err := ivfreader.NewWith(bytes.NewReader(ivf))
	if err != nil {
		return nil, nil, err
	}
	for {
		frame, _, err := frames.ParseNextFrame()
		if errors.Is(err, io.EOF) {
			return sound, pictures, nil
		}
		if err != nil {
			return nil, nil, err
		}
		pictures = append(pictures, frame)
	}
}
