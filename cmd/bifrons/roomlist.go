//go:build !js

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

func (a *app) roomListCommand() *cli.Command {
	return &cli.Command{
		Name:        "list",
		Usage:       "show the rooms of a gateway",
		ArgsUsage:   "[URL]",
		Description: "Prints a line for each room; with -v those in it as well. Private rooms are shown to\nthose who have the plugin's admin key.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Usage: "show who is in the rooms"},
			adminKey.cliFlag(),
		},
		Action: a.action(func(ctx context.Context, cmd *cli.Command) error {
			var key string
			if err := a.secrets(cmd, map[secret]*string{adminKey: &key}); err != nil {
				return err
			}
			return a.managing(ctx, cmd, func(ctx context.Context, h *videoroom.Handle) error {
				return a.roomList(ctx, cmd, h, key)
			})
		}),
	}
}

// listed is a room in the list.
type listed struct {
	Room         client.ID  `json:"room"`
	Description  string     `json:"description"`
	Participants int        `json:"participants"`
	Publishers   int        `json:"max_publishers"`
	PIN          bool       `json:"pin_required"`
	Private      bool       `json:"private"`
	Bitrate      int        `json:"bitrate"` // bits per second; 0: no limit
	AudioCodec   string     `json:"audio_codec"`
	VideoCodec   string     `json:"video_codec"`
	Recorded     bool       `json:"recorded"`
	People       *[]present `json:"people,omitempty"` // with -v
}

// present is somebody in a room.
type present struct {
	ID      client.ID `json:"id"`
	Name    string    `json:"name"`
	Sends   bool      `json:"sends"`
	Talking *bool     `json:"talking,omitempty"`
}

func (a *app) roomList(ctx context.Context, cmd *cli.Command, h *videoroom.Handle, key string) error {
	rooms, err := h.List(ctx, videoroom.ListRequest{AdminKey: key})
	if err != nil {
		return withFix(err, refusal{videoroom.ErrUnauthorized, adminKey.fix()})
	}
	slices.SortFunc(rooms, func(x, y videoroom.RoomInfo) int { return compareIDs(x.Room, y.Room) })
	for i := range rooms {
		r := &rooms[i]
		row := listed{
			Room: r.Room, Description: r.Description, Participants: r.NumParticipants, Publishers: r.MaxPublishers, PIN: r.PINRequired,
			Private: r.Private, Bitrate: r.Bitrate, AudioCodec: r.AudioCodec, VideoCodec: r.VideoCodec, Recorded: r.Record,
		}
		if cmd.Bool("verbose") {
			there, err := h.ListParticipants(ctx, r.Room)
			if errors.Is(err, videoroom.ErrNoSuchRoom) {
				continue // it went meanwhile
			}
			if err != nil {
				return err
			}
			row.People = &[]present{}
			for _, p := range there {
				*row.People = append(*row.People, present{ID: p.ID, Name: p.Display, Sends: p.Publisher, Talking: p.Talking})
			}
		}
		if err := a.data(cmd, row, row.text()); err != nil {
			return err
		}
	}
	if len(rooms) == 0 {
		a.say("there are no rooms (bifrons room create makes one)\n")
	}
	return nil
}

// compareIDs has numbers in their order, then words in theirs.
func compareIDs(x, y client.ID) int {
	n, isNumber := x.Uint64()
	m, areNumbers := y.Uint64()
	if isNumber && areNumbers {
		return cmp.Compare(n, m)
	}
	return cmp.Compare(x.String(), y.String())
}

// text is r for reading.
func (r *listed) text() string {
	notes := []string{fmt.Sprintf("%d people, %d may send", r.Participants, r.Publishers), r.AudioCodec, r.VideoCodec}
	if r.Bitrate > 0 {
		notes = append(notes, fmt.Sprintf("%d kbit/s", r.Bitrate/1000))
	}
	for _, n := range []struct {
		on   bool
		text string
	}{{r.PIN, "pin"}, {r.Private, "private"}, {r.Recorded, "recorded"}} {
		if n.on {
			notes = append(notes, n.text)
		}
	}
	rows := []string{oneLine(fmt.Sprintf("%-10s %s (%s)", r.Room, r.Description, strings.Join(notes, ", ")))}
	if r.People != nil {
		for _, p := range *r.People {
			what := "listens"
			if p.Sends {
				what = "sends"
			}
			if p.Talking != nil && *p.Talking {
				what += ", talks"
			}
			rows = append(rows, "  "+oneLine(fmt.Sprintf("%-20s %s %s", p.ID, p.Name, what)))
		}
	}
	return strings.Join(rows, "\n")
}
