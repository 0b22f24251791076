package textroom

import (
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/json"
)

type (
	// Joined says that somebody entered a room: also we ourselves, which is the
	// first event after the messages the room had kept. Its Kind is
	// "textroom.joined".
	Joined struct {
		client.EventBase
		Room     client.ID
		Username string
		Display  string
	}

	// Left says that somebody left a room or lost the connection: also we
	// ourselves, by Leave. Its Kind is "textroom.left".
	Left struct {
		client.EventBase
		Room     client.ID
		Username string
	}

	// Message says what somebody wrote, we ourselves included. Its Kind is
	// "textroom.message".
	Message struct {
		client.EventBase
		Room    client.ID
		From    string // the username
		Display string // of the sender; only messages that a room had kept say it
		Date    time.Time
		Text    string
		// Whisper says that it was sent to us in private.
		Whisper bool
	}

	// Announcement says what was announced to everybody in a room. Its Kind is
	// "textroom.announcement".
	Announcement struct {
		client.EventBase
		Room client.ID
		Date time.Time
		Text string
	}

	// Kicked says that somebody was removed from a room, we ourselves perhaps.
	// Its Kind is "textroom.kicked".
	Kicked struct {
		client.EventBase
		Room     client.ID
		Username string
	}

	// Destroyed says that a room is gone, with everybody in it. The gateway may
	// say it twice. Its Kind is "textroom.destroyed".
	Destroyed struct {
		client.EventBase
		Room client.ID
	}

	// Rejoined says that a room was joined again on a new connection, after the
	// one before was lost; see [Handle.Open]. Who came and who left meanwhile has
	// been said by *Joined and *Left events by then. With an error the room was not
	// joined, and will not be; for one that is gone *Destroyed follows. Its Kind is
	// "textroom.rejoined".
	Rejoined struct {
		client.EventBase
		Room         client.ID
		Participants []Participant // who else is there
		Err          error
	}

	// Ghost says that our username was in use when a room was to be joined again:
	// by what the gateway still takes for us, or by somebody who took it meanwhile.
	// With the room's secret (JoinRequest.Secret) the one who has it is kicked,
	// unless their display name shows that it is somebody else; otherwise the room
	// is joined under another name. The next time the old one is tried first. Its
	// Kind is "textroom.ghost".
	Ghost struct {
		client.EventBase
		Room      client.ID
		Username  string // that was in use
		TakenOver bool   // who had it was kicked, and we have it again
		As        string // what we are called now
		Err       error  // why it was not taken over, if that was tried
	}

	// Resynced says that the session was claimed after an [client.Interrupted]
	// connection, and the rooms were compared with what is known of them: what was
	// missed came as ordinary events before. Its Kind is "textroom.resynced".
	Resynced struct {
		client.EventBase
		Rooms  int   // that were compared
		Joined int   // who came without our hearing of it
		Left   int   // who left
		Err    error // what could not be compared; nil: nothing
	}

	// Lost says that messages came faster than they were read from the channel,
	// and some are missing before the next event. Its Kind is "textroom.lost".
	Lost struct {
		client.EventBase
		Err error // what the channel said
	}

	// Error is a refusal nobody waits for, a *client.PluginError: its request was
	// cancelled, or sent without asking for an answer. Or it is a message that
	// cannot be read, a *client.ProtocolError. Its Kind is "textroom.error".
	Error struct {
		client.EventBase
		Err error
	}
)

// payload is everything the plugin is known to send of its own accord.
type payload struct {
	TextRoom string    `json:"textroom"`
	Room     client.ID `json:"room"`
	Username string    `json:"username"`
	Display  string    `json:"display"`
	From     string    `json:"from"`
	Date     string    `json:"date"`
	Text     string    `json:"text"`
	Whisper  bool      `json:"whisper"`
}

// dateLayout is how the plugin writes dates.
const dateLayout = "2006-01-02T15:04:05-0700"

// decodeChannel gives an event of the data channel its type. raw is valid JSON.
// What is not known stays a *client.PluginEvent.
func decodeChannel(raw json.RawMessage) client.Event {
	base := func(kind string) client.EventBase {
		return client.EventBase{Kind: "textroom." + kind, Transaction: transactionOf(raw), Raw: raw}
	}
	if refused := refusal(raw); refused != nil {
		return &Error{base("error"), refused}
	}
	unknown := &client.PluginEvent{
		EventBase: client.EventBase{Kind: "event", Transaction: transactionOf(raw), Raw: raw}, Plugin: Plugin, Data: raw}
	var p payload
	if err := json.Unmarshal(raw, &p); err != nil {
		return unknown
	}
	date, _ := time.Parse(dateLayout, p.Date) // the zero time, where it is something else
	switch p.TextRoom {
	case "join":
		return &Joined{base("joined"), p.Room, p.Username, p.Display}
	case "leave":
		return &Left{base("left"), p.Room, p.Username}
	case "message":
		return &Message{base("message"), p.Room, p.From, p.Display, date, p.Text, p.Whisper}
	case "announcement":
		return &Announcement{base("announcement"), p.Room, date, p.Text}
	case "kicked":
		return &Kicked{base("kicked"), p.Room, p.Username}
	case "destroyed":
		return &Destroyed{base("destroyed"), p.Room}
	default:
		return unknown
	}
}

// decode gives an event of the Janus API its type, which can only be a refusal:
// all that happens in rooms comes over the data channel.
func decode(ev *client.PluginEvent) client.Event {
	if ev.Plugin != Plugin || ev.JSEP != nil {
		return nil
	}
	refused := refusal(ev.Data)
	if refused == nil {
		return nil
	}
	base := ev.EventBase
	base.Kind = "textroom.error"
	return &Error{base, refused}
}
