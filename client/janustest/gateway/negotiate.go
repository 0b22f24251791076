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
