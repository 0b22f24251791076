package webm

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/at-wat/ebml-go"
)

// The elements of a file, as ebml-go wants them. Sizes are fixed where a value
// is filled in later, so that the header keeps its length.
type (
	seek struct {
		ID       []byte `ebml:"SeekID"`
		Position uint64 `ebml:"SeekPosition,size=8"`
	}
	seekHead struct {
		Seek []seek `ebml:"Seek"`
	}
	info struct {
		TimecodeScale uint64  `ebml:"TimecodeScale"`
		MuxingApp     string  `ebml:"MuxingApp"`
		WritingApp    string  `ebml:"WritingApp"`
		Duration      float64 `ebml:"Duration,omitempty"`
	}
	trackEntry struct {
		TrackNumber  uint64 `ebml:"TrackNumber"`
		TrackUID     uint64 `ebml:"TrackUID"`
		FlagLacing   uint64 `ebml:"FlagLacing"`
		CodecID      string `ebml:"CodecID"`
		CodecPrivate []byte `ebml:"CodecPrivate,omitempty"`
		SeekPreRoll  uint64 `ebml:"SeekPreRoll,omitempty"`
		TrackType    uint64 `ebml:"TrackType"`
		Audio        *audio `ebml:"Audio"`
		Video        *video `ebml:"Video"`
	}
	audio struct {
		SamplingFrequency float64 `ebml:"SamplingFrequency"`
		Channels          uint64  `ebml:"Channels"`
	}
	video struct {
		PixelWidth  uint64 `ebml:"PixelWidth,size=2"`
		PixelHeight uint64 `ebml:"PixelHeight,size=2"`
	}
	entries struct {
		TrackEntry []trackEntry `ebml:"TrackEntry"`
	}
	cluster struct {
		Timecode    uint64       `ebml:"Timecode"`
		SimpleBlock []ebml.Block `ebml:"SimpleBlock"`
	}
	cuePosition struct {
		CueTrack           uint64 `ebml:"CueTrack"`
		CueClusterPosition uint64 `ebml:"CueClusterPosition"`
	}
	cuePoint struct {
		CueTime           uint64      `ebml:"CueTime"`
		CueTrackPositions cuePosition `ebml:"CueTrackPositions"`
	}
	cueList struct {
		CuePoint []cuePoint `ebml:"CuePoint"`
	}
	display struct {
		String   string `ebml:"ChapString"`
		Language string `ebml:"ChapLanguage"`
	}
	chapter struct {
		UID     uint64  `ebml:"ChapterUID"`
		Start   uint64  `ebml:"ChapterTimeStart"` // ns
		End     uint64  `ebml:"ChapterTimeEnd"`
		Display display `ebml:"ChapterDisplay"`
	}
	edition struct {
		ChapterAtom []chapter `ebml:"ChapterAtom"`
	}
	chapters struct {
		EditionEntry edition `ebml:"EditionEntry"`
	}
)

const (
	appName      = "bifrons"
	unknownSize  = 0x01ffffffffffffff
	preRoll      = 80_000_000 // ns, as WebM asks for with Opus
	typeVideo    = 1
	typeAudio    = 2
	fallbackSize = 16        // of a picture nobody knows
	millisecond  = 1_000_000 // the unit of all times, in ns
)

// header makes the beginning of the file; room and body are set by it.
func (m *Writer) header() ([]byte, error) {
	front, err := m.front()
	if err != nil {
		return nil, err
	}
	if m.seek == nil {
		head, err := m.describe(0, nil)
		return append(front, head...), err
	}
	// The final form is the longest: what it will need is kept free.
	full, err := m.describe(1, &seekHead{Seek: []seek{{ID: idCues.bytes()}, {ID: idChapters.bytes()}}})
	if err != nil {
		return nil, err
	}
	m.body, m.room = int64(len(front)), len(full)
	head, err := m.describe(0, nil)
	if err != nil {
		return nil, err
	}
	return append(append(front, head...), void(m.room-len(head))...), nil
}

// complete makes the header of a finished file.
func (m *Writer) complete(cues, marks, end int64) ([]byte, error) {
	front, err := m.front()
	if err != nil {
		return nil, err
	}
	binary.BigEndian.PutUint64(front[len(front)-8:], 1<<56|uint64(end-m.body))
	ms := float64(m.end.Microseconds()) / 1000
	if ms == 0 {
		ms = 1
	}
	index := &seekHead{Seek: []seek{{idCues.bytes(), uint64(cues - m.body)}}}
	if len(m.marks) > 0 {
		index.Seek = append(index.Seek, seek{idChapters.bytes(), uint64(marks - m.body)})
	}
	head, err := m.describe(ms, index)
	if err != nil {
		return nil, err
	}
	head = append(front, head...)
	if rest := m.room + len(front) - len(head); rest != 0 {
		if rest < voidMin {
			return nil, fmt.Errorf("write WebM: %d bytes are left of the room for the header", rest)
		}
		head = append(head, void(rest)...)
	}
	return head, nil
}

// front is everything up to the segment's data.
func (m *Writer) front() ([]byte, error) {
	var b bytes.Buffer
	h := struct {
		Header struct {
			Version         uint64 `ebml:"EBMLVersion"`
			ReadVersion     uint64 `ebml:"EBMLReadVersion"`
			MaxIDLength     uint64 `ebml:"EBMLMaxIDLength"`
			MaxSizeLength   uint64 `ebml:"EBMLMaxSizeLength"`
			DocType         string `ebml:"EBMLDocType"`
			TypeVersion     uint64 `ebml:"EBMLDocTypeVersion"`
			TypeReadVersion uint64 `ebml:"EBMLDocTypeReadVersion"`
		} `ebml:"EBML"`
	}{}
	h.Header.Version, h.Header.ReadVersion = 1, 1
	h.Header.MaxIDLength, h.Header.MaxSizeLength = 4, 8
	h.Header.DocType, h.Header.TypeVersion, h.Header.TypeReadVersion = "webm", 4, 2
	if err := ebml.Marshal(&h, &b); err != nil {
		return nil, err
	}
	b.Write(idSegment.bytes())
	return binary.BigEndian.AppendUint64(b.Bytes(), unknownSize), nil
}

// describe makes SeekHead, Info and Tracks. A duration of zero is left out. index
// has what comes behind these; nil is no SeekHead.
func (m *Writer) describe(duration float64, index *seekHead) ([]byte, error) {
	in := info{TimecodeScale: millisecond, MuxingApp: appName, WritingApp: appName, Duration: duration}
	infoBytes, err := marshal(&struct {
		Info info `ebml:"Info"`
	}{in})
	if err != nil {
		return nil, err
	}
	trackBytes, err := marshal(&struct {
		Tracks entries `ebml:"Tracks"`
	}{m.entries()})
	if err != nil || index == nil {
		return append(infoBytes, trackBytes...), err
	}
	at := func(info, tracks uint64) ([]byte, error) {
		all := append([]seek{{idInfo.bytes(), info}, {idTracks.bytes(), tracks}}, index.Seek...)
		return marshal(&struct {
			SeekHead seekHead `ebml:"SeekHead"`
		}{seekHead{all}})
	}
	// Positions have a fixed size: a first pass tells the length.
	b, err := at(0, 0)
	if err != nil {
		return nil, err
	}
	n := uint64(len(b))
	if b, err = at(n, n+uint64(len(infoBytes))); err != nil {
		return nil, err
	}
	return append(append(b, infoBytes...), trackBytes...), nil
}

func (m *Writer) entries() entries {
	var list entries
	for i, t := range m.tracks {
		e := trackEntry{TrackNumber: uint64(i) + 1, TrackUID: uint64(i) + 1}
		if t.Video {
			e.TrackType, e.CodecID = typeVideo, "V_"+t.Codec
			e.Video = &video{uint64(t.Width), uint64(t.Height)}
			if t.Width == 0 || t.Height == 0 {
				e.Video = &video{fallbackSize, fallbackSize}
			}
		} else {
			e.TrackType, e.CodecID, e.SeekPreRoll = typeAudio, "A_"+t.Codec, preRoll
			e.CodecPrivate = opusHead(t.Channels)
			e.Audio = &audio{48000, uint64(t.Channels)}
		}
		list.TrackEntry = append(list.TrackEntry, e)
	}
	return list
}

// opusHead is the identification header of RFC 7845 §5.1. Packets taken from
// the middle of a stream have nothing to skip.
func opusHead(channels int) []byte {
	b := append([]byte("OpusHead"), 1, byte(channels))
	b = binary.LittleEndian.AppendUint16(b, 0)
	b = binary.LittleEndian.AppendUint32(b, 48000)
	return append(b, 0, 0, 0)
}

func (m *Writer) writeCues() error {
	var list cueList
	for _, c := range m.cues {
		list.CuePoint = append(list.CuePoint, cuePoint{
			uint64(c.at.Milliseconds()), cuePosition{c.track, uint64(c.pos)},
		})
	}
	b, err := marshal(&struct {
		Cues cueList `ebml:"Cues"`
	}{list})
	if err != nil {
		return m.fail(err)
	}
	return m.write(b)
}

func (m *Writer) writeMarks() error {
	if len(m.marks) == 0 {
		return nil
	}
	b, err := marshal(&struct {
		Chapters chapters `ebml:"Chapters"`
	}{chapters{edition{m.marks}}})
	if err != nil {
		return m.fail(err)
	}
	return m.write(b)
}

func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	err := ebml.Marshal(v, &b)
	return b.Bytes(), err
}

const voidMin = 9

// void is an element of n bytes, at least voidMin, that means nothing.
func void(n int) []byte {
	b := make([]byte, n)
	b[0] = byte(idVoid)
	binary.BigEndian.PutUint64(b[1:], 1<<56|uint64(n-9))
	return b
}
