//go:build !js

package media

import (
	"crypto/rand"
	"encoding/hex"
	"io"
	"strings"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"github.com/bifrons-rtc/bifrons/internal/feedback"
)

// receiveMTU is the largest RTP packet we take.
const receiveMTU = 1600

// quiet keeps pion from writing to the process's standard error.
func quiet() logging.LoggerFactory {
	return &logging.DefaultLoggerFactory{Writer: io.Discard, DefaultLogLevel: logging.LogLevelDisabled}
}

// newAPI sets pion up for Janus.
func newAPI(o Options, tune any) (*webrtc.API, error) {
	logs := quiet()
	var s webrtc.SettingEngine
	s.LoggerFactory = logs
	s.SetReceiveMTU(receiveMTU)
	// Janus announces real addresses, and cannot resolve ours if they are hidden.
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	// The active side's first message is often lost with Janus, which resends
	// nothing for a second: wait for Janus to speak first.
	if err := s.SetAnsweringDTLSRole(webrtc.DTLSRoleServer); err != nil {
		return nil, err
	}
	// The gateway says when it hangs up, with the reason. pion would close by
	// itself at the DTLS alert that overtakes it; when that comes while the
	// handshake ends, pion leaks goroutines or waits for ever (4.2.20).
	s.DisableCloseByDTLS(true)
	// A handshake message that is lost costs this, not a second.
	s.SetDTLSRetransmissionInterval(100 * time.Millisecond)
	// Data that is lost again and again is sent as often as browsers do, where pion
	// would come to wait for a minute.
	s.SetSCTPRTOMax(3 * time.Second)
	if o.RelayOnly {
		s.SetRelayAcceptanceMinWait(0) // pion waits two seconds for a better pair
	}
	if f, ok := tune.(func(*webrtc.SettingEngine)); ok {
		f(&s)
	}
	m := &webrtc.MediaEngine{}
	for i, c := range known() {
		if err := m.RegisterCodec(parameters(c, webrtc.PayloadType(96+i)), rtpKind(c.Kind)); err != nil {
			return nil, err
		}
	}
	// Janus tells streams apart by their mid, those of sound too.
	mid := webrtc.RTPHeaderExtensionCapability{URI: sdp.SDESMidURI}
	if err := m.RegisterHeaderExtension(mid, webrtc.RTPCodecTypeAudio); err != nil {
		return nil, err
	}
	r := &interceptor.Registry{}
	if err := feedback.Register(m, r, logs); err != nil {
		return nil, err
	}
	return webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(r), webrtc.WithSettingEngine(s)), nil
}

func parameters(c Codec, pt webrtc.PayloadType) webrtc.RTPCodecParameters {
	p := webrtc.RTPCodecParameters{PayloadType: pt}
	p.MimeType, p.ClockRate, p.Channels, p.SDPFmtpLine = c.MIME, uint32(c.ClockRate), uint16(c.Channels), c.FMTP
	if c.Kind == Video {
		p.RTCPFeedback = []webrtc.RTCPFeedback{
			{Type: webrtc.TypeRTCPFBGoogREMB},
			{Type: webrtc.TypeRTCPFBCCM, Parameter: "fir"},
			{Type: webrtc.TypeRTCPFBNACK},
			{Type: webrtc.TypeRTCPFBNACK, Parameter: "pli"},
		}
	}
	return p
}

func fromParameters(p webrtc.RTPCodecParameters, k Kind) Codec {
	return Codec{
		MIME:      p.MimeType,
		Kind:      k,
		ClockRate: int(p.ClockRate),
		Channels:  int(p.Channels),
		FMTP:      p.SDPFmtpLine,
	}
}

func rtpKind(k Kind) webrtc.RTPCodecType {
	if k == Audio {
		return webrtc.RTPCodecTypeAudio
	}
	return webrtc.RTPCodecTypeVideo
}

func fromRTPKind(t webrtc.RTPCodecType) Kind {
	if t == webrtc.RTPCodecTypeAudio {
		return Audio
	}
	return Video
}

// sameCodec compares what decides whether frames of a can be sent as b.
func sameCodec(a Codec, b webrtc.RTPCodecParameters) bool {
	return strings.EqualFold(a.MIME, b.MimeType)
}

// randomID makes the ids of streams and tracks.
func randomID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
