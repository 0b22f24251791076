// Package webm writes and inspects WebM files (https://www.webmproject.org/docs/container/).
package webm

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/at-wat/ebml-go"
)

// Track describes a track of a file.
type Track struct {
	Codec         string // name: "VP8", "VP9" or "OPUS"
	Video         bool
	Width, Height int // video only; may be set later
	Channels      int // audio only
}

// Bounds of a cluster, which is kept in memory until it is full.
const (
	clusterMin  = 900 * time.Millisecond // a keyframe ends it then
	clusterMax  = 5 * time.Second
	clusterSize = 2 << 20
	maxCues     = 8192 // above, every second one goes
)

// Writer writes one file. It is not safe for concurrent use.
type Writer struct {
	w      io.Writer
	seek   io.WriteSeeker // nil: a live stream
	base   int64          // where the file begins in seek
	body   int64          // where the segment's data begins
	room   int            // bytes the header may take
	pos    int64
	tracks []Track
	err    error

	start   time.Duration // of the cluster
	blocks  []ebml.Block
	size    int
	cue     uint64 // track the cluster can be sought by; zero: none
	cues    []cue
	every   int // clusters a cue stands for
	counted int
	end     time.Duration
	marks   []chapter
}

type cue struct {
	at    time.Duration
	track uint64
	pos   int64
}

// NewWriter writes the header. If w can seek, Close completes it.
func NewWriter(w io.Writer, tracks []Track) (*Writer, error) {
	m := &Writer{w: w, tracks: append([]Track(nil), tracks...), every: 1}
	if s, ok := w.(io.WriteSeeker); ok {
		// A pipe has the method and cannot seek.
		if base, err := s.Seek(0, io.SeekCurrent); err == nil {
			m.seek, m.base = s, base
		}
	}
	head, err := m.header()
	if err != nil {
		return nil, err
	}
	return m, m.write(head)
}

// SetSize sets the size of a picture that was not known at the start. It shows
// in the file only if w can seek.
func (m *Writer) SetSize(track, width, height int) {
	m.tracks[track].Width, m.tracks[track].Height = width, height
}

// Write adds a frame, whose data it keeps until the cluster is written. Frames
// of one track come in order of time.
func (m *Writer) Write(track int, at, duration time.Duration, key bool, data []byte) error {
	if m.err != nil {
		return m.err
	}
	at = max(at.Round(time.Millisecond), 0)
	video := m.tracks[track].Video
	if len(m.blocks) > 0 {
		age := at - m.start
		if age >= clusterMax || age < -clusterMax || m.size >= clusterSize || video && key && age >= clusterMin {
			if err := m.flush(); err != nil {
				return err
			}
		}
	}
	if len(m.blocks) == 0 {
		m.start, m.cue = at, 0
		if key && (video || !m.hasVideo()) {
			m.cue = uint64(track) + 1
		}
	}
	m.blocks = append(m.blocks, ebml.Block{
		TrackNumber: uint64(track) + 1,
		Timecode:    int16((at - m.start).Milliseconds()),
		Keyframe:    key,
		Data:        [][]byte{data},
	})
	m.size += len(data)
	m.end = max(m.end, at+duration)
	return nil
}

// Size returns the bytes written so far, and those that wait.
func (m *Writer) Size() int64 { return m.pos + int64(m.size) }

// Duration returns the time of the end of the last frame.
func (m *Writer) Duration() time.Duration { return m.end }

// Mark names a part of the file, as a chapter of it. It shows in the file only if w
// can seek.
func (m *Writer) Mark(name string, from, to time.Duration) {
	m.marks = append(m.marks, chapter{
		UID: uint64(len(m.marks)) + 1, Start: uint64(from), End: uint64(to),
		Display: display{String: name, Language: "eng"},
	})
}

// Close writes what waits and completes the file. It does not close w.
func (m *Writer) Close() error {
	if err := m.flush(); err != nil {
		return err
	}
	if m.seek == nil {
		return nil
	}
	cues := m.pos
	if err := m.writeCues(); err != nil {
		return err
	}
	marks := m.pos
	if err := m.writeMarks(); err != nil {
		return err
	}
	end := m.pos
	head, err := m.complete(cues, marks, end)
	if err != nil {
		return err
	}
	if _, err := m.seek.Seek(m.base, io.SeekStart); err != nil {
		return err
	}
	if _, err := m.seek.Write(head); err != nil {
		return err
	}
	_, err = m.seek.Seek(m.base+end, io.SeekStart)
	return err
}

func (m *Writer) hasVideo() bool {
	for _, t := range m.tracks {
		if t.Video {
			return true
		}
	}
	return false
}

// flush writes the cluster.
func (m *Writer) flush() error {
	if m.err != nil || len(m.blocks) == 0 {
		return m.err
	}
	m.note()
	var b bytes.Buffer
	c := struct {
		Cluster cluster `ebml:"Cluster"`
	}{cluster{Timecode: uint64(m.start.Milliseconds()), SimpleBlock: m.blocks}}
	if err := ebml.Marshal(&c, &b); err != nil {
		return m.fail(err)
	}
	clear(m.blocks)
	m.blocks, m.size = m.blocks[:0], 0
	return m.write(b.Bytes())
}

// note adds a cue for the cluster.
func (m *Writer) note() {
	if m.seek == nil || m.cue == 0 {
		return
	}
	m.counted++
	if m.counted < m.every {
		return
	}
	m.counted = 0
	if len(m.cues) == maxCues {
		for i := range maxCues / 2 {
			m.cues[i] = m.cues[2*i]
		}
		m.cues = m.cues[:maxCues/2]
		m.every *= 2
	}
	m.cues = append(m.cues, cue{m.start, m.cue, m.pos - m.body})
}

func (m *Writer) write(b []byte) error {
	n, err := m.w.Write(b)
	m.pos += int64(n)
	if err != nil {
		return m.fail(err)
	}
	return nil
}

// fail keeps the first error: nothing can follow half a cluster.
func (m *Writer) fail(err error) error {
	if m.err == nil {
		m.err = fmt.Errorf("write WebM: %w", err)
	}
	return m.err
}
