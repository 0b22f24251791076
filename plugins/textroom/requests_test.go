package textroom_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

var room = client.NumID(1234)

// exchanges are the requests of both planes: what is called, what is sent, what
// may come back, and what becomes of it.
var exchanges = []struct {
	verb    string
	call    func(context.Context, textroom.Rooms) (any, error)
	fields  string   // of the request
	replies []string // of 1.1.2 and, where they differ, of 1.4
	want    any
}{
	{"list", func(ctx context.Context, r textroom.Rooms) (any, error) { return r.List(ctx, "") }, ``,
		[]string{`"textroom":"success","list":[{"room":1234,"description":"d","pin_required":true,"num_participants":2,"history":3,"new":1}]`},
		[]textroom.Room{{ID: room, Description: "d", PINRequired: true, Participants: 2, History: 3,
			Raw: []byte(`{"room":1234,"description":"d","pin_required":true,"num_participants":2,"history":3,"new":1}`)}}},
	{"list", func(ctx context.Context, r textroom.Rooms) (any, error) { return r.List(ctx, "k") }, `,"admin_key":"k"`,
		[]string{`"textroom":"success","list":[]`}, []textroom.Room{}},
	{"listparticipants", func(ctx context.Context, r textroom.Rooms) (any, error) { return r.Participants(ctx, room) }, `,"room":1234`,
		[]string{`"room":1234,"participants":[{"username":"ann","display":"Ann"}]`,
			`"textroom":"success","room":1234,"participants":[{"username":"ann","display":"Ann"}]`},
		[]textroom.Participant{{Username: "ann", Display: "Ann", Raw: []byte(`{"username":"ann","display":"Ann"}`)}}},
	{"exists", func(ctx context.Context, r textroom.Rooms) (any, error) { return r.Exists(ctx, client.StrID("lobby")) }, `,"room":"lobby"`,
		[]string{`"textroom":"success","room":"lobby","exists":true`}, true},
	{"create", func(ctx context.Context, r textroom.Rooms) (any, error) {
		return result(r.Create(ctx, textroom.CreateRequest{}))
	}, ``, []string{`"textroom":"created","room":1234,"permanent":false`, `"textroom":"success","room":1234,"permanent":false`},
		textroom.Result{Room: room}},
	{"create", func(ctx context.Context, r textroom.Rooms) (any, error) {
		return result(r.Create(ctx, textroom.CreateRequest{Room: room, Description: "d", Secret: "s", PIN: "p", Private: true, History: 5,
			Post: "http://x/", Allowed: []string{}, Permanent: true, AdminKey: "k"}))
	}, `,"room":1234,"description":"d","secret":"s","pin":"p","is_private":true,"history":5,"post":"http://x/","allowed":[],"permanent":true,"admin_key":"k"`,
		[]string{`"textroom":"created","room":1234,"permanent":true`}, textroom.Result{Room: room, Permanent: true}},
	{"edit", func(ctx context.Context, r textroom.Rooms) (any, error) {
		return result(r.Edit(ctx, textroom.EditRequest{Room: room, Secret: "s", NewDescription: "d", NewSecret: "n", NewPIN: "p",
			NewPost: "http://x/", NewPrivate: new(false), Permanent: true}))
	}, `,"room":1234,"secret":"s","new_description":"d","new_secret":"n","new_pin":"p","new_post":"http://x/","new_is_private":false,"permanent":true`,
		[]string{`"textroom":"edited","room":1234,"permanent":true`}, textroom.Result{Room: room, Permanent: true}},
	{"destroy", func(ctx context.Context, r textroom.Rooms) (any, error) {
		return result(r.Destroy(ctx, textroom.DestroyRequest{Room: room, Secret: "s", Permanent: true}))
	}, `,"room":1234,"secret":"s","permanent":true`, []string{`"textroom":"destroyed","room":1234,"permanent":false`}, textroom.Result{Room: room}},
	{"allowed", func(ctx context.Context, r textroom.Rooms) (any, error) {
		return r.Allowed(ctx, textroom.AllowedRequest{Room: room, Secret: "s", Action: textroom.Add, Allowed: []string{"t"}})
	}, `,"room":1234,"secret":"s","action":"add","allowed":["t"]`,
		[]string{`"textroom":"success","room":1234,"allowed":["t"]`}, []string{"t"}},
	{"kick", func(ctx context.Context, r textroom.Rooms) (any, error) {
		return nil, r.Kick(ctx, textroom.KickRequest{Room: room, Secret: "s", Username: "ann"})
	}, `,"room":1234,"secret":"s","username":"ann"`, []string{`"textbridge":"success"`, `"textroom":"success"`}, nil},
	{"announcement", func(ctx context.Context, r textroom.Rooms) (any, error) {
		return nil, r.Announce(ctx, textroom.AnnouncementRequest{Room: room, Secret: "s", Text: "t"})
	}, `,"room":1234,"secret":"s","text":"t"`, []string{`"textroom":"success"`}, nil},
}

// result drops what differs between the planes.
func result(r *textroom.Result, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	if len(r.Raw) == 0 {
		return nil, client.UnknownError
	}
	r.Raw = nil
	return *r, nil
}

func TestRequestsOverTheJanusAPI(t *testing.T) {
	for _, x := range exchanges {
		for _, reply := range x.replies {
			s := setUp(t)
			s.plugin.replies[x.verb] = `{` + reply + `}`
			got, err := x.call(t.Context(), s.Rooms)
			require.NoError(t, err, x.verb)
			require.Equal(t, x.want, got)
			require.JSONEq(t, `{"request":"`+x.verb+`"`+x.fields+`}`, s.sent()[0])
		}
	}
}

func TestRequestsOverTheChannel(t *testing.T) {
	s := setUp(t)
	c, ch := s.open()
	for _, x := range exchanges {
		for _, reply := range x.replies {
			var got any
			done := make(chan error)
			go func() { // waited for below
				v, err := x.call(t.Context(), c.Rooms)
				got = v
				done <- err
			}()
			r := ch.expect(t, x.verb)
			require.JSONEq(t, `{"textroom":"`+x.verb+`","transaction":"`+r.Transaction+`"`+x.fields+`}`, r.raw)
			ch.answer(r, reply)
			require.NoError(t, <-done, x.verb)
			require.Equal(t, x.want, got)
		}
	}
	require.Zero(t, c.Waiting())
}

// TestRefusals has both planes refuse everything, in the words of every version.
func TestRefusals(t *testing.T) {
	s := setUp(t)
	refusal := func(word string) string {
		return `"textroom":"` + word + `","error_code":419,"error":"Unauthorized"`
	}
	words := []string{"event", "error"}
	for _, x := range exchanges {
		for _, word := range words {
			s.plugin.replies[x.verb] = `{` + refusal(word) + `}`
			_, err := x.call(t.Context(), s.Rooms)
			require.ErrorIs(t, err, textroom.ErrUnauthorized)
			require.Contains(t, err.Error(), x.verb)
		}
	}
	c, ch := s.open()
	for _, x := range exchanges {
		for _, word := range words {
			done := make(chan error, 1)
			go func() { // waited for below
				_, err := x.call(t.Context(), c.Rooms)
				done <- err
			}()
			ch.answer(ch.expect(t, x.verb), refusal(word))
			err := <-done
			require.ErrorIs(t, err, textroom.ErrUnauthorized)
			require.Contains(t, err.Error(), x.verb)
		}
	}
}

// TestAbsurdReplies has replies that are none.
func TestAbsurdReplies(t *testing.T) {
	s := setUp(t)
	for verb, reply := range map[string]string{
		"list": `{"list":5}`, "listparticipants": `{"participants":[5]}`, "exists": `{"exists":"x"}`,
		"create": `{"room":1.5}`, "allowed": `{"allowed":{}}`,
	} {
		s.plugin.replies[verb] = reply
		for _, x := range exchanges {
			if x.verb == verb {
				_, err := x.call(t.Context(), s.Rooms)
				require.ErrorAs(t, err, new(*client.ProtocolError), verb)
			}
		}
	}
	s.plugin.replies["list"] = `{"list":[[]]}`
	_, err := s.List(t.Context(), "")
	require.ErrorAs(t, err, new(*client.ProtocolError))
}

// TestArguments refuses what the gateway could only misunderstand, before
// anything is sent.
func TestArguments(t *testing.T) {
	s := setUp(t)
	c, _ := s.open()
	ctx := t.Context()
	before := len(s.sent())
	refused := func(err error, hint string) {
		t.Helper()
		require.ErrorAs(t, err, new(*client.ArgumentError))
		require.Contains(t, err.Error(), hint)
	}
	_, err := s.Participants(ctx, client.ID{})
	refused(err, "room")
	_, err = s.Exists(ctx, client.ID{})
	refused(err, "room")
	_, err = s.Edit(ctx, textroom.EditRequest{})
	refused(err, "room")
	_, err = s.Destroy(ctx, textroom.DestroyRequest{})
	refused(err, "room")
	_, err = s.Allowed(ctx, textroom.AllowedRequest{})
	refused(err, "room")
	refused(s.Kick(ctx, textroom.KickRequest{}), "room")
	refused(s.Announce(ctx, textroom.AnnouncementRequest{}), "room")
	_, err = c.Join(ctx, textroom.JoinRequest{Username: "ann"})
	refused(err, "room")
	_, err = c.Join(ctx, textroom.JoinRequest{Room: room})
	refused(err, "username")
	refused(c.Leave(ctx, client.ID{}), "room")
	_, err = c.Message(ctx, textroom.MessageRequest{Text: "x"})
	refused(err, "room")
	_, err = c.Message(ctx, textroom.MessageRequest{Room: room, To: "ann", Tos: []string{"bob"}})
	refused(err, "Tos")
	_, err = s.Open(ctx, nil, newChannel())
	refused(err, "media.Peer")
	_, err = s.Open(ctx, &peer{}, nil)
	refused(err, "OpenData")
	_, err = s.Open(ctx, &peer{}, newChannel())
	refused(err, "Stop")
	require.Len(t, s.sent(), before)
}
