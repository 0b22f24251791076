package videoroom_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// fakeRoom is a gateway's videoroom with one publisher and one subscriber: it has
// one offer open at a time, as Janus does, and says nothing where Janus says
// nothing.
type fakeRoom struct {
	mu       sync.Mutex
	at       *janustest.Attachment
	streams  []map[string]any
	open     bool // an offer waits for its answer
	pending  bool // another one follows it
	restart  bool // with new credentials
	lose     bool // what is offered
	mute     bool // no answer ends the wait of what is pending
	ufrag    int
	requests []string

	feeds   []uint64           // who publishes
	refused map[uint64]bool    // who cannot be subscribed to
	failing *client.PluginCode // of joining and publishing; nil: they work

	id      uint64                      // of the publisher; 0: 100
	people  []any                       // who is there beside the publisher
	absent  bool                        // the publisher is not
	gone    bool                        // nor is the room
	idle    bool                        // the publisher does not publish
	taken   bool                        // somebody has the publisher's id
	haunted bool                        // and cannot be kicked
	strict  bool                        // nobody may set anything
	spent   map[uint64]int              // how often a handle joined
	ahead   func(*janustest.Attachment) // happens before the answer to a publisher's join
	amid    func(*janustest.Attachment) // happens while people are listed; once
}

// refuses says whether one of the feeds cannot be subscribed to.
func (f *fakeRoom) refuses(streams []map[string]any) error {
	for _, s := range streams {
		if n, ok := s["feed"].(float64); ok && f.refused[uint64(n)] {
			return &client.PluginError{PluginCode: videoroom.ErrMixedE2EE}
		}
	}
	return nil
}

// joined is the answer to the publisher.
func (f *fakeRoom) joined() map[string]any {
	return map[string]any{"videoroom": "joined", "room": 1, "id": f.self(), "private_id": 5,
		"publishers": published(f.feeds...), "attendees": []any{}}
}

func (f *fakeRoom) self() uint64 {
	if f.id == 0 {
		return 100
	}
	return f.id
}

// member is somebody in a list of participants.
func member(id uint64, display string, publishes bool) map[string]any {
	return map[string]any{"id": id, "display": display, "publisher": publishes}
}

// enter is join of a publisher.
func (f *fakeRoom) enter(id uint64) (*janustest.Answer, error) {
	switch {
	case f.failing != nil:
		return nil, &client.PluginError{PluginCode: *f.failing}
	case f.taken && (id == f.self()):
		return nil, &client.PluginError{PluginCode: videoroom.ErrIDExists}
	case f.taken:
		f.id = 101
	}
	return &janustest.Answer{Async: true, Data: f.joined()}, nil
}

// published is a list of feeds with a video each.
func published(feeds ...uint64) []any {
	list := []any{}
	for _, id := range feeds {
		list = append(list, map[string]any{"id": id, "streams": []any{map[string]any{"type": "video", "mid": "0", "codec": "vp8"}}})
	}
	return list
}

// Message implements janustest.Plugin.
func (f *fakeRoom) Message(_ context.Context, m *janustest.Message) (*janustest.Answer, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var body struct {
		Request     string
		PType       string
		Streams     []map[string]any
		Subscribe   []map[string]any
		Unsubscribe []map[string]any
		Restart     bool
		Update      bool
		ID          uint64
	}
	if err := json.Unmarshal(m.Body, &body); err != nil {
		return nil, err
	}
	f.requests = append(f.requests, body.Request)
	if err := f.refuses(append(body.Streams, body.Subscribe...)); err != nil {
		return nil, err
	}
	switch body.Request {
	case "unpublish": // the connection never came up
		return nil, &client.PluginError{PluginCode: videoroom.ErrNotPublished}
	case "publish":
		if f.failing != nil {
			return nil, &client.PluginError{PluginCode: *f.failing}
		}
		a := f.event("configured")
		a.JSEP = &client.JSEP{Type: "answer", SDP: description(0)}
		return a, nil
	case "join":
		if f.spent == nil {
			f.spent = map[uint64]int{}
		}
		if f.spent[m.Handle]++; f.spent[m.Handle] > 1 && body.PType == "subscriber" {
			return nil, &client.PluginError{PluginCode: videoroom.ErrAlreadyJoined}
		}
		if body.PType == "publisher" {
			if f.ahead != nil {
				f.ahead(m.Attachment)
			}
			return f.enter(body.ID)
		}
		f.at, f.streams, f.open, f.pending = m.Attachment, nil, false, false
		f.add(body.Streams)
		return f.offer("attached"), nil
	case "start":
		if m.JSEP == nil {
			return f.event("started"), nil
		}
		if f.mute {
			return f.event("started"), nil
		}
		f.open = false
		if f.pending {
			f.pending = false
			return f.event("started"), f.push()
		}
		return f.event("started"), nil
	case "subscribe", "update", "unsubscribe":
		f.add(body.Subscribe)
		if body.Request == "subscribe" {
			f.add(body.Streams)
		}
		if f.open {
			f.pending = true
			return &janustest.Answer{Async: true, Data: map[string]any{"videoroom": "updating", "room": 1}}, nil
		}
		return f.offer("updated"), nil
	case "listparticipants":
		if f.gone {
			return &janustest.Answer{}, &client.PluginError{PluginCode: videoroom.ErrNoSuchRoom}
		}
		list := append([]any{}, f.people...)
		if amid := f.amid; amid != nil {
			f.amid = nil
			amid(m.Attachment)
		}
		if !f.absent {
			list = append(list, member(f.self(), "", !f.idle))
		}
		return &janustest.Answer{Data: map[string]any{"videoroom": "participants", "room": 1, "participants": list}}, nil
	case "kick":
		if f.haunted {
			return &janustest.Answer{}, &client.PluginError{PluginCode: videoroom.ErrUnauthorized}
		}
		f.taken = false
		return &janustest.Answer{Data: map[string]any{"videoroom": "success"}}, nil
	case "switch":
		a := f.event("switched")
		a.Data.(map[string]any)["streams"] = append([]map[string]any{}, f.streams...)
		return a, nil
	case "configure":
		if f.strict {
			return nil, &client.PluginError{PluginCode: videoroom.ErrUnauthorized}
		}
		if m.JSEP != nil {
			a := f.event("configured")
			a.JSEP = &client.JSEP{Type: "answer", SDP: description(0)}
			return a, nil
		}
		if !body.Restart && !body.Update {
			return f.event("configured"), nil
		}
		f.restart = f.restart || body.Restart
		if f.lose && !f.open {
			_ = f.offer("event")
			return nil, nil //nolint:nilnil // the connection goes with it
		}
		if f.open {
			f.pending = true
			return nil, nil //nolint:nilnil // that is how Janus is
		}
		return f.offer("event"), nil
	case "pause":
		return f.event("paused"), nil
	case "leave":
		return f.event("left"), nil
	}
	return nil, &client.PluginError{PluginCode: videoroom.ErrInvalidRequest}
}

func (f *fakeRoom) event(what string) *janustest.Answer {
	return &janustest.Answer{Async: true, Data: map[string]any{"videoroom": "event", "room": 1, what: "ok"}}
}

func (f *fakeRoom) add(streams []map[string]any) {
	for _, s := range streams {
		mid := fmt.Sprint(len(f.streams))
		f.streams = append(f.streams, map[string]any{"mid": mid, "mindex": len(f.streams), "type": "video",
			"active": true, "feed_id": s["feed"], "feed_mid": "0", "codec": "vp8", "simulcast": map[string]any{}})
	}
}

func (f *fakeRoom) offer(kind string) *janustest.Answer {
	f.open = true
	if f.restart {
		f.restart = false
		f.ufrag++
	}
	data := map[string]any{"videoroom": kind, "room": 1, "streams": f.streams}
	if kind == "event" {
		data = map[string]any{"videoroom": kind, "room": 1, "configured": "ok"}
	}
	return &janustest.Answer{Async: true, Data: data, JSEP: &client.JSEP{Type: "offer", SDP: description(f.ufrag)}}
}

// push makes an offer unasked, as autoupdate does.
func (f *fakeRoom) push() error {
	a := f.offer("updated")
	return f.at.Event(a.Data, a.JSEP)
}

func (f *fakeRoom) unasked(t *testing.T) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	later := f.restart // is for the offer that was put off
	f.restart = false
	require.NoError(t, f.push())
	f.restart = later
}

// set changes the fake.
func (f *fakeRoom) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

func (f *fakeRoom) seen() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.requests...)
}

func description(ufrag int) string {
	return fmt.Sprintf("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=fingerprint:sha-256 00\r\n"+
		"m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=rtcp-mux\r\na=sendonly\r\na=setup:actpass\r\n"+
		"a=ice-ufrag:gen%d\r\na=ice-pwd:0123456789012345678901\r\na=rtpmap:96 VP8/90000\r\n", ufrag)
}

// peer is a client.Negotiator without media.
type peer struct {
	mu      sync.Mutex
	err     error         // of the next answers
	hold    chan struct{} // answers wait for it; nil: they do not
	answers int
}

var _ client.Negotiator = (*peer)(nil)

// Offer implements client.Negotiator.
func (p *peer) Offer(context.Context, bool) (*client.JSEP, error) {
	return &client.JSEP{Type: "offer", SDP: description(0)}, nil
}

// Answer implements client.Negotiator.
func (p *peer) Answer(ctx context.Context, offer *client.JSEP) (*client.JSEP, error) {
	p.mu.Lock()
	err, hold := p.err, p.hold
	p.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answers++
	return &client.JSEP{Type: "answer", SDP: offer.SDP}, nil
}

// Accept implements client.Negotiator.
func (p *peer) Accept(context.Context, *client.JSEP) error { return nil }

func (p *peer) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.err = err
}

func (p *peer) wait(hold chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hold = hold
}

// fakeSession is a session with a gateway in memory.
func fakeSession(t *testing.T, plugin janustest.Plugin, opts *janustest.Options) (*janustest.Server, *client.Session) {
	t.Helper()
	gw := janustest.New(t, opts)
	gw.Handle(videoroom.Plugin, plugin)
	c, err := gw.Client(t.Context(), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	return gw, s
}

// subscribed is a subscriber of a fake.
func subscribed(t *testing.T) (*janustest.Server, *fakeRoom, *peer, *videoroom.Subscriber) {
	t.Helper()
	f, p := &fakeRoom{}, &peer{}
	gw, s := fakeSession(t, f, nil)
	h, err := videoroom.Attach(t.Context(), s, nil)
	require.NoError(t, err)
	sub, err := h.Subscribe(t.Context(), videoroom.SubscribeRequest{Room: client.NumID(1),
		Streams: []videoroom.Subscription{{Feed: client.NumID(7)}}}, p)
	require.NoError(t, err)
	return gw, f, p, sub
}
