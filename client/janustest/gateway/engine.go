//go:build !js

package gateway

import (
	"io"
	"math"
	"net"
	"strings"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"github.com/bifrons-rtc/bifrons/internal/feedback"
)

// receiveMTU is the largest RTP packet the gateway takes.
const receiveMTU = 1600

// checkInterval is how often pion looks for a way through the network.
const checkInterval = 200 * time.Millisecond

// newAPI sets pion up as a gateway on this machine's loopback, for one
// connection. That has failed when it has been without an answer for the
// timeout; closed is called when the client closes it.
func newAPI(timeout time.Duration, closed func()) (*webrtc.API, error) {
	logs := listener{logging.DefaultLoggerFactory{Writer: io.Discard, DefaultLogLevel: logging.LogLevelDisabled}, closed}
	var s webrtc.SettingEngine
	s.LoggerFactory = logs
	s.SetReceiveMTU(receiveMTU)
	s.SetIncludeLoopbackCandidate(true)
	s.SetIPFilter(net.IP.IsLoopback)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	s.DisableActiveTCP(true)
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	// Half the time without an answer is being disconnected, the other half is
	// the last chance.
	s.SetICETimeouts(timeout/2, timeout/2, 2*time.Second)
	// A client may take its time until it has the answer; a pair is given up with
	// the connection and not before.
	s.SetICEMaxBindingRequests(uint16(min(timeout/checkInterval, math.MaxUint16)))
	// A page hides its addresses, so that its candidates are those we see.
	s.SetPrflxAcceptanceMinWait(0)
	s.SetHostAcceptanceMinWait(0)
	s.SetDTLSRetransmissionInterval(100 * time.Millisecond)
	// pion would close by itself while the handshake may still be ending, which
	// leaks goroutines (4.2.20). We do it when the hangup event is out.
	s.DisableCloseByDTLS(true)
	m := &webrtc.MediaEngine{}
	for _, c := range codecs() {
		if err := m.RegisterCodec(c, kindOf(c.MimeType)); err != nil {
			return nil, err
		}
	}
	for _, uri := range passedOn {
		for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
			if err := m.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uri}, kind); err != nil {
				return nil, err
			}
		}
	}
	r := &interceptor.Registry{}
	if err := feedback.Register(m, r, logs); err != nil {
		return nil, err
	}
	return webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(r), webrtc.WithSettingEngine(s)), nil
}

// Header extensions that go from a sender to the receivers, besides the mid.
const orientation = "urn:3gpp:video-orientation"

var passedOn = []string{sdp.SDESMidURI, sdp.AudioLevelURI, orientation}

// listener is pion's log, which nobody reads but for one line: that the client
// closed its end is told nowhere else.
type listener struct {
	logging.DefaultLoggerFactory
	closed func()
}

// NewLogger implements logging.LoggerFactory.
func (l listener) NewLogger(scope string) logging.LeveledLogger {
	log := l.DefaultLoggerFactory.NewLogger(scope)
	if scope != "dtls" {
		return log
	}
	return alerts{log, l.closed}
}

// alerts is the log of a DTLS connection.
type alerts struct {
	logging.LeveledLogger
	closed func()
}

// Tracef implements logging.LeveledLogger.
func (a alerts) Tracef(_ string, args ...any) {
	for _, arg := range args {
		if text, ok := arg.(string); ok && strings.HasSuffix(text, ": CloseNotify") {
			a.closed()
		}
	}
}
