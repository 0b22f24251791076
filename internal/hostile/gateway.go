package hostile

import (
	"context"
	"encoding/json"
	"sync"
	"testing"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
)

// Gateway is one plugin of a gateway in memory. It takes what it says from the
// test.
type Gateway struct {
	*janustest.Server
	session *client.Session

	mu     sync.Mutex // guards the rest
	answer janustest.Answer
}

// newGateway returns a gateway and a session with it.
func newGateway(t *testing.T, plugin string) *Gateway {
	t.Helper()
	g := &Gateway{Server: janustest.New(t, nil)}
	g.Handle(plugin, g)
	c, err := g.Client(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	if g.session, err = c.NewSession(t.Context()); err != nil {
		t.Fatal(err)
	}
	return g
}

// Message implements janustest.Plugin.
func (g *Gateway) Message(context.Context, *janustest.Message) (*janustest.Answer, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	a := g.answer
	return &a, nil
}

// Answer is what it says to all requests from now on: a body, in an event or at
// once, with a description or without.
func (g *Gateway) Answer(body string, async bool, jsep *client.JSEP) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.answer = janustest.Answer{Data: json.RawMessage(body), Async: async, JSEP: jsep}
}

// Said returns the body.
func (g *Gateway) Said() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return string(g.answer.Data.(json.RawMessage))
}

// Event sends a body to all handles, as an event.
func (g *Gateway) Event(t *testing.T, body string, jsep *client.JSEP) {
	t.Helper()
	for _, h := range g.Handles(g.session.ID()) {
		if err := g.Push(g.session.ID(), h, "event", json.RawMessage(body), jsep); err != nil {
			t.Fatal(err)
		}
	}
}

// Peer is a client.Negotiator without media.
type Peer struct{}

var _ client.Negotiator = Peer{}

// Description is a small one that a gateway may send.
const Description = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=fingerprint:sha-256 00\r\n" +
	"m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=rtcp-mux\r\na=sendonly\r\na=setup:actpass\r\n" +
	"a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=rtpmap:96 VP8/90000\r\n"

// Offer implements client.Negotiator.
func (Peer) Offer(context.Context, bool) (*client.JSEP, error) {
	return &client.JSEP{Type: "offer", SDP: Description}, nil
}

// Answer implements client.Negotiator.
func (Peer) Answer(context.Context, *client.JSEP) (*client.JSEP, error) {
	return &client.JSEP{Type: "answer", SDP: Description}, nil
}

// Accept implements client.Negotiator.
func (Peer) Accept(context.Context, *client.JSEP) error { return nil }
