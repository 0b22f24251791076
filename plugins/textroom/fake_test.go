package textroom_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

// offer is what a gateway offers, as far as anybody here looks.
const offer = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=fingerprint:sha-256 00\r\n" +
	"m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 192.0.2.1\r\na=mid:0\r\na=sctp-port:5000\r\n" +
	"a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=setup:actpass\r\n"

// plugin is the Janus API of the TextRoom in a gateway in memory: connections,
// and what replies says to everything else.
type plugin struct {
	replies map[string]string // by request
	setUp   map[uint64]bool   // handles that were; the plugin never forgets
	refuse  map[string]error  // by request
}

func (p *plugin) Message(_ context.Context, m *janustest.Message) (*janustest.Answer, error) {
	var body struct {
		Request string `json:"request"`
	}
	if err := json.Unmarshal(m.Body, &body); err != nil {
		return nil, err
	}
	if err := p.refuse[body.Request]; err != nil {
		return nil, err
	}
	ok := map[string]string{"textroom": "event", "result": "ok"}
	switch body.Request {
	case "ack":
		return &janustest.Answer{Data: ok, Async: true}, nil
	case "setup", "restart":
		if p.setUp[m.Handle] == (body.Request == "setup") {
			return nil, &client.PluginError{PluginCode: textroom.ErrAlreadySetup, Reason: "no"}
		}
		p.setUp[m.Handle] = true
		return &janustest.Answer{Data: ok, JSEP: &client.JSEP{Type: "offer", SDP: offer}, Async: true}, nil
	}
	return &janustest.Answer{Data: json.RawMessage(p.replies[body.Request])}, nil
}

// peer is a client.Negotiator without media.
type peer struct {
	err      error
	answered int
}

func (p *peer) Offer(context.Context, bool) (*client.JSEP, error) {
	return nil, errors.New("TextRoom always offers")
}

func (p *peer) Answer(_ context.Context, j *client.JSEP) (*client.JSEP, error) {
	p.answered++
	return &client.JSEP{Type: "answer", SDP: j.SDP}, p.err
}

func (p *peer) Accept(context.Context, *client.JSEP) error {
	return errors.New("TextRoom never answers")
}

// channel is a data channel whose other end is the test.
type channel struct {
	sent     chan string
	incoming chan string
	fail     chan error
	closed   chan struct{}
	kept     bool
}

func (ch *channel) Keep() { ch.kept = true }

var errGone = errors.New("the channel is gone")

func newChannel() *channel {
	return &channel{sent: make(chan string, 1000), incoming: make(chan string, 1000), fail: make(chan error),
		closed: make(chan struct{})}
}

func (ch *channel) SendText(ctx context.Context, s string) error {
	select {
	case <-ch.closed:
		return errGone
	default:
	}
	select {
	case ch.sent <- s:
		return nil
	case <-ch.closed:
		return errGone
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (ch *channel) ReceiveText(ctx context.Context) (string, error) {
	select { // what came is not lost with the channel
	case s := <-ch.incoming:
		return s, nil
	default:
	}
	select {
	case s := <-ch.incoming:
		return s, nil
	case err := <-ch.fail:
		return "", err
	case <-ch.closed:
		return "", errGone
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (ch *channel) Close() error {
	select {
	case <-ch.closed:
	default:
		close(ch.closed)
	}
	return nil
}

// request is one that came over the channel.
type request struct {
	TextRoom    string `json:"textroom"`
	Transaction string `json:"transaction"`
	raw         string
}

// next takes what was sent next.
func (ch *channel) next(t testing.TB) string {
	t.Helper()
	select {
	case text := <-ch.sent:
		return text
	case <-time.After(5 * time.Minute): // no time at all in a bubble
		require.FailNow(t, "nothing was sent")
		return ""
	}
}

// expect takes the next request.
func (ch *channel) expect(t testing.TB, verb string) request {
	t.Helper()
	r := request{raw: ch.next(t)}
	require.NoError(t, json.Unmarshal([]byte(r.raw), &r))
	require.Equal(t, verb, r.TextRoom)
	return r
}

// answer answers r with fields of a JSON object.
func (ch *channel) answer(r request, fields string) {
	ch.incoming <- `{` + fields + `,"transaction":"` + r.Transaction + `"}`
}

// scene is a handle and its gateway.
type scene struct {
	*textroom.Handle
	t      testing.TB
	gw     *janustest.Server
	plugin *plugin
}

func setUp(t testing.TB) *scene {
	t.Helper()
	return setUpWith(t, nil)
}

func setUpWith(t testing.TB, opts *janustest.Options) *scene {
	t.Helper()
	gw := janustest.New(t, opts)
	p := &plugin{replies: map[string]string{}, setUp: map[uint64]bool{}, refuse: map[string]error{}}
	gw.Handle(textroom.Plugin, p)
	c, err := gw.Client(t.Context(), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	h, err := textroom.Attach(t.Context(), s, nil)
	require.NoError(t, err)
	return &scene{h, t, gw, p}
}

// open connects over a new channel.
func (s *scene) open() (*textroom.Conn, *channel) {
	s.t.Helper()
	ch := newChannel()
	c, err := s.Open(s.t.Context(), &peer{}, ch)
	require.NoError(s.t, err)
	s.t.Cleanup(func() {
		_ = ch.Close()
		<-c.Done()
	})
	return c, ch
}

// sent returns the bodies that reached the plugin, and "hangup" for hangups.
func (s *scene) sent() (list []string) {
	for _, r := range s.gw.Requests() {
		switch r.Janus {
		case "message":
			list = append(list, string(r.Body))
		case "hangup":
			list = append(list, "hangup")
		}
	}
	return list
}

func next[E client.Event](t testing.TB, h client.Nexter) E {
	t.Helper()
	ev, err := h.Next(t.Context())
	require.NoError(t, err)
	require.IsType(t, *new(E), ev)
	return ev.(E)
}
