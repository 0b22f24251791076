//go:build !js

package gateway

import (
	"slices"
	"sync"

	"github.com/pion/webrtc/v4"
)

const (
	maxChannels = 64       // data channels of a connection; more are closed
	maxQueued   = 64       // messages for a channel that is not open yet
	maxBuffered = 16 << 20 // bytes that wait for a client; more are lost
)

// channels are the data channels of one connection, by label. Where the client
// and the gateway opened one of the same label, that of the client counts.
type channels struct {
	conn *connection

	mu   sync.Mutex // guards list, and the queues of what is in it
	list []*channel
}

// channel is a data channel.
type channel struct {
	dc    *webrtc.DataChannel
	ours  bool // the gateway opened it
	open  bool
	queue []message
}

type message struct {
	text bool
	data []byte
}

// found takes a channel that the client opened.
func (s *channels) found(dc *webrtc.DataChannel) {
	ch := &channel{dc: dc}
	s.mu.Lock()
	full := len(s.list) >= maxChannels
	if !full {
		s.list = slices.DeleteFunc(s.list, func(x *channel) bool { return x.ours && x.dc.Label() == dc.Label() })
		s.list = append(s.list, ch)
	}
	s.mu.Unlock()
	if full {
		_ = dc.Close()
		return
	}
	s.serve(ch)
	dc.OnOpen(func() {
		s.opened(ch)
		if open := s.conn.peer.hooks.open; open != nil {
			open(dc.Label())
		}
	})
}

// serve hears what comes on ch, and its end.
func (s *channels) serve(ch *channel) {
	ch.dc.OnMessage(func(m webrtc.DataChannelMessage) {
		if data := s.conn.peer.hooks.data; data != nil {
			data(ch.dc.Label(), m.IsString, m.Data)
		}
	})
	ch.dc.OnClose(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.list = slices.DeleteFunc(s.list, func(x *channel) bool { return x == ch })
	})
}

// opened sends what waited for ch.
func (s *channels) opened(ch *channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch.open = true
	for _, m := range ch.queue {
		ch.send(m)
	}
	ch.queue = nil
}

// send sends a message on the channel of a label, which it opens if there is
// none. What is too much is lost.
func (s *channels) send(label string, m message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.list, func(x *channel) bool { return x.dc.Label() == label })
	if i < 0 {
		if len(s.list) >= maxChannels {
			return
		}
		dc, err := s.conn.pc.CreateDataChannel(label, nil)
		if err != nil {
			return
		}
		ch := &channel{dc: dc, ours: true}
		i, s.list = len(s.list), append(s.list, ch)
		s.serve(ch)
		dc.OnOpen(func() { s.opened(ch) })
	}
	switch ch := s.list[i]; {
	case ch.open:
		ch.send(m)
	case len(ch.queue) < maxQueued:
		ch.queue = append(ch.queue, m)
	}
}

// send hands a message to pion.
func (ch *channel) send(m message) {
	switch {
	case ch.dc.BufferedAmount() > maxBuffered:
	case m.text:
		_ = ch.dc.SendText(string(m.data)) // it fails when the channel ends, which is no news
	default:
		_ = ch.dc.Send(m.data)
	}
}

// data sends data to the client on the channel of a label.
func (p *peer) data(label string, text bool, b []byte) {
	if c := p.current(); c != nil {
		c.channels.send(label, message{text, b})
	}
}
