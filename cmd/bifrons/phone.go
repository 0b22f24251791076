//go:build !js

package main

import (
	"context"
	"errors"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

// phone is one call, from the registration to the hangup.
type phone struct {
	app       *app
	cmd       *cli.Command
	show      *display
	url       string
	own       string        // our name
	other     string        // theirs; empty until they call
	length    time.Duration // zero: until somebody hangs up
	ring      time.Duration
	timeout   time.Duration
	files     []string // of the sources
	sources   []media.Source
	shelf     *shelf // nil: nothing is recorded
	handle    *videocall.Handle
	peer      *media.Peer // nil: no call yet
	accepted  time.Time   // zero: not yet
	connected bool
	meter     meter
}

// talk registers, has the call, and says how it went.
func (p *phone) talk(ctx context.Context) error {
	c, err := p.app.dial(ctx, p.cmd, p.url)
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // it is nil
	session, err := c.NewSession(ctx)
	if err != nil {
		return err
	}
	defer destroy(ctx, session)
	if p.handle, err = videocall.Attach(ctx, session, nil); err != nil {
		return err
	}
	defer p.hangUp(ctx)
	defer p.show.end()
	if err := p.handle.Register(ctx, p.own); err != nil {
		return p.fix(err)
	}
	p.show.registered(p.own)
	if p.other != "" {
		if err := p.call(ctx); err != nil {
			return err
		}
	}
	return p.finish(ctx, p.run(ctx))
}

func (p *phone) hangUp(ctx context.Context) {
	ctx, cancel := afterwards(ctx)
	defer cancel()
	_ = p.handle.End(ctx, p.own+" hung up") // it ends with the session anyway
	if p.peer != nil {
		_ = p.peer.Close()
	}
}

func (p *phone) call(ctx context.Context) error {
	if err := p.newPeer(); err != nil {
		return err
	}
	err := p.handle.Call(ctx, p.other, p.peer)
	if errors.Is(err, videocall.ErrBusy) {
		return &fixed{err, "they are in another call: try later"}
	}
	if err != nil {
		return p.fix(err)
	}
	p.show.call("ringing", p.other, "it rings at "+p.other)
	return nil
}

func (p *phone) newPeer() error {
	var err error
	if p.peer, err = media.NewPeer(p.handle, nil); err != nil {
		return err
	}
	for _, s := range p.sources {
		if _, err := p.peer.Add(s, nil); err != nil {
			return err
		}
	}
	return nil
}

// answer takes a call.
func (p *phone) answer(ctx context.Context, in *videocall.Incoming) error {
	p.other = in.Username
	if !p.cmd.Bool("answer") {
		return nil // the plugin lets nobody call those who call
	}
	p.show.call("incoming", p.other, p.other+" calls")
	if err := p.newPeer(); err != nil {
		return err
	}
	err := p.handle.Accept(ctx, in, p.peer)
	if errors.Is(err, videocall.ErrNoCall) {
		return p.ended("")
	}
	if err != nil {
		return err
	}
	p.accepted = time.Now()
	p.show.call("accepted", p.other, "talking to "+p.other+", sending "+whatOf(p.files, p.sources))
	return nil
}
