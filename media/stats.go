package media

import "time"

// Stats is a snapshot of a peer connection. The counters only grow.
type Stats struct {
	Time                     time.Time
	State                    State
	BytesSent, BytesReceived uint64        // of RTP, headers included
	RTT                      time.Duration // of the selected candidate pair; zero before there is one
	Available                int           // bits per second the connection is estimated to carry to the other side; zero natively
	Local, Remote            string        // the selected candidates, e.g. "host udp 192.0.2.2:5000"
	Streams                  []StreamStats // those that sent or received so far, senders first

	// Raw is the webrtc.StatsReport of pion natively, and the RTCStatsReport as a
	// js.Value in a browser.
	Raw any
}

// Stream returns the numbers of one direction of an m-line; nil when there are
// none. Of simulcast it is the largest layer that was sent.
func (s *Stats) Stream(mid string, sent bool) *StreamStats {
	for i := range s.Streams {
		if s.Streams[i].MID == mid && s.Streams[i].Sent == sent {
			return &s.Streams[i]
		}
	}
	return nil
}

// StreamStats are the numbers of one direction of an m-line, or of one layer of
// simulcast. What a target does not know is zero: natively, where nothing is
// decoded, that is everything about pictures and sound but Frames.
type StreamStats struct {
	MID     string
	RID     string // the layer: "h", "m" or "l"; empty without simulcast
	Kind    Kind
	Sent    bool // true: ours to them
	Codec   string
	Packets uint64
	Bytes   uint64 // of RTP, headers included
	Frames  uint64 // pictures sent or received; natively of sent sound, too

	FrameRate     float64 // pictures in the last second
	Width, Height int     // of the last picture, in pixels
	// Freezes counts how often a received picture stood still, and FreezeTime
	// how long in all (W3C WebRTC Statistics, freezeCount).
	Freezes    uint64
	FreezeTime time.Duration
	AudioLevel float64 // of the sound now, 0 (silent) to 1
	// AudioEnergy is the squared level of the sound so far, added up over
	// AudioDuration. How loud it was between two looks is the square root of what
	// the one grew by over what the other did, which misses nothing in between as
	// AudioLevel does (W3C WebRTC Statistics, totalAudioEnergy).
	AudioEnergy   float64 // in seconds at full level
	AudioDuration time.Duration

	// Lost counts packets that never came; for a sent stream, as the other side
	// last reported. It can fall: late packets come after all.
	Lost int64
	// FractionLost is the share lost since the last report but one, 0 to 1, of a
	// sent stream.
	FractionLost float64
	Jitter       time.Duration // RFC 3550 §6.4.1
	RTT          time.Duration // by RTCP, of a sent stream; zero when not known

	// NACK, PLI and FIR count the requests the other side sent for a sent stream;
	// PLI counts ours for a received one.
	NACK, PLI, FIR uint64
}
