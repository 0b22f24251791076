package roster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/bifrons-rtc/bifrons/client"
)

// Plugin is the plugin's package name on the gateway.
const Plugin = "janus.plugin.videoroom"

// Error codes of the plugin.
var (
	ErrNoSuchRoom = client.PluginCode{Plugin: Plugin, Code: 426}
	ErrRoomExists = client.PluginCode{Plugin: Plugin, Code: 427}
)

// Handle is an attachment to the plugin, with all that a handle has.
type Handle struct{ *client.Handle }

// Attach creates a handle on s.
func Attach(ctx context.Context, s *client.Session) (*Handle, error) {
	h, err := s.Attach(ctx, Plugin, &client.AttachOptions{Decode: decode})
	if err != nil {
		return nil, err
	}
	return &Handle{h}, nil
}

// Create makes a room that tells everybody in it who joins. A room that exists
// already is no error.
func (h *Handle) Create(ctx context.Context, room client.ID) error {
	_, err := h.Request(ctx, map[string]any{"request": "create", "room": room, "notify_joining": true}, nil)
	if err != nil && !errors.Is(err, ErrRoomExists) {
		return fmt.Errorf("create room: %w", err)
	}
	return nil
}

// Join enters a room under a name, and returns who is there. A handle can be in
// one room.
func (h *Handle) Join(ctx context.Context, room client.ID, name string) (*Room, error) {
	resp, err := h.Request(ctx, map[string]any{"request": "join", "ptype": "publisher", "room": room, "display": name}, nil)
	if err != nil {
		return nil, fmt.Errorf("join room: %w", err)
	}
	var joined struct {
		ID         client.ID `json:"id"`
		Publishers []Person  `json:"publishers"` // those who send
		Attendees  []Person  `json:"attendees"`  // those who do not
	}
	if err := json.Unmarshal(resp.Data, &joined); err != nil {
		return nil, fmt.Errorf("join room: %w", err)
	}
	r := &Room{ID: room, Self: joined.ID, People: []Person{{joined.ID, name}}}
	for _, p := range append(joined.Publishers, joined.Attendees...) {
		r.add(p)
	}
	return r, nil
}
