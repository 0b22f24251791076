//go:build !js

package media

import (
	"slices"
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
	senders, channels, orphans := e.senders, e.channels, slices.Clone(e.orphans)
	e.senders, e.channels = nil, nil
	e.mu.Unlock()
	for _, s := range senders {
		s.retire()
	}
	e.shut(func() {
		for _, c := range channels {
			c.finish()
		}
	})
	for _, t := range orphans {
		t.finish()
	}
}

// retire ends the connection and leaves what it had to another engine.
func (e *engine) retire() remains {
	var left remains
	e.mu.Lock()
	e.closed = true
	senders := e.senders
	left.tracks = append(e.tracks, e.orphans...)
	left.channels = e.channels
	e.senders, e.tracks, e.channels, e.orphans = nil, nil, nil, nil
	e.mu.Unlock()
	for _, s := range senders {
		s.was = s.mid()
	}
	for _, t := range left.tracks {
		t.park()
	}
	e.setConnected(false)
	for _, s := range senders {
		s.update()
	}
	e.shut(func() {})
	left.sent, left.received = e.past.sent.Load(), e.past.received.Load()
	return left
}

// inherit takes over what is counted, and the tracks that wait for their m-lines.
func (e *engine) inherit(left remains) {
	e.past.sent.Store(left.sent)
	e.past.received.Store(left.received)
	for _, t := range left.tracks {
		t.mu.Lock()
		t.at.e = e
		t.mu.Unlock()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.orphans = slices.Clone(left.tracks)
}

// shut closes pion, and calls also meanwhile.
func (e *engine) shut(also func()) {
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
	also()
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
