//go:build !js

package media

import (
	"fmt"

	"github.com/pion/webrtc/v4"
)

// dataPipe is a data channel of pion's.
type dataPipe struct{ dc *webrtc.DataChannel }

var _ pipe = dataPipe{}

func (e *engine) openData(label string, o DataOptions) (pipe, error) {
	init := &webrtc.DataChannelInit{Ordered: new(!o.Unordered)}
	if o.MaxRetransmits != nil {
		init.MaxRetransmits = new(uint16(*o.MaxRetransmits))
	}
	if o.Protocol != "" {
		init.Protocol = &o.Protocol
	}
	dc, err := e.pc.CreateDataChannel(label, init)
	if err != nil {
		return nil, fmt.Errorf("media: open data channel: %w", err)
	}
	return dataPipe{dc}, nil
}

func (p dataPipe) listen(c *channel) {
	p.dc.SetBufferedAmountLowThreshold(lowWater)
	p.dc.OnBufferedAmountLow(func() { signal(c.room) })
	p.dc.OnMessage(func(m webrtc.DataChannelMessage) { c.message(Data{Bytes: m.Data, Text: m.IsString}) })
	p.dc.OnOpen(c.begin)
	p.dc.OnClose(func() { c.lost(p) })
}

func (p dataPipe) label() string            { return p.dc.Label() }
func (p dataPipe) protocol() string         { return p.dc.Protocol() }
func (p dataPipe) write(b []byte) error     { return p.dc.Send(b) }
func (p dataPipe) writeText(s string) error { return p.dc.SendText(s) }
func (p dataPipe) buffered() uint64         { return p.dc.BufferedAmount() }
func (p dataPipe) release()                 {}

// close closes the channel. The other side may have done it meanwhile, which is
// all that can go wrong.
func (p dataPipe) close() { _ = p.dc.Close() }
