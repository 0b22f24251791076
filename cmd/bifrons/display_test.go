//go:build !js

package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
)

// screen is what a terminal of so many columns shows of text.
func screen(text string, columns int) []string {
	var rows []string
	row, at := []rune{}, 0
	for _, r := range text {
		switch r {
		case '\n':
			rows = append(rows, strings.TrimRight(string(row), " "))
			row, at = row[:0], 0
		case '\r':
			at = 0
		default:
			if at == columns {
				panic("the line wraps")
			}
			if at == len(row) {
				row = append(row, r)
			} else {
				row[at] = r
			}
			at++
		}
	}
	return append(rows, strings.TrimRight(string(row), " "))
}

func newDisplay(t *testing.T, r *run, columns int, flags ...cli.Flag) *display {
	t.Helper()
	r.app.columns = func() int { return columns }
	var d *display
	cmd := &cli.Command{
		Flags: append(flags, &cli.BoolFlag{Name: "trace"}),
		Action: r.app.action(func(_ context.Context, c *cli.Command) error {
			d = r.app.newDisplay(c, time.Unix(100, 0))
			return nil
		}),
	}
	require.NoError(t, cmd.Run(t.Context(), []string{"x"}))
	return d
}

func stats(second float64, bytes uint64) *media.Stats {
	at := time.Unix(100, 0).Add(time.Duration(second * float64(time.Second)))
	return &media.Stats{Time: at, RTT: 1500 * time.Microsecond, BytesSent: bytes, BytesReceived: 2 * bytes}
}

func TestLiveLine(t *testing.T) {
	r := newRun(t, nil)
	d := newDisplay(t, r, 60)
	rec := media.RecordStats{VideoFrames: 25, AudioFrames: 50, Bytes: 1_500_000}
	d.numbers(stats(0, 0), rec)
	require.Empty(t, r.stderr.String())
	d.numbers(stats(0.1, 1000), rec)
	require.Empty(t, r.stderr.String(), "too soon to draw again")
	d.numbers(stats(1, 100_000), rec)
	d.numbers(stats(1.5, 150_000), rec)
	require.Equal(t, []string{"    1.5 s  RTT 1.5 ms  frames 25 video 50 audio  800 kbit/s"}, screen(r.stderr.String(), 60), "cut to the width")
	d.line(time.Unix(101, 0), nil, "slow\nlink")
	d.numbers(stats(2, 100_000), media.RecordStats{})
	d.end()
	require.Equal(t, []string{
		"  1.000 s  slow; link",
		"    2.0 s  RTT 1.5 ms  frames 0 video 0 audio  0 kbit/s out",
		"",
	}, screen(r.stderr.String(), 60), "lines that stay push the live one down")
	d.end()
	require.Len(t, screen(r.stderr.String(), 60), 3)
}

func TestPlainLines(t *testing.T) {
	r := newRun(t, nil)
	d := newDisplay(t, r, 0)
	for n := range 41 {
		d.numbers(stats(float64(n)/10, uint64(n)*1000), media.RecordStats{Lost: 3, Bytes: 999})
	}
	d.end()
	lines := strings.Split(strings.TrimSpace(r.stderr.String()), "\n")
	require.Len(t, lines, 4, "one a second")
	require.Equal(t, "1.0 s  RTT 1.5 ms  frames 0 video 0 audio  80 kbit/s out 160 in  lost 3  999 B", lines[0])
	require.NotContains(t, r.stderr.String(), "\r")
}

func TestJSONEvents(t *testing.T) {
	r := newRun(t, nil)
	d := newDisplay(t, r, 0, &cli.BoolFlag{Name: "json", Value: true})
	d.numbers(stats(0, 0), media.RecordStats{})
	d.numbers(stats(1, 1000), media.RecordStats{VideoFrames: 25, Lost: 1})
	d.slowLink(&client.SlowLink{Media: "video", Uplink: true, Lost: 7})
	d.notice("late")
	all := r.objects(t)
	require.Len(t, all, 3)
	require.Equal(t, map[string]any{
		"event": "stats", "at_s": 1.0, "rtt_ms": 1.5, "video_frames": 25.0, "audio_frames": 0.0,
		"sent_bps": 8000.0, "received_bps": 16000.0, "lost": 1.0, "recorded_bytes": 0.0,
	}, all[0])
	require.Equal(t, "slowlink", all[1]["event"])
	require.Equal(t, "late", all[2]["text"])
	require.Contains(t, r.stderr.String(), "7 video packets lost from the gateway")

	r.app.stdout = writeFunc(func([]byte) (int, error) { return 0, errFull })
	d.notice("nobody reads this")
	require.ErrorIs(t, d.err, errFull)
}
