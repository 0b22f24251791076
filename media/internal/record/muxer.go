package record

import (
	"io"
	"time"

	"github.com/bifrons-rtc/bifrons/media/internal/webm"
)

// patient is how long a frame waits for the other track, so that the file is in
// order of time.
const patient = 500 * time.Millisecond

// usual is how long a frame is taken to last when nothing says so.
const usual = 40 * time.Millisecond

// entry is a frame with its place in the file.
type entry struct {
	at, length time.Duration
	key        bool
	data       []byte
	since      time.Time // when it came here
}

// muxer puts the frames of both tracks in order and writes them.
type muxer struct {
	w      *webm.Writer
	index  [2]int // tracks of the file; -1: none
	active [2]bool
	queue  [2][]entry
	last   [2]time.Duration
	frames [2]int
	keys   int
}

func newMuxer() *muxer { return &muxer{index: [2]int{-1, -1}} }

func (m *muxer) open(w io.Writer, tracks []webm.Track) (err error) {
	m.w, err = webm.NewWriter(w, tracks)
	return err
}

func (m *muxer) resize(kind, width, height int) { m.w.SetSize(m.index[kind], width, height) }

func (m *muxer) add(kind int, e entry) {
	if m.index[kind] >= 0 {
		m.queue[kind] = append(m.queue[kind], e)
	}
}

// flush writes what is in order by now.
func (m *muxer) flush(now time.Time, all bool) error {
	for {
		a, v := m.queue[audio], m.queue[video]
		kind := audio
		switch {
		case len(a) == 0 && len(v) == 0:
			return nil
		case len(a) == 0:
			kind = video
		case len(v) > 0 && v[0].at <= a[0].at:
			kind = video
		}
		other := 1 - kind
		head := m.queue[kind][0]
		// The queue is bounded by time: what waited long enough goes.
		if !all && len(m.queue[other]) == 0 && m.active[other] && now.Sub(head.since) < patient {
			return nil
		}
		m.queue[kind] = m.queue[kind][1:]
		if err := m.write(kind, head); err != nil {
			return err
		}
	}
}

func (m *muxer) write(kind int, e entry) error {
	if e.length == 0 {
		e.length = usual
		if m.frames[kind] > 0 {
			e.length = min(e.at-m.last[kind], time.Second)
		}
	}
	m.last[kind] = e.at
	m.frames[kind]++
	if e.key && kind == video {
		m.keys++
	}
	return m.w.Write(m.index[kind], e.at, e.length, e.key, e.data)
}

func (m *muxer) size() (bytes int64, length time.Duration) {
	if m.w == nil {
		return 0, 0
	}
	return m.w.Size(), m.w.Duration()
}

func (m *muxer) close() error {
	if m.w == nil {
		return nil
	}
	if err := m.flush(time.Time{}, true); err != nil {
		return err
	}
	return m.w.Close()
}
