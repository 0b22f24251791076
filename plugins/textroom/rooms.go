package textroom

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/json"
)

// Rooms manages the rooms of the gateway. A [Handle] does it over the Janus API,
// which needs no connection and no membership, a [Conn] over its data channel.
// The requests and their errors are the same. One that has a connection destroys
// over its channel in any case.
type Rooms struct {
	ask func(ctx context.Context, verb string, body any) (json.RawMessage, error)
}

// List returns the rooms. Those that are private are among them if adminKey is
// the gateway's; a wrong one gives [ErrUnauthorized]. Empty: none.
func (r Rooms) List(ctx context.Context, adminKey string) ([]Room, error) {
	var reply struct {
		List []json.RawMessage `json:"list"`
	}
	body := struct {
		AdminKey string `json:"admin_key,omitempty"`
	}{adminKey}
	if _, err := r.request(ctx, "list", body, &reply); err != nil {
		return nil, err
	}
	rooms := make([]Room, len(reply.List))
	for i, raw := range reply.List {
		if err := read("list", raw, &rooms[i]); err != nil {
			return nil, err
		}
		rooms[i].Raw = raw
	}
	return rooms, nil
}

// Participants returns who is in a room.
func (r Rooms) Participants(ctx context.Context, room client.ID) ([]Participant, error) {
	const verb = "listparticipants"
	if err := need(verb, room); err != nil {
		return nil, err
	}
	raw, err := r.request(ctx, verb, roomOnly{room}, nil)
	if err != nil {
		return nil, err
	}
	return people(verb, raw)
}

// Exists reports whether there is such a room, private ones among them.
func (r Rooms) Exists(ctx context.Context, room client.ID) (bool, error) {
	const verb = "exists"
	if err := need(verb, room); err != nil {
		return false, err
	}
	var reply struct {
		Exists bool `json:"exists"`
	}
	_, err := r.request(ctx, verb, roomOnly{room}, &reply)
	return reply.Exists, err
}

// Create makes a room. A room of that id gives [ErrRoomExists].
func (r Rooms) Create(ctx context.Context, req CreateRequest) (*Result, error) {
	return r.change(ctx, "create", req)
}

// Edit changes a room. A wrong secret gives [ErrUnauthorized], here and in what
// follows.
func (r Rooms) Edit(ctx context.Context, req EditRequest) (*Result, error) {
	if err := need("edit", req.Room); err != nil {
		return nil, err
	}
	return r.change(ctx, "edit", req)
}

// Destroy removes a room. Everybody in it gets *[Destroyed], and so does the
// handle the request is made on, if it has a connection.
func (r Rooms) Destroy(ctx context.Context, req DestroyRequest) (*Result, error) {
	if err := need("destroy", req.Room); err != nil {
		return nil, err
	}
	return r.change(ctx, "destroy", req)
}

func (r Rooms) change(ctx context.Context, verb string, req any) (*Result, error) {
	var res Result
	raw, err := r.request(ctx, verb, req, &res)
	if err != nil {
		return nil, err
	}
	res.Raw = raw
	return &res, nil
}

// Allowed changes which tokens may join a room, and returns those that may from
// then on. Janus returns none after [Disable].
func (r Rooms) Allowed(ctx context.Context, req AllowedRequest) ([]string, error) {
	if err := need("allowed", req.Room); err != nil {
		return nil, err
	}
	var reply struct {
		Allowed []string `json:"allowed"`
	}
	_, err := r.request(ctx, "allowed", req, &reply)
	return reply.Allowed, err
}

// Kick removes somebody from a room. Everybody in it gets *[Kicked], the one who
// was removed included. Somebody who is not there gives [ErrNoSuchUser].
func (r Rooms) Kick(ctx context.Context, req KickRequest) error {
	if err := need("kick", req.Room); err != nil {
		return err
	}
	_, err := r.request(ctx, "kick", req, nil)
	return err
}

// Announce says something to everybody in a room, who get an *[Announcement].
func (r Rooms) Announce(ctx context.Context, req AnnouncementRequest) error {
	if err := need("announcement", req.Room); err != nil {
		return err
	}
	_, err := r.request(ctx, "announcement", req, nil)
	return err
}

// request asks and reads the reply into v, unless that is nil.
func (r Rooms) request(ctx context.Context, verb string, body, v any) (json.RawMessage, error) {
	raw, err := r.ask(ctx, verb, body)
	if err != nil {
		return nil, fmt.Errorf("textroom: %s: %w", verb, err)
	}
	if v == nil {
		return raw, nil
	}
	return raw, read(verb, raw, v)
}

// roomOnly is the body of requests that have nothing but a room.
type roomOnly struct {
	Room client.ID `json:"room"`
}

// participants is the part that several replies share.
type participants struct {
	Participants []json.RawMessage `json:"participants"`
}

// people reads them of an answer.
func people(verb string, raw json.RawMessage) ([]Participant, error) {
	var reply participants
	if err := read(verb, raw, &reply); err != nil {
		return nil, err
	}
	return reply.list(verb)
}

func (p *participants) list(verb string) ([]Participant, error) {
	list := make([]Participant, len(p.Participants))
	for i, raw := range p.Participants {
		if err := read(verb, raw, &list[i]); err != nil {
			return nil, err
		}
		list[i].Raw = raw
	}
	return list, nil
}

// need refuses a request that forgot the room.
func need(verb string, room client.ID) error {
	if room.IsZero() {
		return &client.ArgumentError{Op: "textroom: " + verb, Reason: `no room; name one, e.g. client.NumID(1234), or client.StrID("lobby") where the gateway has string_ids`}
	}
	return nil
}

// read decodes what the gateway sent.
func read(verb string, raw json.RawMessage, v any) error {
	if err := json.Unmarshal(raw, v); err != nil {
		return &client.ProtocolError{Op: "textroom: " + verb, Reason: err.Error(), Data: clip(raw)}
	}
	return nil
}

// clip keeps the start of data, for errors.
func clip(data []byte) []byte {
	const most = 256
	return append([]byte(nil), data[:min(len(data), most)]...)
}
