//go:build !js

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

// once measures n operations that one call of f does.
func once(n int, f func() error) (sample, error) {
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, start := cpuTime(), time.Now()
	if err := f(); err != nil {
		return sample{}, err
	}
	wall, used := time.Since(start), cpuTime()-cpu
	runtime.ReadMemStats(&after)
	return sample{
		perSec: float64(n) / wall.Seconds(),
		cpu:    used / time.Duration(n),
		allocs: float64(after.Mallocs-before.Mallocs) / float64(n),
	}, nil
}

// handles attaches n handles to one session and returns them with the id of
// the first; the stub counts ids upwards.
func (e *env) handles(c *client.Client, n int) ([]*client.Handle, error) {
	s, err := c.NewSession(e.ctx)
	if err != nil {
		return nil, err
	}
	list := make([]*client.Handle, n)
	for i := range list {
		// No event may be dropped, or the count would never be reached.
		if list[i], err = s.Attach(e.ctx, room, &client.AttachOptions{EventBuffer: 1 << 20}); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// largeEventBody is what a consumer of the large event reads of it.
type largeEventBody struct {
	Room       client.ID `json:"room"`
	Publishers []struct {
		ID      client.ID `json:"id"`
		Display string    `json:"display"`
		Streams []struct {
			Type, MID, Codec string
			MIndex           int
		} `json:"streams"`
	} `json:"publishers"`
}

// events is P3: events pulled by the goroutines of 1 000 handles, or handled in
// order by one goroutine.
func events(e *env) error {
	for _, tt := range []struct {
		name    string
		handles int
		n       int
		large   bool
		decode  bool
		want    float64 // share of the floor that the goal against janode amounts to
	}{
		{"small, one ordered handler", 1, 400000, false, false, 1.98},
		{"small, Next from 1000 goroutines", 1000, 400000, false, false, 0.85},
		{"large, undecoded, 1000 goroutines", 1000, 200000, true, false, 1.07},
		{"large, typed, 1000 goroutines", 1000, 60000, true, true, 0.38},
	} {
		if !strings.Contains(tt.name, e.match) {
			continue
		}
		if err := e.flood(tt.name, tt.handles, tt.n, tt.large, tt.decode, tt.want); err != nil {
			return err
		}
	}
	return nil
}

func (e *env) flood(name string, handles, n int, large, decode bool, want float64) error {
	c, err := client.Dial(e.ctx, e.stub, &client.Options{KeepAlive: -1})
	if err != nil {
		return err
	}
	defer c.Close()
	hs, err := e.handles(c, handles)
	if err != nil {
		return err
	}
	f, err := dialFloor(e.ctx, e.stub)
	if err != nil {
		return err
	}
	defer f.close()
	// In portions that fit into a queue: a dropped event would never be counted.
	portion := 8000
	if large {
		portion = 1000
	}
	body := fmt.Sprintf(`{"flood":%d,"first":%d,"handles":%d,"large":%t}`, portion, hs[0].ID(), handles, large)
	request := fmt.Appendf(nil, `{"janus":"message","transaction":"t","session_id":1,"handle_id":2,"body":%s}`, body)
	ours, floor, err := e.compare(
		func() (sample, error) {
			return once(n, func() error { return consume(e.ctx, hs, n, portion, body, decode) })
		},
		func() (sample, error) {
			return once(n, func() error {
				for range n / portion {
					if err := f.write(e.ctx, request); err != nil {
						return err
					}
					for range portion {
						if _, err := f.read(e.ctx); err != nil {
							return err
						}
					}
				}
				return nil
			})
		})
	if err != nil {
		return err
	}
	e.line("P3", name+": events/s, floor", ours.perSec, floor.perSec, "%.0f", want, false)
	if !decode {
		e.bound("P3", name+": allocations", ours.allocs, "%.2f", 2.2)
	}
	return nil
}

// consume starts the flood, portion by portion, and reads all of it, one
// goroutine a handle.
func consume(ctx context.Context, hs []*client.Handle, n, portion int, body string, decode bool) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var got atomic.Int64
	full := make(chan struct{}, 1)
	var wg sync.WaitGroup
	for _, h := range hs {
		// The consumer of one handle; it ends after its share, and wg waits.
		wg.Go(func() {
			for range n / len(hs) {
				ev, err := h.Next(ctx)
				if err == nil {
					p, ok := ev.(*client.PluginEvent)
					switch {
					case !ok:
						err = fmt.Errorf("got %T", ev)
					case decode:
						var v largeEventBody
						err = json.Unmarshal(p.Data, &v)
					}
				}
				if err != nil {
					cancel(err)
					return
				}
				if got.Add(1)%int64(portion) == 0 {
					full <- struct{}{}
				}
			}
		})
	}
	for range n / portion {
		send, stop := context.WithCancel(ctx)
		stopAfter := context.AfterFunc(ctx, stop)
		// The stub floods and never answers: the request is given up when all came.
		done := make(chan struct{})
		go func() {
			defer close(done)
			_ = hs[0].Send(send, json.RawMessage(body), nil)
		}()
		select {
		case <-full:
		case <-ctx.Done():
		}
		stop()
		stopAfter()
		<-done
	}
	wg.Wait()
	return context.Cause(ctx)
}
