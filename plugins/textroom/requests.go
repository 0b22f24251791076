package textroom

import (
	"encoding/json"

	"github.com/bifrons-rtc/bifrons/client"
)

// CreateRequest makes a room. The zero value of every field is its default.
//
// https://janus.conf.meetecho.com/docs/textroom.html, section "create"
type CreateRequest struct {
	Room        client.ID `json:"room,omitzero"` // none: the gateway chooses
	Description string    `json:"description,omitempty"`
	Secret      string    `json:"secret,omitempty"`     // to edit and destroy the room; empty: anybody may
	PIN         string    `json:"pin,omitempty"`        // to join; empty: none
	Private     bool      `json:"is_private,omitempty"` // List shows it with the admin key only
	// History is how many messages are kept and replayed to who joins.
	History int `json:"history,omitempty"`
	// Post is a URL the gateway sends each message to, by HTTP.
	Post string `json:"post,omitempty"`
	// Allowed are the tokens that may join. Nil: anybody may.
	Allowed []string `json:"allowed,omitzero"`
	// Permanent writes the room into the gateway's configuration file. One
	// without such a file refuses it with [ErrUnknown].
	Permanent bool `json:"permanent,omitempty"`
	// AdminKey is needed where the gateway's configuration has one.
	AdminKey string `json:"admin_key,omitempty"`
}

// EditRequest changes a room. Nil and empty fields are left as they are; nothing
// can be emptied.
type EditRequest struct {
	Room           client.ID `json:"room"`
	Secret         string    `json:"secret,omitempty"`
	NewDescription string    `json:"new_description,omitempty"`
	NewSecret      string    `json:"new_secret,omitempty"`
	NewPIN         string    `json:"new_pin,omitempty"`
	NewPost        string    `json:"new_post,omitempty"`
	NewPrivate     *bool     `json:"new_is_private,omitempty"`
	Permanent      bool      `json:"permanent,omitempty"` // in the configuration file too
}

// DestroyRequest removes a room with everybody in it.
type DestroyRequest struct {
	Room      client.ID `json:"room"`
	Secret    string    `json:"secret,omitempty"`
	Permanent bool      `json:"permanent,omitempty"` // from the configuration file too
}

// Action says what an [AllowedRequest] does.
type Action string

// The actions of an [AllowedRequest].
const (
	Enable  Action = "enable"  // check tokens from now on
	Disable Action = "disable" // let anybody in
	Add     Action = "add"     // allow the tokens
	Remove  Action = "remove"  // do not allow them any more
)

// AllowedRequest changes who may join a room. It does not concern those who are
// in it.
type AllowedRequest struct {
	Room    client.ID `json:"room"`
	Secret  string    `json:"secret,omitempty"`
	Action  Action    `json:"action"`
	Allowed []string  `json:"allowed,omitempty"` // the tokens to add or remove
}

// KickRequest removes somebody from a room, who may join again.
type KickRequest struct {
	Room     client.ID `json:"room"`
	Secret   string    `json:"secret,omitempty"`
	Username string    `json:"username"`
}

// AnnouncementRequest says something to everybody in a room, in nobody's name.
type AnnouncementRequest struct {
	Room   client.ID `json:"room"`
	Secret string    `json:"secret,omitempty"`
	Text   string    `json:"text"`
}

// JoinRequest enters a room.
type JoinRequest struct {
	Room     client.ID `json:"room"`
	Username string    `json:"username"` // unique in the room; it is the address for private messages
	Display  string    `json:"display,omitempty"`
	PIN      string    `json:"pin,omitempty"`
	Token    string    `json:"token,omitempty"` // for a room that checks tokens
	// Secret is the room's. It is not needed to join; who is joined again after a
	// lost connection, and finds the username in use, kicks its own ghost with it.
	// See [Ghost]. Empty: none.
	Secret string `json:"secret,omitempty"`
	// History asks for the messages the room has kept, which come as events ahead
	// of one's own *Joined. Nil: yes.
	History *bool `json:"history,omitempty"`
}

// MessageRequest says something in a room that was joined.
type MessageRequest struct {
	Room client.ID `json:"room"`
	Text string    `json:"text"`
	// To and Tos make the message private, for one user or for several. Only one
	// of them may be set. Both empty: everybody, the sender too.
	To  string   `json:"to,omitempty"`
	Tos []string `json:"tos,omitempty"`
	// Ack asks for the gateway's answer. False: [Conn.Message] returns once the
	// message is on its way, and a refusal comes as an *Error event. Nil: true.
	Ack *bool `json:"ack,omitempty"`
}

// Room is an entry of [Rooms.List].
type Room struct {
	ID           client.ID       `json:"room"`
	Description  string          `json:"description"`
	PINRequired  bool            `json:"pin_required"`
	Participants int             `json:"num_participants"`
	History      int             `json:"history,omitempty"` // messages it keeps
	Raw          json.RawMessage `json:"-"`
}

// Participant is somebody in a room.
type Participant struct {
	Username string          `json:"username"`
	Display  string          `json:"display,omitempty"`
	Raw      json.RawMessage `json:"-"`
}

// Result is the answer to [Rooms.Create], [Rooms.Edit] and [Rooms.Destroy].
type Result struct {
	Room      client.ID       `json:"room"`
	Permanent bool            `json:"permanent"` // the configuration file was changed
	Raw       json.RawMessage `json:"-"`
}

// Sent is the answer to [Conn.Message].
type Sent struct {
	// To says for each addressee of a private message whether it was sent to
	// them. Nil for a message to everybody.
	To  map[string]bool `json:"sent,omitempty"`
	Raw json.RawMessage `json:"-"`
}
