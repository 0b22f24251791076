//go:build !js

package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/bifrons-rtc/bifrons/client"
)

const room = "janus.plugin.videoroom"

// list is the request of P1 and P2, encoded once: what is measured is the way
// there and back.
var list any = json.RawMessage(`{"request":"list"}`)

// attached opens a client with one handle.
func (e *env) attached(url string) (*client.Client, *client.Handle, error) {
	c, err := client.Dial(e.ctx, url, &client.Options{KeepAlive: -1})
	if err != nil {
		return nil, nil, err
	}
	s, err := c.NewSession(e.ctx)
	if err != nil {
		return nil, nil, err
	}
	h, err := s.Attach(e.ctx, room, nil)
	return c, h, err
}

// requests is P1: round trips of a typed API, the body left undecoded.
func requests(e *env) error {
	for _, tt := range []struct {
		name      string
		url       string
		n, at     int
		rate      float64 // wanted ratio of requests a second; 0: none
		cpu, wait float64 // wanted ratios of CPU and median wait; 0: none
	}{
		{"list, Janus, one at a time", e.janus.WS(), 4000, 1, 0, 1.10, 1.08},
		{"list, stub, one at a time", e.stub, 20000, 1, 0, 0, 0},
		// 2 × and 4.5 × janode, 4.5 × and 8 × janus-go, as shares of the mux floor.
		{"list, stub, 16 at once", e.stub, 100000, 16, 1.39, 0, 0},
		{"list, stub, 256 at once", e.stub, 200000, 256, 2.28, 0, 0},
	} {
		if !strings.Contains(tt.name, e.match) {
			continue
		}
		c, h, err := e.attached(tt.url)
		if err != nil {
			return err
		}
		m, err := dialMux(e.ctx, tt.url, tt.at)
		if err != nil {
			return err
		}
		head := `{"janus":"message","transaction":"`
		tail := fmt.Sprintf(`","session_id":%d,"handle_id":%d,"body":{"request":"list"}}`, h.Session().ID(), h.ID())
		ours, floor, err := e.compare(
			func() (sample, error) {
				return meter(tt.n, tt.at, func() error { _, err := h.Request(e.ctx, list, nil); return err })
			},
			func() (sample, error) {
				return meter(tt.n, tt.at, func() error { return m.roundTrip(e.ctx, head, tail) })
			})
		m.close()
		_ = c.Close()
		if err != nil {
			return err
		}
		e.line("P1", tt.name+": CPU µs, mux floor", micros(ours.cpu), micros(floor.cpu), "%.1f", tt.cpu, true)
		e.line("P1", tt.name+": p50 µs, mux floor", micros(ours.p50), micros(floor.p50), "%.1f", tt.wait, true)
		e.line("P1", tt.name+": requests/s, mux floor", ours.perSec, floor.perSec, "%.0f", tt.rate, false)
		e.bound("P1", tt.name+": allocations", ours.allocs, "%.2f", 1.2)
	}
	if e.match != "" {
		return nil
	}
	return e.pipelined()
}

// pipelined compares the CPU of 256 requests at once with a floor that does not
// multiplex: one goroutine writes, one reads.
func (e *env) pipelined() error {
	const n, at = 200000, 256
	c, h, err := e.attached(e.stub)
	if err != nil {
		return err
	}
	defer c.Close()
	f, err := dialFloor(e.ctx, e.stub)
	if err != nil {
		return err
	}
	defer f.close()
	request := fmt.Appendf(nil, `{"janus":"message","transaction":"abcdefghijkl","session_id":%d,"handle_id":%d,"body":{"request":"list"}}`, h.Session().ID(), h.ID())
	ours, floor, err := e.compare(
		func() (sample, error) {
			return meter(n, at, func() error { _, err := h.Request(e.ctx, list, nil); return err })
		},
		func() (sample, error) {
			room := make(chan struct{}, at)
			errs := make(chan error, 1)
			return once(n, func() error {
				// The writer of this round; it ends after n messages, and errs waits.
				go func() {
					for range n {
						room <- struct{}{}
						if err := f.write(e.ctx, request); err != nil {
							errs <- err
							return
						}
					}
					errs <- nil
				}()
				for range n {
					if _, err := f.read(e.ctx); err != nil {
						return err
					}
					<-room
				}
				return <-errs
			})
		})
	if err != nil {
		return err
	}
	e.line("P1", "list, stub, 256 at once: CPU µs, floor", micros(ours.cpu), micros(floor.cpu), "%.1f", 0.65, true)
	return nil
}

// rooms is what a typed answer decodes into.
type rooms struct {
	VideoRoom string `json:"videoroom"`
	List      []struct {
		Room          client.ID `json:"room"`
		Description   string    `json:"description"`
		PINRequired   bool      `json:"pin_required"`
		MaxPublishers int       `json:"max_publishers"`
		Bitrate       int       `json:"bitrate"`
		AudioCodec    string    `json:"audiocodec"`
		VideoCodec    string    `json:"videocodec"`
	} `json:"list"`
}

// typed is P2: the same with the answer decoded into a struct.
func typed(e *env) error {
	c, h, err := e.attached(e.stub)
	if err != nil {
		return err
	}
	defer c.Close()
	resp, err := h.Request(e.ctx, list, nil)
	if err != nil {
		return err
	}
	decode := func(data []byte) error {
		var r rooms
		return json.Unmarshal(data, &r)
	}
	ours, alone, err := e.compare(
		func() (sample, error) {
			return meter(20000, 1, func() error {
				resp, err := h.Request(e.ctx, list, nil)
				if err != nil {
					return err
				}
				return decode(resp.Data)
			})
		},
		func() (sample, error) { return meter(20000, 1, func() error { return decode(resp.Data) }) })
	if err != nil {
		return err
	}
	e.bound("P2", "list, typed: allocations beyond decoding the values", ours.allocs-alone.allocs, "%.2f", 4)
	e.line("P2", "list, typed: CPU µs, encoding/json of the answer alone", micros(ours.cpu), micros(alone.cpu), "%.1f", 0, true)
	return nil
}
