//go:build !js

package gateway

import (
	"fmt"
	"slices"

	"github.com/pion/webrtc/v4"
)

// sending is what [peer.send] is to send.
type sending struct {
	mid        string // of the m-line; empty: another one
	codec      webrtc.RTPCodecParameters
	stream, id string // the msid; empty: "janus" and "janus<mid>"
	both       bool   // with another m-line: the client may send as well

	onLayer func(substream, temporal *int) // see outlet; nil: nobody wants to know
}

// send gives the client something on an m-line: one of the offer that is being
// answered, one that rests, or another one, which the next offer has. What it
// is, says [outlet.follow].
func (p *peer) send(s sending) (*outlet, error) {
	c, err := p.open()
	if err != nil {
		return nil, err
	}
	if s.stream == "" {
		s.stream, s.id = "janus", "janus"+s.mid
	}
	var old *outlet
	if s.mid != "" {
		old = p.outlet(s.mid)
	}
	if old != nil && old.sender != nil {
		return old, nil
	}
	o := &outlet{conn: c, kind: kindOf(s.codec.MimeType), codec: s.codec, stream: s.stream, id: s.id, onLayer: s.onLayer}
	for _, t := range c.pc.GetTransceivers() {
		if t.Mid() == s.mid && s.mid != "" {
			o.transceiver = t
		}
	}
	if c.pc.SignalingState() != webrtc.SignalingStateHaveRemoteOffer {
		ours, ok := codecNamed(codecName(s.codec.MimeType))
		if !ok {
			return nil, errNoCodec
		}
		o.codec.PayloadType = ours.PayloadType
	}
	if o.transceiver == nil {
		direction := webrtc.RTPTransceiverDirectionSendonly
		if s.both {
			direction = webrtc.RTPTransceiverDirectionSendrecv
		}
		if o.transceiver, err = c.pc.AddTransceiverFromTrack(o, webrtc.RTPTransceiverInit{Direction: direction}); err != nil {
			return nil, fmt.Errorf("gateway: send: %w", err)
		}
		o.sender = o.transceiver.Sender()
		if s.mid != "" {
			if err := o.transceiver.SetMid(s.mid); err != nil {
				return nil, fmt.Errorf("gateway: send: %w", err)
			}
		}
	} else {
		if o.sender, err = c.occupy(o.transceiver, o); err != nil {
			return nil, fmt.Errorf("gateway: send: %w", err)
		}
	}
	if err := o.transceiver.SetCodecPreferences([]webrtc.RTPCodecParameters{o.codec}); err != nil {
		return nil, fmt.Errorf("gateway: send: %w", err)
	}
	if old != nil {
		p.forget(old) // it only pretended
	}
	// Ends when pion stops the sender; Close of the gateway waits for it.
	p.g.work.Go(o.listen)
	return o, c.keep(o)
}

// keep adds an outlet that c ends with itself.
func (c *connection) keep(o *outlet) error {
	c.peer.mu.Lock()
	defer c.peer.mu.Unlock()
	if c.peer.conn != c {
		return errNoConnection
	}
	c.outlets = append(c.outlets, o)
	return nil
}

// forget takes o out of what the client gets.
func (p *peer) forget(o *outlet) {
	o.follow(nil)
	p.mu.Lock()
	defer p.mu.Unlock()
	o.conn.outlets = slices.DeleteFunc(slices.Clone(o.conn.outlets), func(x *outlet) bool { return x == o })
}

// receive has the next offer have an m-line on which the client may send, and
// gets nothing.
func (p *peer) receive(codec webrtc.RTPCodecParameters) (*webrtc.RTPTransceiver, error) {
	c, err := p.open()
	if err != nil {
		return nil, err
	}
	t, err := c.pc.AddTransceiverFromKind(kindOf(codec.MimeType),
		webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
	if err != nil {
		return nil, fmt.Errorf("gateway: receive: %w", err)
	}
	ours, _ := codecNamed(codecName(codec.MimeType)) // it is one of those
	if err := t.SetCodecPreferences([]webrtc.RTPCodecParameters{ours}); err != nil {
		return nil, fmt.Errorf("gateway: receive: %w", err)
	}
	return t, nil
}

// pretend is send for an m-line on which the client gets nothing: layers are
// chosen, as Janus does, and nothing is sent.
func (p *peer) pretend(s sending) (*outlet, error) {
	c, err := p.open()
	if err != nil {
		return nil, err
	}
	if old := p.outlet(s.mid); old != nil {
		return old, nil
	}
	o := &outlet{conn: c, kind: kindOf(s.codec.MimeType), codec: s.codec, nowhere: s.mid, onLayer: s.onLayer}
	return o, c.keep(o)
}

// occupy has o sent on t. pion takes the first m-line that is free, so that those
// before t are occupied for a moment.
func (c *connection) occupy(t *webrtc.RTPTransceiver, o *outlet) (*webrtc.RTPSender, error) {
	var held []*webrtc.RTPSender
	defer func() {
		for _, sender := range held {
			_ = c.pc.RemoveTrack(sender) // it was never used
		}
	}()
	for lines := len(c.pc.GetTransceivers()); ; {
		sender, err := c.pc.AddTrack(o)
		if err != nil {
			return nil, err
		}
		if t.Sender() == sender {
			return sender, nil
		}
		held = append(held, sender)
		if len(c.pc.GetTransceivers()) > lines {
			return nil, errNotFree // what was added is an m-line that rests
		}
	}
}

// rest takes back what send gave: the m-line is inactive in the next offer, and
// free for something else.
func (p *peer) rest(o *outlet) error {
	p.forget(o)
	if err := o.conn.pc.RemoveTrack(o.sender); err != nil {
		return fmt.Errorf("gateway: rest: %w", err)
	}
	return nil
}

// sendData has the next offer have an m-line for data.
func (p *peer) sendData() error {
	c, err := p.open()
	if err != nil {
		return err
	}
	return c.pc.SetConfiguration(webrtc.Configuration{AlwaysNegotiateDataChannels: true})
}
