//go:build !js

package main

import (
	"fmt"
	"time"

	"github.com/bifrons-rtc/bifrons/media"
)

// numbers shows the counters of the moment, as often as the display wants.
func (d *display) numbers(s *media.Stats, rec media.RecordStats) {
	now := s.Time
	if d.counted.IsZero() {
		d.counted, d.before, d.drawn = now, *s, now
		return
	}
	elapsed := now.Sub(d.counted)
	due := elapsed > report-tick/2
	if due || !d.rated {
		d.rates = rates{
			Sent:     bitrate(d.before.BytesSent, s.BytesSent, elapsed),
			Received: bitrate(d.before.BytesReceived, s.BytesReceived, elapsed),
		}
	}
	if due {
		d.rated, d.counted, d.before = true, now, *s
	}
	switch text := d.text(s, rec); {
	case d.live && now.Sub(d.drawn) >= redraw:
		d.drawn = now
		d.draw(text)
	case !d.live && due:
		d.app.say(text + "\n")
	}
	if due {
		d.object(struct {
			happened
			RTT   float64 `json:"rtt_ms"`
			Video int     `json:"video_frames"`
			Audio int     `json:"audio_frames"`
			rates
			Lost  int   `json:"lost"`
			Bytes int64 `json:"recorded_bytes"`
		}{d.happened("stats", now), ms(s.RTT), rec.VideoFrames, rec.AudioFrames, d.rates, rec.Lost, rec.Bytes})
	}
}

// text fits 80 columns for a quarter of an hour.
func (d *display) text(s *media.Stats, rec media.RecordStats) string {
	lost := ""
	if rec.Lost > 0 {
		lost = fmt.Sprintf("  lost %d", rec.Lost)
	}
	return fmt.Sprintf("%7.1f s  RTT %.1f ms  frames %d video %d audio  %d kbit/s out %d in%s  %s",
		s.Time.Sub(d.began).Seconds(), ms(s.RTT), rec.VideoFrames, rec.AudioFrames,
		d.rates.Sent/1000, d.rates.Received/1000, lost, size(rec.Bytes))
}

func bitrate(before, after uint64, elapsed time.Duration) int {
	if after < before || elapsed <= 0 {
		return 0
	}
	return int(float64(after-before) * 8 / elapsed.Seconds())
}

// size is n bytes for reading.
func size(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1000*1000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	default:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
}
