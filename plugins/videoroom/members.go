package videoroom

import (
	"context"
	"encoding/json"

	"github.com/bifrons-rtc/bifrons/client"
)

// Participant is somebody in a room.
type Participant struct {
	ID        client.ID       `json:"id"`
	Display   string          `json:"display,omitempty"`
	Metadata  json.RawMessage `json:"metadata,omitempty"` // Janus 1.3.0 and later
	Publisher bool            `json:"publisher"`          // publishes now
	Talking   *bool           `json:"talking,omitempty"`  // nil: the room does not listen for it
	Dummy     bool            `json:"dummy,omitempty"`
	Remote    bool            `json:"remote,omitempty"` // comes from another gateway
	Raw       json.RawMessage `json:"-"`                // as received
}

// UnmarshalJSON implements json.Unmarshaler.
func (p *Participant) UnmarshalJSON(data []byte) error {
	type plain Participant
	return keep(data, (*plain)(p), &p.Raw)
}

// ListParticipants returns who is in a room, those who do not publish included.
func (h *Handle) ListParticipants(ctx context.Context, room client.ID) ([]Participant, error) {
	var reply struct {
		Participants []Participant `json:"participants"`
	}
	err := h.call(ctx, "listparticipants", roomOnly{room}, &reply)
	return reply.Participants, err
}

// KickRequest names somebody to remove from a room.
type KickRequest struct {
	Room   client.ID `json:"room"`
	Secret string    `json:"secret,omitempty"`
	ID     client.ID `json:"id"`
}

// Kick removes somebody from a room. Who is kicked gets [*Left], the others
// [*Kicked].
func (h *Handle) Kick(ctx context.Context, req KickRequest) error {
	return h.call(ctx, "kick", &req, nil)
}

// ModerateRequest says whose m-line to mute.
type ModerateRequest struct {
	Room   client.ID `json:"room"`
	Secret string    `json:"secret,omitempty"`
	ID     client.ID `json:"id"`
	MID    string    `json:"mid"` // of the publisher's m-line, as in [Stream]
	Mute   bool      `json:"mute"`
}

// Moderate makes the gateway relay nothing of one m-line of a publisher, or
// relay it again. Everybody gets [*Moderated], perhaps before Moderate returns.
func (h *Handle) Moderate(ctx context.Context, req ModerateRequest) error {
	return h.call(ctx, "moderate", &req, nil)
}

// Action is what to do with the tokens that may join a room.
type Action string

// The actions.
const (
	AllowedEnable  Action = "enable"  // who joins needs a token of the list
	AllowedDisable Action = "disable" // anybody may join
	AllowedAdd     Action = "add"
	AllowedRemove  Action = "remove"
)

// AllowedRequest changes who may join a room.
type AllowedRequest struct {
	Room    client.ID `json:"room"`
	Secret  string    `json:"secret,omitempty"`
	Action  Action    `json:"action"`
	Allowed []string  `json:"allowed,omitempty"` // tokens to add or remove
}

// Allowed changes who may join a room, and returns the tokens that may now: nil
// when anybody may.
func (h *Handle) Allowed(ctx context.Context, req AllowedRequest) ([]string, error) {
	var reply struct {
		Allowed []string `json:"allowed"`
	}
	err := h.call(ctx, "allowed", &req, &reply)
	return reply.Allowed, err
}
