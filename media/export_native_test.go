//go:build !js

package media

import "github.com/pion/webrtc/v4"

// NewTunedPeer is NewPeer with pion set up further.
func NewTunedPeer(l Link, f func(*webrtc.SettingEngine)) (*Peer, error) { return newPeer(l, nil, f) }

// Buffered returns the bytes that wait to be sent.
func (d *DataChannel) Buffered() uint64 { return d.impl.now().pipe.(dataPipe).dc.BufferedAmount() }

// HighWater is the number of bytes above which Send waits.
const HighWater = highWater

// Received returns how many packets of t came.
func Received(t *Track) uint64 {
	t.impl.mu.Lock()
	defer t.impl.mu.Unlock()
	return t.impl.counts.packets
}

// PayloadType returns what the packets of s say they carry.
func PayloadType(s *Sender) uint8 {
	s.impl.mu.Lock()
	defer s.impl.mu.Unlock()
	return s.impl.out.header.PayloadType
}
