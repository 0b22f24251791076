//go:build !js

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

const talkHelp = `Each line you type is said to everybody in the room. A line that begins with a
slash is something else:

	/to NAME TEXT    say TEXT to NAME alone; "NAME" where it has spaces
	/who             show who is here
	/quit            leave, as Ctrl-D and Ctrl-C do
	//TEXT           say /TEXT`

func (a *app) textJoinCommand() *cli.Command {
	return &cli.Command{
		Name:      "join",
		Usage:     "chat in a text room",
		ArgsUsage: "[URL]",
		Description: "Enters a room and prints what is said there, beginning with what the room has kept.\n" + talkHelp +
			"\n\nWhere standard input is no terminal its end only ends the sending. It runs until you\nleave or press Ctrl-C, or for as long as --for says; the exit code is 0 then.",
		Flags: append(append(textFlags(), lengthFlags()...),
			&cli.BoolFlag{Name: "history", Value: true, Usage: "show what the room has kept; --history=false does not"},
		),
		Action: a.action(a.textJoin),
	}
}

func (a *app) textJoin(ctx context.Context, cmd *cli.Command) error {
	url, err := a.url(cmd)
	if err != nil {
		return err
	}
	c, err := a.newChat(cmd, url)
	if err != nil {
		return err
	}
	length, retry, err := lengths(cmd)
	if err != nil {
		return err
	}
	c.req.History = new(cmd.Bool("history"))
	return c.enter(ctx, reconnect(retry), func(ctx context.Context, others []textroom.Participant) error {
		t := &talk{chat: c, retry: retry}
		err := t.run(ctx, others, length)
		if interrupted(ctx, err) && length == 0 {
			return nil // that is how it ends
		}
		return err
	})
}

// talk is a chat with somebody at the keyboard.
type talk struct {
	*chat
	retry  time.Duration
	inside bool // what the room had kept is over
}

// run returns nil when the user has left, else why it ended.
func (t *talk) run(ctx context.Context, others []textroom.Participant, length time.Duration) error {
	events, ended, stop := follow(ctx, t.handle)
	defer stop()
	typing, cancel := context.WithCancel(ctx)
	defer cancel()
	if !t.cmd.Bool("json") && !t.cmd.Bool("trace") {
		defer t.app.useConsole()()
	}
	lines, typed := t.app.lines(typing)
	var over <-chan time.Time
	if length > 0 {
		clock := time.NewTimer(length)
		defer clock.Stop()
		over = clock.C
	}
	if err := t.entered(others); err != nil {
		return err
	}
	for {
		var err error
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-over:
			return nil
		case err := <-ended:
			return fmt.Errorf("text: %w", err)
		case ev := <-events:
			err = t.event(ctx, ev)
		case line := <-lines:
			err = t.typed(ctx, line)
		case err = <-typed:
			lines, typed = nil, nil
			if err == nil && t.app.terminal {
				return nil // Ctrl-D
			}
		}
		if errors.Is(err, errQuit) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// errQuit says that the user wants to leave.
var errQuit = errors.New("quit")

// event handles one event; an error ends the chat.
func (t *talk) event(ctx context.Context, ev client.Event) error {
	switch ev := ev.(type) {
	case *textroom.Message:
		return t.said(ev)
	case *textroom.Announcement:
		return t.announced(ev)
	case *textroom.Joined:
		if ev.Username == t.req.Username {
			t.inside = true
			return nil
		}
		return t.person("came", ev.Username, "is here")
	case *textroom.Left:
		return t.person("left", ev.Username, "left")
	case *textroom.Kicked:
		if ev.Username == t.req.Username {
			return errors.New("text: kicked from the room (somebody with the room's secret did that; join again if you may)")
		}
		return t.person("kicked", ev.Username, "was kicked")
	case *textroom.Destroyed:
		return errors.New("text: the room was destroyed (bifrons text list shows the rooms there are)")
	case *textroom.Rejoined:
		if ev.Err != nil {
			return t.fix(ev.Err)
		}
		return t.who(ev.Participants)
	case *textroom.Lost:
		return t.notice("some messages are missing: this machine is too slow")
	case *client.Dropped:
		return t.notice(fmt.Sprintf("%d events were dropped: this machine is too slow", ev.Count))
	case *client.Interrupted:
		return t.notice(fmt.Sprintf("the connection is lost, trying again for %v: %v", t.retry, ev.Err))
	case *client.Resumed:
		return errors.Join(t.notice("connected again"), t.reopen(ctx))
	case *client.Hangup:
		if t.retry <= 0 {
			return fmt.Errorf("text: the gateway hung up: %s (its log may say why; with --retry another data channel is opened)", ev.Reason)
		}
		return t.reopen(ctx)
	}
	return nil
}

// reopen makes another data channel where the one there was has ended. Before the
// gateway says so there can be no other.
func (t *talk) reopen(ctx context.Context) error {
	if t.conn.Err() == nil {
		return nil
	}
	until := time.Now().Add(t.retry)
	for {
		err := t.openWithin(ctx, t.timeout)
		switch {
		case err == nil, ctx.Err() != nil:
			return err
		case isType[*client.PluginError](err) || time.Now().After(until):
			return fmt.Errorf("text: open another data channel: %w", t.fix(err))
		}
		if err := t.notice("another data channel does not open yet: " + err.Error()); err != nil {
			return err
		}
		pause := time.NewTimer(reopenPause)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return ctx.Err()
		}
	}
}

// reopenPause is between two tries, for a gateway that is not done with the
// connection before.
const reopenPause = time.Second

func (t *talk) openWithin(ctx context.Context, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return t.open(ctx)
}
