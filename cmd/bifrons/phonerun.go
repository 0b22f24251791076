//go:build !js

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

// errOver says that the call ended as calls do.
var errOver = errors.New("call: over")

// run returns nil when the call is over, else why it ended before that.
func (p *phone) run(ctx context.Context) error {
	events, ended, stop := follow(ctx, p.handle)
	defer stop()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	rang := time.Now()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case ev := <-events:
			err := p.event(ctx, ev)
			if errors.Is(err, errOver) {
				return nil
			}
			if err != nil {
				return err
			}
		case err := <-ended:
			return fmt.Errorf("call: %w", err)
		case <-ticker.C:
			now := time.Now()
			if p.accepted.IsZero() {
				if p.other != "" && now.Sub(rang) > p.ring {
					return fmt.Errorf("call: %s did not answer within %v (try later; --ring waits longer)", p.other, p.ring)
				}
				continue
			}
			if p.length > 0 && now.Sub(p.accepted) >= p.length {
				return nil
			}
			if err := p.look(ctx, now); err != nil {
				return err
			}
		}
	}
}

// event handles one event; an error ends the call.
func (p *phone) event(ctx context.Context, ev client.Event) error {
	switch ev := ev.(type) {
	case *videocall.Incoming:
		return p.answer(ctx, ev)
	case *videocall.Accepted:
		p.accepted = time.Now()
		p.show.call("accepted", p.other, p.other+" has answered")
		return ev.Err
	case *videocall.Updated:
		if ev.Err != nil && !errors.Is(ev.Err, videocall.ErrGlare) {
			p.show.notice("the call could not be changed: " + ev.Err.Error())
		}
	case *videocall.Ended:
		return p.ended(ev.Reason)
	case *videocall.SlowLink:
		p.show.notice(fmt.Sprintf("slow link: the gateway misses %s packets of ours", ev.Media))
	case *videocall.Error:
		p.show.notice("the gateway refuses something: " + ev.Err.Error())
	case *media.TrackAdded:
		p.show.track(ev.Track)
		return p.shelf.add(client.StrID(p.other), p.other, ev.Track, true)
	case *media.StateChanged:
		if ev.State == media.StateFailed && ev.Err != nil {
			return ev.Err
		}
	case *client.SlowLink:
		p.show.slowLink(ev)
	case *client.Interrupted:
		return ev.Err
	case *client.Hangup:
		if !p.accepted.IsZero() {
			return p.ended(ev.Reason)
		}
	}
	return nil
}

// ended is about a call that the other side, or the gateway, ended.
func (p *phone) ended(reason string) error {
	switch reason {
	case "", "Remote WebRTC hangup", "We did the hangup": // what the plugin says when they said nothing
		reason = p.other + " hung up"
	}
	switch {
	case p.accepted.IsZero() && p.cmd.Bool("answer"):
		p.show.call("missed", p.other, p.other+" gave up")
		if p.other = ""; p.peer != nil {
			_ = p.peer.Close() // the next call has another
		}
		return nil
	case p.accepted.IsZero():
		return fmt.Errorf("call: %s did not take the call: %s (try later)", p.other, reason)
	case !p.connected:
		return fmt.Errorf("call: it ended before media was connected: %s", reason)
	}
	p.show.call("ended", p.other, "the call is over: "+reason)
	return errOver
}

// look sees how media does.
func (p *phone) look(ctx context.Context, now time.Time) error {
	if !p.connected {
		switch {
		case p.peer.State() == media.StateConnected:
			p.connected = true
			if stats, err := p.peer.Stats(ctx); err == nil {
				p.show.connected(stats.Local, stats.Remote)
			}
		case now.Sub(p.accepted) > p.timeout:
			return noMedia("call", p.timeout)
		}
	}
	if err := p.shelf.broken(); err != nil {
		return err
	}
	p.numbers(ctx, now)
	return p.show.err
}

// finish ends the recording and says how it went. verdict is why the call ended.
func (p *phone) finish(ctx context.Context, verdict error) error {
	err := p.shelf.close()
	p.show.end()
	stopped := verdict != nil && interrupted(ctx, verdict)
	switch {
	case verdict != nil && (!stopped || !p.connected):
		return verdict
	case err != nil:
		return err
	case p.show.err != nil:
		return p.show.err
	}
	if err := p.result(stopped); err != nil {
		return err
	}
	switch {
	case stopped && p.length > 0:
		return verdict // it had not done what it was asked for
	case p.shelf.incomplete():
		return errors.New("call: not everything was recorded, as said above")
	}
	return nil
}
