package page

import (
	"context"
	"encoding/binary"
	"errors"
	"net/url"
	"strconv"
	"testing"
	"unicode/utf8"

	"github.com/bifrons-rtc/bifrons/transport/transporttest"
)

// Peer is the gateway side of a connection under test, in the runner.
type Peer struct {
	WS, HTTP string // the URLs to dial
	url      string
	t        testing.TB
	kept     []byte // received already
}

var _ transporttest.Peer = (*Peer)(nil)

// NewPeer makes a peer that ends with the test.
func NewPeer(t testing.TB) *Peer {
	t.Helper()
	control := Env(t, "BIFRONS_PEER_CONTROL") + "/control/"
	n := must(t, "POST", control, "")
	host := Env(t, "BIFRONS_PEER") + "/peer/" + n
	p := &Peer{WS: "ws://" + host + "/ws", HTTP: "http://" + host + "/janus", url: control + n, t: t}
	t.Cleanup(func() { must(t, "DELETE", p.url, "") })
	return p
}

// Receive implements [transporttest.Peer].
func (p *Peer) Receive(ctx context.Context) ([]byte, error) {
	if len(p.kept) == 0 {
		answer, err := call(ctx, "GET", p.url+"/receive", "")
		if err != nil {
			return nil, err
		}
		p.kept = []byte(answer)
	}
	if len(p.kept) < 4 {
		return nil, errors.New("the peer has ended")
	}
	n := binary.BigEndian.Uint32(p.kept)
	message := p.kept[4 : 4+n]
	p.kept = p.kept[4+n:]
	return message, nil
}

// Send implements [transporttest.Peer]. What is no UTF-8 goes into a binary
// frame: browsers end a connection over such text, as RFC 6455 wants them to.
func (p *Peer) Send(ctx context.Context, data []byte) error {
	query := ""
	if !utf8.Valid(data) {
		query = "?binary=1"
	}
	_, err := call(ctx, "POST", p.url+"/send"+query, string(data))
	return err
}

// CloseWS closes the WebSocket with a close frame.
func (p *Peer) CloseWS(code int, reason string) {
	p.t.Helper()
	must(p.t, "POST", p.url+"/close?code="+strconv.Itoa(code)+"&reason="+url.QueryEscape(reason), "")
}

// ClosedWS returns the code with which the client has closed the WebSocket; -1
// means without a word.
func (p *Peer) ClosedWS() int {
	p.t.Helper()
	code, err := strconv.Atoi(must(p.t, "GET", p.url+"/closed", ""))
	if err != nil {
		p.t.Fatal(err)
	}
	return code
}

// Drop implements [transporttest.Peer].
func (p *Peer) Drop() { must(p.t, "POST", p.url+"/drop", "") }
