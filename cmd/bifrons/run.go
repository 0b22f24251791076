//go:build !js

package main

import (
	"context"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
	"github.com/bifrons-rtc/bifrons/transport"
)

// echo runs a job from the dial to the summary.
func (a *app) echo(ctx context.Context, cmd *cli.Command, j *job) error {
	c, err := a.connect(ctx, cmd, j.url, client.Reconnect{Off: !j.lasts})
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // it is nil
	session, err := c.NewSession(ctx)
	if err != nil {
		return err
	}
	defer destroy(ctx, session)
	handle, err := echotest.Attach(ctx, session, nil)
	if err != nil {
		return err
	}
	defer j.show.end()
	j.show.attached(transport.Redact(j.url), j.what())

	peer, err := media.NewPeer(handle, nil)
	if err != nil {
		return err
	}
	defer peer.Close() //nolint:errcheck // it is nil
	for _, s := range j.sources {
		if _, err := peer.Add(s, nil); err != nil {
			return err
		}
	}
	rec, err := j.record()
	if err != nil {
		return err
	}
	defer rec.abort()

	w := &watch{job: j, show: j.show, peer: peer, rec: rec}
	if err := handle.Start(ctx, j.config, peer); err != nil {
		return err
	}
	verdict := w.run(ctx, handle)
	w.count(context.WithoutCancel(ctx))
	_ = peer.Close() // the last frames are in the recording then
	return a.finish(ctx, cmd, w, verdict)
}

// destroy ends the session at the gateway, which would else wait for its
// timeout.
func destroy(ctx context.Context, s *client.Session) {
	ctx, cancel := afterwards(ctx)
	defer cancel()
	_ = s.Destroy(ctx) // it ends with the connection anyway
}
