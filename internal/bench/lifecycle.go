//go:build !js

package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/jsonscan"
)

// lifecycle is P5: sessions and handles that come and go, and the way from
// nothing to the first answer.
func lifecycle(e *env) error {
	const n, at = 20000, 16
	c, err := client.Dial(e.ctx, e.stub, &client.Options{KeepAlive: -1})
	if err != nil {
		return err
	}
	defer c.Close()
	m, err := dialMux(e.ctx, e.stub, at)
	if err != nil {
		return err
	}
	defer m.close()
	ours, floor, err := e.compare(
		func() (sample, error) {
			return meter(n, at, func() error {
				s, err := c.NewSession(e.ctx)
				if err != nil {
					return err
				}
				h, err := s.Attach(e.ctx, room, nil)
				if err != nil {
					return err
				}
				if err := h.Detach(e.ctx); err != nil {
					return err
				}
				return s.Destroy(e.ctx)
			})
		},
		func() (sample, error) {
			return meter(n, at, func() error {
				for _, verb := range []string{"create", "attach", "detach", "destroy"} {
					if err := m.roundTrip(e.ctx, `{"janus":"`+verb+`","transaction":"`, `","session_id":1,"handle_id":2}`); err != nil {
						return err
					}
				}
				return nil
			})
		})
	if err != nil {
		return err
	}
	e.line("P5", "create+attach+detach+destroy, stub, 16 at once: /s, mux floor", ours.perSec, floor.perSec, "%.0f", 0, false)

	// Connections are closed when all are measured: how one ends is not the point.
	var open []func()
	closing := func(f func() error) (sample, error) {
		s, err := meter(200, 1, f)
		for _, end := range open {
			end()
		}
		open = nil
		return s, err
	}
	ours, floor, err = e.compare(
		func() (sample, error) {
			return closing(func() error {
				c, h, err := e.attached(e.janus.WS())
				if err != nil {
					return err
				}
				open = append(open, func() { _ = c.Close() })
				_, err = h.Request(e.ctx, list, nil)
				return err
			})
		},
		func() (sample, error) {
			return closing(func() error {
				f, err := e.bareConnect()
				if err == nil {
					open = append(open, f.close)
				}
				return err
			})
		})
	if err != nil {
		return err
	}
	// 2.2 × faster than janode's 1.86 ms, as a share of the floor's 0.84 ms.
	e.line("P5", "connect→session→attach→list, Janus: p50 µs, floor", micros(ours.p50), micros(floor.p50), "%.0f", 1.01, true)
	return nil
}

// bareConnect does what the client does, with the floor.
func (e *env) bareConnect() (*floor, error) {
	f, err := dialFloor(e.ctx, e.janus.WS())
	if err != nil {
		return nil, err
	}
	ask := func(fields string) (uint64, error) {
		if err := f.write(e.ctx, []byte(`{"transaction":"t",`+fields+`}`)); err != nil {
			return 0, err
		}
		data, err := f.read(e.ctx)
		if err != nil {
			return 0, err
		}
		id, _ := jsonscan.Uint(jsonscan.Get(jsonscan.Get(data, "data"), "id"))
		return id, nil
	}
	session, err := ask(`"janus":"create"`)
	if err != nil {
		return nil, err
	}
	handle, err := ask(fmt.Sprintf(`"janus":"attach","plugin":%q,"session_id":%d`, room, session))
	if err != nil {
		return nil, err
	}
	_, err = ask(fmt.Sprintf(`"janus":"message","body":{"request":"list"},"session_id":%d,"handle_id":%d`, session, handle))
	return f, err
}

// longPoll is P6: requests over HTTP beside a bare net/http client.
func longPoll(e *env) error {
	c, h, err := e.attached(e.janus.HTTP())
	if err != nil {
		return err
	}
	defer c.Close()
	hc := &http.Client{Transport: &http.Transport{}}
	defer hc.CloseIdleConnections()
	url := e.janus.HTTP() + "/" + strconv.FormatUint(h.Session().ID(), 10) + "/" + strconv.FormatUint(h.ID(), 10)
	const body = `{"janus":"message","transaction":"abcdefghijkl","body":{"request":"list"}}`
	var buf bytes.Buffer
	ours, floor, err := e.compare(
		func() (sample, error) {
			return meter(3000, 1, func() error { _, err := h.Request(e.ctx, list, nil); return err })
		},
		func() (sample, error) {
			return meter(3000, 1, func() error {
				req, err := http.NewRequestWithContext(e.ctx, http.MethodPost, url, strings.NewReader(body))
				if err != nil {
					return err
				}
				resp, err := hc.Do(req)
				if err != nil {
					return err
				}
				buf.Reset()
				_, err = io.Copy(&buf, resp.Body)
				_ = resp.Body.Close()
				return err
			})
		})
	if err != nil {
		return err
	}
	e.line("P6", "list over HTTP, Janus, one at a time: CPU µs, net/http", micros(ours.cpu), micros(floor.cpu), "%.1f", 1.10, true)
	// 2.7 × lower than janus.js' 593 µs, as a share of the floor's 193 µs.
	e.line("P6", "list over HTTP, Janus, one at a time: p50 µs, net/http", micros(ours.p50), micros(floor.p50), "%.1f", 1.14, true)
	return nil
}
