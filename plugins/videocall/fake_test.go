package videocall_test

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

// description is one, as far as anybody here looks.
func description(what string) string {
	return "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=" + what + "\r\nt=0 0\r\na=group:BUNDLE 0\r\na=fingerprint:sha-256 00\r\n" +
		"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 192.0.2.1\r\na=mid:0\r\na=rtcp-mux\r\na=sendrecv\r\na=setup:actpass\r\n" +
		"a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=rtpmap:111 opus/48000/2\r\n"
}

// plugin is a VideoCall whose answers are the test's.
type plugin struct {
	mu      sync.Mutex
	replies map[string]string // the "result" by request; empty: only an ack
	refuse  map[string]error
}

func (p *plugin) Message(_ context.Context, m *janustest.Message) (*janustest.Answer, error) {
	var body struct {
		Request string `json:"request"`
	}
	if err := json.Unmarshal(m.Body, &body); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.refuse[body.Request]; err != nil {
		return nil, err
	}
	reply := p.replies[body.Request]
	if reply == "" {
		return nil, nil
	}
	return &janustest.Answer{Data: json.RawMessage(`{"videocall":"event","result":` + reply + `}`), Async: true}, nil
}

func (p *plugin) reply(request, result string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.replies[request] = result
}

func (p *plugin) refuses(request string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse[request] = err
}

// peer is a client.Negotiator without media that counts what it is asked for.
type peer struct {
	offerErr, answerErr, acceptErr error
	log                            []string
}

var _ client.Negotiator = (*peer)(nil)

func (p *peer) Offer(_ context.Context, restart bool) (*client.JSEP, error) {
	p.log = append(p.log, "offer "+strconv.FormatBool(restart))
	return &client.JSEP{Type: "offer", SDP: description("mine")}, p.offerErr
}

func (p *peer) Answer(_ context.Context, j *client.JSEP) (*client.JSEP, error) {
	p.log = append(p.log, "answer")
	return &client.JSEP{Type: "answer", SDP: j.SDP}, p.answerErr
}

func (p *peer) Accept(context.Context, *client.JSEP) error {
	p.log = append(p.log, "accept")
	return p.acceptErr
}

var errBroken = errors.New("broken")

// scene is a handle and its gateway.
type scene struct {
	*videocall.Handle
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
	p := &plugin{refuse: map[string]error{}, replies: map[string]string{
		"list": `{"list":["ann","bob"]}`, "register": `{"event":"registered","username":"ann"}`,
		"call": `{"event":"calling"}`, "accept": `{"event":"accepted"}`, "set": `{"event":"set"}`,
		"hangup": `{"event":"hangup","username":"ann","reason":"Explicit hangup"}`,
	}}
	gw.Handle(videocall.Plugin, p)
	c, err := gw.Client(t.Context(), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	h, err := videocall.Attach(t.Context(), s, nil)
	require.NoError(t, err)
	return &scene{h, t, gw, p}
}

// push has the plugin say something.
func (s *scene) push(result string, jsep *client.JSEP) {
	s.t.Helper()
	data := json.RawMessage(`{"videocall":"event","result":` + result + `}`)
	require.NoError(s.t, s.gw.Push(s.Session().ID(), s.ID(), "event", data, jsep))
}

// hangs has the core end the peer connection.
func (s *scene) hangs() {
	s.t.Helper()
	require.NoError(s.t, s.gw.Push(s.Session().ID(), s.ID(), "hangup", map[string]string{"reason": "Close PC"}, nil))
}

// sent returns the bodies that reached the plugin, and "hangup" for hangups, since
// the last call.
func (s *scene) sent(from int) (list []string) {
	for _, r := range s.gw.Requests() {
		switch r.Janus {
		case "message":
			body := string(r.Body)
			if r.JSEP != nil {
				body += " " + r.JSEP.Type
			}
			list = append(list, body)
		case "hangup":
			list = append(list, "hangup")
		}
	}
	return list[from:]
}

func next[E client.Event](t testing.TB, h client.Nexter) E {
	t.Helper()
	ev, err := h.Next(t.Context())
	require.NoError(t, err)
	require.IsType(t, *new(E), ev)
	return ev.(E)
}

// calls calls bob, who accepts.
func (s *scene) calls(p *peer) {
	s.t.Helper()
	require.NoError(s.t, s.Call(s.t.Context(), "bob", p))
	s.push(`{"event":"accepted","username":"bob"}`, &client.JSEP{Type: "answer", SDP: description("his")})
	require.NoError(s.t, next[*videocall.Accepted](s.t, s).Err)
}

// called accepts a call of bob's.
func (s *scene) called(p *peer) {
	s.t.Helper()
	s.push(`{"event":"incomingcall","username":"bob"}`, &client.JSEP{Type: "offer", SDP: description("his")})
	require.NoError(s.t, s.Accept(s.t.Context(), next[*videocall.Incoming](s.t, s), p))
}

// lost reads the end of a call that the gateway has lost.
func (s *scene) lost() {
	s.t.Helper()
	ended := next[*videocall.Ended](s.t, s)
	require.Empty(s.t, ended.Username)
	require.NotEmpty(s.t, ended.Reason)
	require.Equal(s.t, ended.Reason, next[*client.Hangup](s.t, s).Reason)
}
