//go:build !js

package media

import (
	"time"

	"github.com/pion/webrtc/v4"
)

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
	e.endHandshake()
	// What pion reports here is that something was closed already.
	_ = e.pc.GracefulClose()
	for _, c := range channels {
		c.finish()
	}
	e.work.Wait()
}

// endHandshake waits until no DTLS handshake runs, or ends it: pion leaks the
// SRTP session of one that succeeds while the connection is being closed.
func (e *engine) endHandshake() {
	dtls := e.pc.SCTP().Transport()
	settled := func(within time.Duration) bool {
		timer := time.NewTimer(within)
		defer timer.Stop()
		for dtls.State() == webrtc.DTLSTransportStateConnecting {
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
