//go:build !js

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/admin"
)

// adminSessions are the commands about sessions and handles.
func (a *app) adminSessions() []*cli.Command {
	return []*cli.Command{{
		Name:        "sessions",
		Usage:       "list the sessions",
		ArgsUsage:   "[URL]",
		Description: "With --long it asks for each handle, one request after the other.",
		Flags:       []cli.Flag{&cli.BoolFlag{Name: "long", Usage: "list the handles as well, with what each is"}},
		Action: a.adminAction(0, 0, func(ctx context.Context, c *adminCall) error {
			sessions, err := c.ListSessions(ctx)
			if err != nil {
				return err
			}
			slices.Sort(sessions)
			if c.cmd.Bool("long") {
				return c.long(ctx, sessions)
			}
			return c.ids("sessions", sessions)
		}),
	}, {
		Name:      "handles",
		Usage:     "list the handles of a session",
		ArgsUsage: "[URL] SESSION",
		Action: a.adminAction(1, 1, func(ctx context.Context, c *adminCall) error {
			session, err := c.id(c.args[0])
			if err != nil {
				return err
			}
			handles, err := c.ListHandles(ctx, session)
			if err != nil {
				return err
			}
			slices.Sort(handles)
			return c.ids("handles", handles)
		}),
	},
		a.adminHandle(),
		a.adminWatch(),
		{
			Name:      "hangup",
			Usage:     "end the peer connection of a handle",
			ArgsUsage: "[URL] [SESSION] HANDLE",
			Action: a.adminAction(1, 2, func(ctx context.Context, c *adminCall) error {
				session, handle, err := c.handle(ctx)
				if err != nil {
					return err
				}
				return c.done(c.HangupWebRTC(ctx, session, handle), "hung up handle %d", handle)
			}),
		}, {
			Name:      "detach",
			Usage:     "detach a handle from its plugin",
			ArgsUsage: "[URL] [SESSION] HANDLE",
			Action: a.adminAction(1, 2, func(ctx context.Context, c *adminCall) error {
				session, handle, err := c.handle(ctx)
				if err != nil {
					return err
				}
				return c.done(c.DetachHandle(ctx, session, handle), "detached handle %d", handle)
			}),
		}, {
			Name:        "destroy",
			Usage:       "destroy a session with its handles",
			ArgsUsage:   "[URL] SESSION",
			Description: "Its client is not told: it finds out with its next request.",
			Action: a.adminAction(1, 1, func(ctx context.Context, c *adminCall) error {
				session, err := c.id(c.args[0])
				if err != nil {
					return err
				}
				return c.done(c.DestroySession(ctx, session), "destroyed session %d", session)
			}),
		},
	}
}

// ids prints a list of ids, one a line.
func (c *adminCall) ids(what string, ids []uint64) error {
	lines := make([]string, 0, len(ids))
	for _, id := range ids {
		lines = append(lines, strconv.FormatUint(id, 10))
	}
	if ids == nil {
		ids = []uint64{}
	}
	if len(lines) == 0 {
		lines = []string{"no " + what}
	}
	return c.data(map[string][]uint64{what: ids}, strings.Join(lines, "\n"))
}

// row is a handle in the long list; a session without handles has one, too.
type row struct {
	Session   uint64  `json:"session"`
	Handle    uint64  `json:"handle,omitempty"`
	Plugin    string  `json:"plugin,omitempty"`
	OpaqueID  string  `json:"opaque_id,omitempty"`
	Transport string  `json:"transport,omitempty"` // empty: it lost its connection
	Idle      float64 `json:"idle_s,omitempty"`    // since the session was last heard of
}

// long lists the handles of all sessions.
func (c *adminCall) long(ctx context.Context, sessions []uint64) error {
	list := []row{}
	text := [][]string{{"SESSION", "HANDLE", "PLUGIN", "OPAQUE ID", "TRANSPORT", "IDLE"}}
	for _, session := range sessions {
		handles, err := c.ListHandles(ctx, session)
		if errors.Is(err, client.SessionNotFound) {
			continue // it ended meanwhile
		} else if err != nil {
			return err
		}
		slices.Sort(handles)
		if len(handles) == 0 {
			list = append(list, row{Session: session})
			text = append(text, []string{fmt.Sprint(session), "none"})
		}
		for _, handle := range handles {
			info, err := c.HandleInfo(ctx, session, handle, &admin.HandleInfoOptions{PluginOnly: true})
			if errors.Is(err, client.SessionNotFound) || errors.Is(err, client.HandleNotFound) {
				continue
			} else if err != nil {
				return err
			}
			idle := info.CurrentTime.Sub(info.SessionLastActivity)
			r := row{session, handle, info.Plugin, info.OpaqueID, info.SessionTransport, idle.Seconds()}
			list = append(list, r)
			text = append(text, []string{
				fmt.Sprint(session), fmt.Sprint(handle), strings.TrimPrefix(r.Plugin, "janus.plugin."), r.OpaqueID,
				strings.TrimPrefix(r.Transport, "janus.transport."), idle.Round(100 * time.Millisecond).String(),
			})
		}
	}
	return c.data(struct {
		Handles []row `json:"handles"`
	}{list}, table(text))
}
