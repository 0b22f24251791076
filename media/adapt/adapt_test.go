package adapt

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
)

// run is a number of intervals that are alike.
type run struct {
	v       verdict
	n       int
	want    int // after them
	because string
}

func TestClimber(t *testing.T) {
	for name, test := range map[string]struct {
		opts ReceiveOptions
		runs []run
	}{
		"nothing to do": {runs: []run{{good, 1000, 5, "it is at the top"}, {unknown, 1000, 5, ""}, {fair, 1000, 5, ""}}},
		"down at once": {runs: []run{
			{good, 5, 5, ""}, {bad, 1, 4, "one interval is enough"}, {bad, 1, 4, "the tail of it"}, {bad, 1, 3, ""},
			{bad, 20, 0, "and to the bottom"}, {good, 7, 0, "not yet"}, {good, 1, 1, ""}, {good, 7, 1, ""}, {good, 1, 2, ""},
			{good, 1000, 5, ""},
		}},
		"terrible": {runs: []run{{terrible, 1, 3, "two steps"}, {terrible, 1, 3, ""}, {terrible, 1, 1, ""}, {terrible, 2, 0, ""}}},
		"calm has to last": {runs: []run{
			{bad, 1, 4, ""}, {good, 7, 4, ""}, {fair, 1, 4, "neither good nor bad"}, {good, 7, 4, ""}, {good, 1, 5, ""},
		}},
		"nothing came": {runs: []run{{bad, 1, 4, ""}, {good, 4, 4, ""}, {unknown, 60, 4, ""}, {good, 1, 5, "they were all good"}}},
		"a step too far": {runs: []run{
			{bad, 1, 4, ""}, {good, 8, 5, ""}, {bad, 1, 4, "it brought trouble"}, {good, 15, 4, "twice as long"}, {good, 1, 5, ""},
			{bad, 1, 4, ""}, {good, 31, 4, ""}, {good, 1, 5, ""}, {bad, 1, 4, ""}, {good, 63, 4, ""}, {good, 1, 5, ""},
			{bad, 1, 4, ""}, {good, 119, 4, "two minutes at most"}, {good, 1, 5, ""}, {bad, 1, 4, ""}, {good, 120, 5, ""},
			{good, 10, 5, "it has proved itself"}, {bad, 1, 4, ""}, {good, 8, 5, "as before"},
		}},
		"bounds": {opts: ReceiveOptions{Min: Layer{0, 1}, Max: Layer{1, 1}}, runs: []run{
			{good, 100, 2, "the step below"}, {terrible, 100, 0, ""}, {good, 100, 2, ""},
		}},
		"no way up or down": {opts: ReceiveOptions{Min: Layer{2, 2}, Max: Layer{1, 2}}, runs: []run{{terrible, 9, 3, ""}, {good, 99, 3, ""}}},
	} {
		t.Run(name, func(t *testing.T) {
			c, now := newClimber(test.opts), time.Unix(1000, 0)
			for i, r := range test.runs {
				for range r.n {
					now = now.Add(interval)
					c.take(now, r.v)
				}
				require.Equal(t, ladder[r.want], c.layer(), "run %d: %s", i, r.because)
			}
		})
	}
}

func TestRoom(t *testing.T) {
	c, now := newClimber(ReceiveOptions{}), time.Unix(1000, 0)
	c.limit(0, 720)
	require.Equal(t, Layer{2, 2}, c.layer())
	for shown, want := range map[int]int{1: 0, 180: 0, 240: 0, 241: 1, 360: 1, 480: 1, 481: 2, 5000: 2} {
		c.limit(shown, 180)
		require.Equal(t, Layer{want, 2}, c.layer(), "%d", shown)
	}
	c.limit(100, 180)
	for range 100 {
		now = now.Add(interval)
		c.take(now, good)
	}
	require.Equal(t, Layer{0, 2}, c.layer())
	c.limit(0, 0)
	require.Equal(t, Layer{2, 2}, c.layer(), "at once")
	c.limit(100, 0)
	now = now.Add(interval)
	c.take(now, bad)
	require.Equal(t, Layer{0, 0}, c.layer(), "down from where it is")
	c.limit(0, 0)
	require.Equal(t, Layer{0, 0}, c.layer())
}

func TestRate(t *testing.T) {
	type step struct {
		v         verdict
		available int
		n         int
		want      int
	}
	for name, steps := range map[string][]step{
		"at the top":     {{good, 0, 1000, 1_200_000}, {unknown, 0, 10, 1_200_000}},
		"down at once":   {{bad, 0, 1, 960_000}, {bad, 0, 1, 960_000}, {bad, 0, 1, 768_000}, {terrible, 0, 2, 384_000}, {terrible, 0, 100, 100_000}},
		"up slowly":      {{terrible, 0, 1, 600_000}, {good, 0, 7, 600_000}, {good, 0, 1, 650_000}, {good, 0, 1, 650_000}, {good, 0, 1, 704_166}, {good, 0, 30, 1_200_000}},
		"what there is":  {{good, 500_000, 1, 500_000}, {good, 500_000, 100, 500_000}, {good, 0, 1, 541_666}, {good, 0, 100, 1_200_000}, {fair, 1, 1, 100_000}},
		"a step too far": {{bad, 0, 1, 960_000}, {good, 0, 8, 1_040_000}, {bad, 0, 1, 832_000}, {good, 0, 15, 832_000}, {good, 0, 1, 901_333}},
	} {
		t.Run(name, func(t *testing.T) {
			r, now := rate{value: 1_200_000, min: 100_000, max: 1_200_000}, time.Unix(1000, 0)
			for i, s := range steps {
				for range s.n {
					now = now.Add(interval)
					r.take(now, s.v, s.available)
				}
				require.Equal(t, s.want, r.value, "step %d", i)
			}
		})
	}
}

func TestJudge(t *testing.T) {
	received := func(packets uint64, lost int64, freezes uint64) media.StreamStats {
		return media.StreamStats{Packets: packets, Lost: lost, Freezes: freezes}
	}
	sent := func(packets uint64, fraction float64) media.StreamStats {
		return media.StreamStats{Sent: true, Packets: packets, FractionLost: fraction}
	}
	const quick = 20 * time.Millisecond
	for name, test := range map[string]struct {
		before, now media.StreamStats
		rtt         time.Duration
		slow        bool
		want        verdict
	}{
		"all there":             {received(100, 5, 0), received(200, 5, 0), quick, false, good},
		"late ones came":        {received(100, 5, 0), received(200, 3, 0), quick, false, good},
		"little lost":           {received(100, 0, 0), received(150, 1, 0), quick, false, good},
		"some lost":             {received(100, 0, 0), received(195, 5, 0), quick, false, fair},
		"a tenth lost":          {received(100, 0, 0), received(190, 10, 0), quick, false, bad},
		"a quarter lost":        {received(100, 0, 0), received(175, 25, 0), quick, false, terrible},
		"nothing came":          {received(100, 0, 0), received(100, 9, 0), quick, false, unknown},
		"another stream":        {received(100, 0, 0), received(10, 0, 0), quick, false, unknown},
		"nothing, and slow":     {received(100, 0, 0), received(100, 0, 0), quick, true, bad},
		"slow":                  {received(100, 0, 0), received(200, 0, 0), quick, true, bad},
		"it froze":              {received(100, 0, 1), received(200, 0, 2), quick, false, bad},
		"it takes long":         {received(100, 0, 0), received(200, 0, 0), 341 * time.Millisecond, false, bad},
		"it takes longer":       {received(100, 0, 0), received(200, 0, 0), 340 * time.Millisecond, false, good},
		"unknown round trip":    {received(100, 0, 0), received(200, 0, 0), 0, false, good},
		"sent and all there":    {sent(100, .5), sent(200, 0), quick, false, good},
		"sent, a tenth lost":    {sent(100, 0), sent(200, .1), quick, false, bad},
		"sent, a quarter lost":  {sent(100, 0), sent(200, .25), quick, false, terrible},
		"sent, and it was slow": {sent(100, 0), sent(200, 0), quick, true, bad},
	} {
		t.Run(name, func(t *testing.T) {
			var j judge
			require.Equal(t, unknown, j.look(test.before, quick, false))
			require.Equal(t, test.want, j.look(test.now, test.rtt, test.slow))
			j.forget()
			require.Equal(t, unknown, j.look(test.now, quick, false))
		})
	}
}

// wire is the handle and the peer of a test.
type wire struct {
	mu    sync.Mutex
	seen  func(client.Event) bool
	stats media.Stats
	step  func(*media.StreamStats) // each second
	done  chan struct{}
}

func (w *wire) Observe(f func(client.Event) bool) func() {
	w.seen = f
	return func() { w.seen = nil }
}

func (w *wire) Done() <-chan struct{} { return w.done }

func (w *wire) Stats(context.Context) (*media.Stats, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.step(&w.stats.Streams[0])
	s := w.stats
	s.Streams = slices.Clone(s.Streams)
	return &s, nil
}

func (w *wire) change(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

func newWire(sent bool) *wire {
	return &wire{
		stats: media.Stats{State: media.StateConnected, Streams: []media.StreamStats{{MID: "v", Sent: sent, Height: 720}}},
		step:  func(s *media.StreamStats) { s.Packets += 100 },
		done:  make(chan struct{}),
	}
}

// after lets virtual time pass.
func after(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func TestReceive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(false)
		var sets []Layer
		refuse := errors.New("refused")
		r := Receive(w, "v", func(_ context.Context, l Layer) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			sets = append(sets, l)
			err := refuse
			refuse = nil
			return err
		}, nil)
		expect := func(want ...Layer) {
			t.Helper()
			w.change(func() { require.Equal(t, want, sets); sets = nil })
		}
		after(time.Minute)
		expect()
		w.seen(&client.SlowLink{MID: "v", Uplink: true})
		w.seen(&client.SlowLink{MID: "other", Uplink: true})
		after(3 * time.Second)
		expect(Layer{2, 0}, Layer{2, 0}) // again, as the first was refused
		w.seen(&client.SlowLink{MID: "v", Uplink: false})
		after(time.Minute)
		expect(Layer{2, 2})
		r.Shown(200)
		after(2 * time.Second)
		expect(Layer{0, 2})
		r.Shown(0)
		after(2 * time.Second)
		expect(Layer{2, 2})
		w.change(func() { w.step = func(s *media.StreamStats) { s.Packets += 70; s.Lost += 30 } })
		after(time.Second)
		expect(Layer{1, 2})
		w.change(func() {
			w.stats.State, w.step = media.StateDisconnected, func(s *media.StreamStats) { s.Packets += 100 }
		})
		after(time.Minute)
		expect()
		require.Equal(t, Layer{1, 2}, r.Layer())
		w.change(func() { w.stats.State = media.StateConnected })
		after(time.Second)
		expect(Layer{1, 2}) // whoever is there now may not know
		w.change(func() { w.stats.State = media.StateDisconnected })
		after(time.Second)
		w.change(func() { w.stats.State, refuse = media.StateConnected, errors.New("refused") })
		after(2 * time.Second)
		expect(Layer{1, 2}, Layer{1, 2}) // again, as it was refused
		r.Stop()
		r.Stop()
		require.Nil(t, w.seen)
		after(time.Minute)
		expect()
	})
	synctest.Test(t, func(t *testing.T) {
		w, sets := newWire(false), make(chan Layer, 9)
		r := Receive(w, "v", func(_ context.Context, l Layer) error { sets <- l; return nil }, &ReceiveOptions{Max: Layer{1, 2}})
		after(time.Minute)
		require.Len(t, sets, 1)
		require.Equal(t, Layer{1, 2}, <-sets, "a gateway relays more by itself")
		r.Stop()
	})
}

func TestSend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(true)
		var sets []int
		s := Send(w, "v", func(_ context.Context, bitrate int) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			sets = append(sets, bitrate)
			return nil
		}, nil)
		expect := func(want ...int) {
			t.Helper()
			w.change(func() { require.Equal(t, want, sets); sets = nil })
		}
		after(time.Minute)
		expect()
		w.seen(&client.SlowLink{MID: "v"})
		after(time.Second)
		expect(1_600_000)
		w.change(func() { w.stats.Available = 1_550_000 })
		after(time.Second)
		expect() // not worth it
		w.change(func() { w.stats.Available = 400_000 })
		after(time.Second)
		expect(400_000)
		require.Equal(t, 400_000, s.Bitrate())
		close(w.done)
		s.Stop()
	})
	synctest.Test(t, func(t *testing.T) {
		w, sets := newWire(true), make(chan int, 9)
		s := Send(w, "v", func(_ context.Context, bitrate int) error { sets <- bitrate; return nil }, &SendOptions{Max: 500_000})
		after(time.Minute)
		require.Len(t, sets, 1)
		require.Equal(t, 500_000, <-sets, "what encodes does not know")
		s.Stop()
	})
	for _, o := range []*SendOptions{{Min: 3_000_000}, {Min: 5, Max: 4}} {
		synctest.Test(t, func(t *testing.T) {
			s := Send(newWire(true), "v", nil, o)
			require.GreaterOrEqual(t, s.Bitrate(), o.Min)
			s.Stop()
		})
	}
}
