package media

import (
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

// dataPipe is an RTCDataChannel.
type dataPipe struct {
	dc    js.Value
	scope jsx.Scope
}

var _ pipe = (*dataPipe)(nil)

func (e *engine) openData(label string, o DataOptions) (pipe, error) {
	init := map[string]any{"ordered": !o.Unordered, "protocol": o.Protocol}
	if o.MaxRetransmits != nil {
		init["maxRetransmits"] = *o.MaxRetransmits
	}
	dc, err := call(e.pc, "createDataChannel", label, init)
	if err != nil {
		return nil, fmt.Errorf("media: open data channel: %w", err)
	}
	return &dataPipe{dc: dc}, nil
}

func (p *dataPipe) listen(c *channel) {
	p.dc.Set("binaryType", "arraybuffer")
	p.dc.Set("bufferedAmountLowThreshold", lowWater)
	p.scope.Listen(p.dc, "bufferedamountlow", func(js.Value) { signal(c.room) })
	p.scope.Listen(p.dc, "message", func(ev js.Value) { c.message(toData(ev.Get("data"))) })
	p.scope.Listen(p.dc, "open", func(js.Value) { c.begin() })
	p.scope.Listen(p.dc, "close", func(js.Value) { c.lost(p) })
	if p.dc.Get("readyState").String() == "open" { // one of the other side may be, and says so no more
		c.begin()
	}
}

func toData(message js.Value) Data {
	if message.Type() == js.TypeString {
		return Data{Bytes: []byte(message.String()), Text: true}
	}
	return Data{Bytes: jsx.Bytes(message)}
}

func (p *dataPipe) label() string    { return p.dc.Get("label").String() }
func (p *dataPipe) protocol() string { return p.dc.Get("protocol").String() }
func (p *dataPipe) buffered() uint64 { return uint64(p.dc.Get("bufferedAmount").Int()) }
func (p *dataPipe) close()           { p.dc.Call("close") }
func (p *dataPipe) release()         { p.scope.Close() }

func (p *dataPipe) write(b []byte) error {
	_, err := call(p.dc, "send", jsx.Uint8Array(b))
	return err
}

func (p *dataPipe) writeText(s string) error {
	_, err := call(p.dc, "send", s)
	return err
}
