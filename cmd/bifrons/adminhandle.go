//go:build !js

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/admin"
)

func (a *app) adminHandle() *cli.Command {
	return &cli.Command{
		Name:      "handle",
		Usage:     "show a handle and its peer connection",
		ArgsUsage: "[URL] [SESSION] HANDLE",
		Description: "With --json, prints the gateway's own object with all there is to know, but for\n" +
			"secrets: a token, and the ICE credentials in the session descriptions.",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "plugin-only", Usage: "leave the peer connection out"}},
		Action: a.adminAction(1, 2, func(ctx context.Context, c *adminCall) error {
			session, handle, err := c.handle(ctx)
			if err != nil {
				return err
			}
			info, err := c.HandleInfo(ctx, session, handle, &admin.HandleInfoOptions{PluginOnly: c.cmd.Bool("plugin-only")})
			if err != nil {
				return err
			}
			return c.data(json.RawMessage(client.Redact(info.Raw)), describeHandle(info))
		}),
	}
}

// describeHandle is info for reading.
func describeHandle(info *admin.HandleInfo) string {
	rows := [][]string{
		{"session", fmt.Sprintf("%d, times out after %s", info.SessionID, seconds(info.SessionTimeout, "never"))},
		{"handle", fmt.Sprint(info.HandleID)},
		{"plugin", orNothing(info.Plugin)},
		{"transport", orNothing(info.SessionTransport)},
		{"age", info.CurrentTime.Sub(info.Created).Round(1e6).String()},
	}
	if info.OpaqueID != "" {
		rows = append(rows, []string{"opaque id", info.OpaqueID})
	}
	for _, f := range flatten(info.PluginSpecific) {
		rows = append(rows, []string{"  " + f.path, f.value})
	}
	for _, file := range []string{info.PcapFile, info.Text2pcapFile} {
		if file != "" {
			rows = append(rows, []string{"captured to", file})
		}
	}
	if w := info.WebRTC; w != nil {
		rows = append(rows,
			[]string{"ICE", strings.TrimSpace(strings.Join([]string{w.ICE.State, info.ICEMode, info.ICERole}, " "))},
			[]string{"pair", orNothing(w.ICE.SelectedPair)},
			[]string{"DTLS", strings.TrimSpace(strings.Join([]string{w.DTLS.State, w.DTLS.Role, w.DTLS.SRTPProfile}, " "))},
		)
		for _, mid := range slices.Sorted(maps.Keys(w.Media)) {
			m := w.Media[mid]
			rows = append(rows, []string{"m-line " + mid, describeMedia(&m)})
		}
	}
	return table(rows)
}

// describeMedia is an m-line for reading, from the gateway's view.
func describeMedia(m *admin.Media) string {
	s := m.Type
	if m.Codecs.Codec != "" {
		s += " " + m.Codecs.Codec
	}
	in, out := &m.Stats.In, &m.Stats.Out
	s += fmt.Sprintf(", in %d packets %s, out %d packets %s", in.Packets, size(int64(in.Bytes)), out.Packets, size(int64(out.Bytes)))
	if r := m.RTCP.Main; r != nil {
		s += fmt.Sprintf(", RTT %d ms, lost %d in %d out", r.RTT, r.Lost, r.LostByRemote)
	}
	return s
}
