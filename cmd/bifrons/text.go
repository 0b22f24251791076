//go:build !js

package main

import (
	"context"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

func (a *app) textCommand() *cli.Command {
	return &cli.Command{
		Name:  "text",
		Usage: "chat in text rooms",
		Description: "Works with the rooms of janus.plugin.textroom, whose members talk over a data channel.\n" +
			"A room's id is a number, or a word where the gateway has string_ids: --room '\"1234\"'\n" +
			"for a word that looks like a number.\n" +
			"\nPins and tokens come from files or from the environment: BIFRONS_ROOM_PIN and\nBIFRONS_ROOM_TOKEN.",
		Commands: []*cli.Command{a.textListCommand(), a.textJoinCommand(), a.textSendCommand()},
	}
}

func textFlags() []cli.Flag {
	return []cli.Flag{roomFlag(), nameFlag("in the room"), roomPIN.cliFlag(), roomToken.cliFlag()}
}

// chat is somebody's presence in a text room.
type chat struct {
	app     *app
	cmd     *cli.Command
	url     string
	req     textroom.JoinRequest
	timeout time.Duration

	handle *textroom.Handle
	conn   *textroom.Conn // the newest
	peer   *media.Peer    // its
}

// newChat reads the flags.
func (a *app) newChat(cmd *cli.Command, url string) (*chat, error) {
	c := &chat{app: a, cmd: cmd, url: url, timeout: cmd.Duration("timeout")}
	var err error
	if c.req.Room, err = roomID(cmd); err != nil {
		return nil, err
	}
	c.req.Username = a.userName(cmd)
	return c, a.secrets(cmd, map[secret]*string{roomPIN: &c.req.PIN, roomToken: &c.req.Token})
}

// enter joins the room, runs f, and leaves.
func (c *chat) enter(ctx context.Context, again client.Reconnect, f func(ctx context.Context, others []textroom.Participant) error) error {
	gw, err := c.app.connect(ctx, c.cmd, c.url, again)
	if err != nil {
		return err
	}
	defer gw.Close() //nolint:errcheck // it is nil
	session, err := gw.NewSession(ctx)
	if err != nil {
		return err
	}
	defer destroy(ctx, session)
	if c.handle, err = textroom.Attach(ctx, session, nil); err != nil {
		return err
	}
	defer func() { c.close(ctx) }()
	if err := c.open(ctx); err != nil {
		return err
	}
	others, err := c.join(ctx)
	if err != nil {
		return c.fix(err)
	}
	return f(ctx, others)
}

// open makes a connection to the rooms.
func (c *chat) open(ctx context.Context) error {
	if c.peer != nil {
		_ = c.peer.Close()
	}
	var err error
	if c.peer, err = media.NewPeer(c.handle, nil); err != nil {
		return err
	}
	ch, err := c.peer.OpenData(ctx, textroom.Label, nil)
	if err != nil {
		return err
	}
	conn, err := c.handle.Open(ctx, c.peer, ch)
	if err != nil {
		return err
	}
	c.conn = conn
	return nil
}

// join waits for the data channel too, which is why it gets the time for media.
func (c *chat) join(ctx context.Context) ([]textroom.Participant, error) {
	bounded, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	others, err := c.conn.Join(bounded, c.req)
	if err != nil && ctx.Err() == nil && bounded.Err() != nil {
		return nil, noMedia("text", c.timeout)
	}
	return others, err
}

func (c *chat) close(ctx context.Context) {
	ctx, cancel := afterwards(ctx)
	defer cancel()
	if c.conn != nil {
		_ = c.conn.Stop(ctx) // it ends with the session anyway
	}
	if c.peer != nil {
		_ = c.peer.Close()
	}
}

// fix adds what to do about a refusal.
func (c *chat) fix(err error) error {
	return withFix(err,
		refusal{textroom.ErrNoSuchRoom, "bifrons text list shows the rooms there are, and --room chooses one"},
		refusal{textroom.ErrUnauthorized, roomPIN.fix() + ", and --" + roomToken.flag + " where the room is for some people only"},
		refusal{textroom.ErrMissingElement, roomPIN.fix()},
		refusal{textroom.ErrUsernameInUse, "somebody is called " + c.req.Username + " there already: choose another name with --as"},
		refusal{textroom.ErrInvalidElement, idFix},
	)
}
