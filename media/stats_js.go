package media

import (
	"context"
	"errors"
	"strconv"
	"syscall/js"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/json"
)

// report is any RTCStats; W3C WebRTC Statistics has the names.
type report struct {
	ID, Type, Kind, MID, RID string
	CodecID, RemoteID        string
	MediaSourceID            string
	MIMEType                 string

	PacketsSent, PacketsReceived         uint64
	BytesSent, BytesReceived             uint64
	HeaderBytesSent, HeaderBytesReceived uint64
	FramesEncoded, FramesDecoded         uint64
	FramesPerSecond                      float64
	FrameWidth, FrameHeight              int
	FreezeCount                          uint64
	TotalFreezesDuration                 float64
	AudioLevel, TotalAudioEnergy         float64
	TotalSamplesDuration                 float64
	PacketsLost                          int64
	FractionLost, Jitter, RoundTripTime  float64
	NACKCount, PLICount, FIRCount        uint64

	SelectedCandidatePairID             string
	Selected                            bool // Firefox says it the other way round
	LocalCandidateID, RemoteCandidateID string
	CurrentRoundTripTime                float64
	AvailableOutgoingBitrate            float64
	CandidateType, Protocol, Address    string
	Port                                int
}

func (e *engine) stats(ctx context.Context) (*Stats, error) {
	raw, err := e.do(ctx, "getStats")
	if err != nil {
		return nil, fmt.Errorf("media: stats: %w", err)
	}
	// One string crosses into Go quicker than hundreds of numbers.
	array := js.Global().Get("Array").Call("from", raw.Call("values"))
	var all []report
	err = json.Unmarshal([]byte(js.Global().Get("JSON").Call("stringify", array).String()), &all)
	if _, odd := errors.AsType[*json.UnmarshalTypeError](err); err != nil && !odd { // an odd number is left out
		return nil, fmt.Errorf("media: stats: %w", err)
	}
	byID := make(map[string]*report, len(all))
	for i := range all {
		byID[all[i].ID] = &all[i]
	}
	get := func(id string) *report {
		if r := byID[id]; r != nil {
			return r
		}
		return new(report)
	}
	s := &Stats{Time: time.Now(), Raw: raw}
	var received []StreamStats
	for i := range all {
		switch r := &all[i]; {
		case r.Type == "outbound-rtp" && r.PacketsSent > 0:
			s.Streams = insert(s.Streams, r.sent(get))
		case r.Type == "inbound-rtp" && r.PacketsReceived > 0:
			received = append(received, r.received(get))
		case r.Type == "transport" && r.SelectedCandidatePairID != "", r.Type == "candidate-pair" && r.Selected:
			pair := r
			if r.Type == "transport" {
				pair = get(r.SelectedCandidatePairID)
			}
			s.RTT, s.Available = seconds(pair.CurrentRoundTripTime), int(pair.AvailableOutgoingBitrate)
			s.Local, s.Remote = get(pair.LocalCandidateID).candidate(), get(pair.RemoteCandidateID).candidate()
		}
	}
	s.Streams = append(s.Streams, received...)
	s.BytesSent, s.BytesReceived = e.total(all)
	return s, nil
}

// insert adds a sent stream, before the smaller layers of its m-line.
func insert(streams []StreamStats, s StreamStats) []StreamStats {
	streams = append(streams, s)
	for i := len(streams) - 1; i > 0 && streams[i-1].MID == s.MID && streams[i-1].Width < s.Width; i-- {
		streams[i], streams[i-1] = streams[i-1], streams[i]
	}
	return streams
}

// total adds up the bytes of all streams, those that are gone included.
func (e *engine) total(all []report) (sent, received uint64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := make(map[string]uint64, len(e.counted))
	for i := range all {
		switch r := &all[i]; r.Type {
		case "outbound-rtp":
			now[">"+r.ID] = r.BytesSent + r.HeaderBytesSent
			sent += r.BytesSent + r.HeaderBytesSent
		case "inbound-rtp":
			now["<"+r.ID] = r.BytesReceived + r.HeaderBytesReceived
			received += r.BytesReceived + r.HeaderBytesReceived
		}
	}
	for id, n := range e.counted {
		if _, there := now[id]; there {
			continue
		}
		if id[0] == '>' {
			e.past.sent += n
		} else {
			e.past.received += n
		}
	}
	e.counted = now
	return sent + e.past.sent, received + e.past.received
}

func (r *report) sent(get func(id string) *report) StreamStats {
	remote := get(r.RemoteID)
	s := r.stream(get)
	s.Sent = true
	s.Packets, s.Bytes, s.Frames = r.PacketsSent, r.BytesSent+r.HeaderBytesSent, r.FramesEncoded
	s.Lost, s.FractionLost = remote.PacketsLost, remote.FractionLost
	s.Jitter, s.RTT = seconds(remote.Jitter), seconds(remote.RoundTripTime)
	s.heard(get(r.MediaSourceID))
	return s
}

func (r *report) received(get func(id string) *report) StreamStats {
	s := r.stream(get)
	s.Packets, s.Bytes, s.Frames = r.PacketsReceived, r.BytesReceived+r.HeaderBytesReceived, r.FramesDecoded
	s.Lost, s.Jitter = r.PacketsLost, seconds(r.Jitter)
	s.Freezes, s.FreezeTime = r.FreezeCount, seconds(r.TotalFreezesDuration)
	s.heard(r)
	s.NACK, s.FIR = 0, 0 // those are ours, and only PLI is told
	return s
}

// heard takes over how loud the sound is.
func (s *StreamStats) heard(r *report) {
	s.AudioLevel, s.AudioEnergy, s.AudioDuration = r.AudioLevel, r.TotalAudioEnergy, seconds(r.TotalSamplesDuration)
}

// stream returns what both directions have in common.
func (r *report) stream(get func(id string) *report) StreamStats {
	s := StreamStats{
		MID: r.MID, RID: r.RID, Kind: Video, Codec: Codec{MIME: get(r.CodecID).MIMEType}.Name(),
		FrameRate: r.FramesPerSecond, Width: r.FrameWidth, Height: r.FrameHeight,
		NACK: r.NACKCount, PLI: r.PLICount, FIR: r.FIRCount,
	}
	if r.Kind == "audio" {
		s.Kind = Audio
	}
	return s
}

func (r *report) candidate() string {
	if r.CandidateType == "" {
		return ""
	}
	return r.CandidateType + " " + r.Protocol + " " + r.Address + ":" + strconv.Itoa(r.Port)
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
