//go:build !js

package media

import (
	"time"

	"github.com/pion/webrtc/v4"
)

// closeLimit is how long pion may take to close, for what settleTransport does
// not know of. It takes some milliseconds.
const closeLimit = 5 * time.Second

// close ends everything and waits for it.
func (e *engine) close() {
	e.mu.Lock()
	e.closed = true
	senders, channels := e.senders, e.channels
	e.senders, e.channels = nil, nil
	e.mu.Unlock()
	for _, s := range senders {
		s.retire()
	}
	e.settleTransport()
	done := make(chan struct{})
	// Closes pion, and waits for what runs on it; ends when both are done; close
	// waits for it, but not for ever.
	go func() {
		defer close(done)
		e.counting.Lock()
		e.over = true
		e.counting.Unlock()
		// What pion reports here is that something was closed already.
		_ = e.pc.GracefulClose()
		e.work.Wait()
	}()
	for _, c := range channels {
		c.finish()
	}
	timer := time.NewTimer(closeLimit)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	}
}

// settleTransport waits until no DTLS handshake runs and pion has taken note of
// its success, or ends it. pion (4.2.20) leaks the SRTP session of a handshake
// that succeeds while the connection is being closed; and closing in the moment
// between the success and its consequences, after the first packet of media,
// waits for ever.
func (e *engine) settleTransport() {
	dtls := e.pc.SCTP().Transport()
	settled := func(within time.Duration) bool {
		timer := time.NewTimer(within)
		defer timer.Stop()
		for dtls.State() == webrtc.DTLSTransportStateConnecting ||
			dtls.State() == webrtc.DTLSTransportStateConnected && e.pc.ConnectionState() == webrtc.PeerConnectionStateConnecting {
			select {
			case <-e.moved:
			case <-timer.C:
				return false
			}
		}
		return true
	}
	if settled(200 * time.Millisecond) {
		return
	}
	_ = dtls.ICETransport().Stop() // the handshake fails for want of a network
	settled(time.Second)
}
