//go:build !js

package gateway

import (
	"fmt"

	"github.com/pion/webrtc/v4"

	"github.com/bifrons-rtc/bifrons/client"
)

// offered takes an offer of the client; answer answers it, at once or later.
// Prefer names the codec of an m-line, one of line.codecs; an empty name turns
// the m-line down. It is not asked about lines of which the codec is known from
// before, and may be nil for the first codec that the gateway knows. The result
// are the m-lines, those that were turned down too.
func (p *peer) offered(j *client.JSEP, prefer func(line) string) ([]line, error) {
	p.turn.Lock()
	defer p.turn.Unlock()
	c, err := p.open()
	if err != nil {
		return nil, err
	}
	d, err := parseSDP(j.SDP)
	if err != nil {
		return nil, err
	}
	lines := d.choose(func(l line) string {
		if in := p.inlet(l.mid); in != nil && l.offers(codecName(in.codec.MimeType)) {
			return codecName(in.codec.MimeType)
		}
		if prefer == nil {
			return l.best()
		}
		return prefer(l)
	})
	text, err := d.String()
	if err != nil {
		return nil, err
	}
	if err := c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: text}); err != nil {
		return nil, fmt.Errorf("gateway: offer: %w", err)
	}
	p.described(c)
	p.listen(c, lines)
	return lines, nil
}

// listen makes the inlets of what the client sends according to lines.
func (p *peer) listen(c *connection, lines []line) {
	var over []*inlet
	p.mu.Lock()
	for _, l := range lines {
		if l.data {
			continue
		}
		var in *inlet
		for i, x := range c.inlets {
			if x.mid == l.mid {
				in = x
				if !l.sends() {
					over = append(over, x)
					c.inlets = append(c.inlets[:i:i], c.inlets[i+1:]...)
				}
				break
			}
		}
		if in == nil && l.sends() {
			c.add(newInlet(c, l.mid, l.codec, l.rids))
		}
	}
	p.mu.Unlock()
	for _, in := range over {
		in.end()
	}
}

// answer answers the offer that was taken last.
func (p *peer) answer() (*client.JSEP, error) {
	p.turn.Lock()
	defer p.turn.Unlock()
	c := p.current()
	if c == nil {
		return nil, errNoConnection
	}
	d, err := c.pc.CreateAnswer(nil)
	if err != nil {
		return nil, fmt.Errorf("gateway: answer: %w", err)
	}
	return c.describe(d)
}

// offer offers what was given to [peer.send]. With restart it asks for another
// way through the network.
func (p *peer) offer(restart bool) (*client.JSEP, error) {
	p.turn.Lock()
	defer p.turn.Unlock()
	c, err := p.open()
	if err != nil {
		return nil, err
	}
	d, err := c.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: restart && c.pc.CurrentRemoteDescription() != nil})
	if err != nil {
		return nil, fmt.Errorf("gateway: offer: %w", err)
	}
	return c.describe(d)
}

// describe sends a description with all the candidates in it, as Janus does.
func (c *connection) describe(d webrtc.SessionDescription) (*client.JSEP, error) {
	gathered := webrtc.GatheringCompletePromise(c.pc)
	if err := c.pc.SetLocalDescription(d); err != nil {
		return nil, fmt.Errorf("gateway: %s: %w", d.Type, err)
	}
	select {
	case <-gathered:
	case <-c.over:
		return nil, errNoConnection
	}
	local := c.pc.LocalDescription()
	if local == nil {
		return nil, errNoConnection
	}
	text, err := refuse(local.SDP, c.refused())
	if err != nil {
		return nil, err
	}
	return &client.JSEP{Type: d.Type.String(), SDP: text}, nil
}

// refused returns the mids of the m-lines that were turned down.
func (c *connection) refused() map[string]bool {
	mids := make(map[string]bool)
	remote := c.pc.RemoteDescription()
	if remote == nil || remote.Type != webrtc.SDPTypeOffer {
		return mids
	}
	d, err := parseSDP(remote.SDP)
	if err != nil {
		return mids
	}
	for _, l := range d.lines() {
		mids[l.mid] = !l.data && l.refused
	}
	return mids
}

// pending says whether an offer waits for its answer.
func (p *peer) pending() bool {
	c := p.current()
	return c != nil && c.pc.SignalingState() != webrtc.SignalingStateStable
}

// negotiated says whether there was an answer to an offer.
func (p *peer) negotiated() bool {
	c := p.current()
	return c != nil && c.pc.CurrentRemoteDescription() != nil
}

// answered takes the client's answer to an offer of the gateway's.
func (p *peer) answered(j *client.JSEP) ([]line, error) {
	p.turn.Lock()
	defer p.turn.Unlock()
	c := p.current()
	if c == nil {
		return nil, errNoConnection
	}
	d, err := parseSDP(j.SDP)
	if err != nil {
		return nil, err
	}
	lines := d.lines()
	p.listen(c, lines) // packets may come as soon as pion knows the answer
	if err := c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: j.SDP}); err != nil {
		return nil, fmt.Errorf("gateway: answer: %w", err)
	}
	p.described(c)
	return lines, nil
}

// sending is what [peer.send] is to send.
type sending struct {
	mid        string // of the m-line; empty: another one
	codec      webrtc.RTPCodecParameters
	stream, id string // the msid; empty: "janus" and "janus<mid>"
	both       bool   // with another m-line: the client may send as well
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
	o := &outlet{conn: c, kind: kindOf(s.codec.MimeType), codec: s.codec, stream: s.stream, id: s.id}
	for _, t := range c.pc.GetTransceivers() {
		if t.Mid() == s.mid && s.mid != "" {
			if old := p.outlet(s.mid); old != nil {
				return old, nil
			}
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
	p.mu.Lock()
	c.outlets = append(c.outlets, o)
	p.mu.Unlock()
	// Ends when pion stops the sender; Close of the gateway waits for it.
	p.g.work.Go(o.listen)
	return o, nil
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
	o := &outlet{conn: c, kind: kindOf(s.codec.MimeType), codec: s.codec, nowhere: s.mid}
	p.mu.Lock()
	defer p.mu.Unlock()
	c.outlets = append(c.outlets, o)
	return o, nil
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
	o.follow(nil)
	p.mu.Lock()
	for i, x := range o.conn.outlets {
		if x == o {
			o.conn.outlets = append(o.conn.outlets[:i:i], o.conn.outlets[i+1:]...)
			break
		}
	}
	p.mu.Unlock()
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
