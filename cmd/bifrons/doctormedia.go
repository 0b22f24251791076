//go:build !js

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// checkMedia sends the clip through the echo test. What the data channel did is
// for checkData to say.
func (d *doctor) checkMedia(ctx context.Context) *finding {
	handle, err := echotest.Attach(ctx, d.session, nil)
	if err != nil {
		d.data = skipped("there is no echo test")
		return d.attachFailed(ctx, err)
	}
	e := &trial{doctor: d, handle: handle, began: time.Now()}
	defer e.close()
	if err := e.open(ctx); err != nil {
		d.data = skipped("there is no peer connection")
		text, fix := cause(err)
		if fix == "" {
			fix = "see the gateway's log"
		}
		return failure(exitCode(ctx, err), fix, "%s", text)
	}
	if err := e.wait(ctx); err != nil {
		d.data = skipped("there is no peer connection")
		return e.unconnected(err)
	}
	f := e.connected(ctx)
	d.data = e.tryData(ctx)
	return f
}

// checkData says what the echo found.
func (d *doctor) checkData(context.Context) *finding { return d.data }

func (d *doctor) attachFailed(ctx context.Context, err error) *finding {
	switch {
	case errors.Is(err, client.PluginNotFound):
		return warning("enable libjanus_echotest.so to have media checked", "the gateway has no %s", echotest.Plugin)
	case errors.Is(err, client.UnauthorizedPlugin):
		return failure(exitAuth, "allow it: bifrons admin tokens allow echotest, or a signed token with its name",
			"the token may not use %s", echotest.Plugin)
	}
	text, fix := cause(err)
	if fix == "" {
		fix = "see the gateway's log"
	}
	return failure(exitCode(ctx, err), fix, "%s", text)
}

// trial is one peer connection through the echo test.
type trial struct {
	doctor  *doctor
	handle  *echotest.Handle
	peer    *media.Peer
	sources []media.Source
	data    *media.DataChannel // nil: the gateway has none
	began   time.Time

	up     time.Duration // until the connection was there
	tracks int           // that came back
}

// open makes the peer connection and begins the exchange.
func (e *trial) open(ctx context.Context) error {
	var err error
	if e.peer, err = media.NewPeer(e.handle, &media.Options{ICEServers: e.doctor.servers}); err != nil {
		return err
	}
	if e.sources, err = media.File(ctx, &media.FileOptions{Loop: true, FS: clip.FS}, clip.Video, clip.Audio); err != nil {
		return err
	}
	for _, s := range e.sources {
		if _, err := e.peer.Add(s, nil); err != nil {
			return err
		}
	}
	if e.doctor.info.DataChannels {
		if e.data, err = e.peer.OpenData(ctx, "bifrons", nil); err != nil {
			return err
		}
	}
	return e.handle.Start(ctx, echotest.Config{}, e.peer)
}

func (e *trial) close() {
	if e.peer != nil {
		_ = e.peer.Close() // it is nil
	}
	for _, s := range e.sources {
		_ = s.Close()
	}
}

// wait reads events until both tracks are back or the connection failed.
func (e *trial) wait(ctx context.Context) error {
	for e.up == 0 || e.tracks < len(e.sources) {
		ev, err := e.handle.Next(ctx)
		switch {
		case err != nil && e.up > 0 && ctx.Err() != nil:
			return nil //nolint:nilerr // connected, and what did not come back is counted
		case err != nil && ctx.Err() != nil:
			return fmt.Errorf("no connection within %s", e.doctor.timeout)
		case err != nil:
			return err
		}
		switch ev := ev.(type) {
		case *client.WebRTCUp:
			e.up = time.Since(e.began)
		case *media.TrackAdded:
			e.tracks++
		case *media.StateChanged:
			if ev.State == media.StateFailed || ev.State == media.StateClosed {
				return fmt.Errorf("the peer connection is %s", ev.State)
			}
		case *client.Hangup:
			return fmt.Errorf("the gateway hung up: %s", ev.Reason)
		}
	}
	return nil
}

// connected says how the connection is.
func (e *trial) connected(ctx context.Context) *finding {
	details := map[string]any{"connect_ms": ms(e.up), "tracks": e.tracks}
	text := fmt.Sprintf("connected in %.0f ms", ms(e.up))
	if s, err := e.peer.Stats(context.WithoutCancel(ctx)); err == nil {
		details["local"], details["remote"] = s.Local, s.Remote
		text += fmt.Sprintf(", from %s to %s", s.Local, s.Remote)
	}
	if e.tracks < len(e.sources) {
		return failure(exitFailure, "see whether a firewall drops large UDP packets, and the gateway's log",
			"%s, but of %d tracks %d came back", text, len(e.sources), e.tracks).with(details)
	}
	return found("%s, audio and video came back", text).with(details)
}

// tryData sends a message and waits for its echo.
func (e *trial) tryData(ctx context.Context) *finding {
	if e.data == nil {
		return warning("build Janus with libusrsctp to have text rooms and data", "the gateway has no data channels")
	}
	const text = "bifrons doctor"
	began := time.Now()
	err := e.data.SendText(ctx, text)
	if err == nil {
		var back string
		if back, err = e.data.ReceiveText(ctx); err == nil && back != echotest.TextPrefix+text {
			err = fmt.Errorf("%q came back", brief(back))
		}
	}
	if err != nil {
		return failure(exitFailure, "see the gateway's log for SCTP", "a message did not come back: %v", err)
	}
	return found("a message came back in %.1f ms", ms(time.Since(began))).with(map[string]any{"rtt_ms": ms(time.Since(began))})
}
