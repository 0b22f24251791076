//go:build !js

package janustest_test

import (
	"context"
	"testing"

	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/unix"
	"github.com/bifrons-rtc/bifrons/transport/ws"
)

// claims takes one session through all transports and back: direct answers go
// to who asked, events to the last that claimed it.
func claims(t *testing.T, a janustest.Address) {
	const (
		claimed = `{"janus":"success","session_id":$S,"transaction":"c"}`
		request = `{"janus":"message","transaction":"m","session_id":$S,"handle_id":$H,"body":{"audio":true}}`
		ack     = `{"janus":"ack","session_id":$S,"transaction":"m","hint":"$any"}`
	)
	p := newPlayer(t, func(ctx context.Context) (transport.Conn, error) {
		return (&ws.Dialer{}).Dial(ctx, a.WS, transport.Janus)
	})
	u := newPlayer(t, func(ctx context.Context) (transport.Conn, error) {
		return (&unix.Dialer{}).Dial(ctx, a.Unix, transport.Janus)
	})
	u.vars = p.vars
	p.run(attach)
	runHTTP(t, p, a.HTTP, `
		GET /$S -> 404
		POST /$S {"janus":"claim","transaction":"c"} -> 200 `+claimed)
	p.run("a> " + request + "\na< " + ack)
	runHTTP(t, p, a.HTTP, `
		GET /$S -> 200 `+httpEvent+`
		POST /$S {"janus":"claim","transaction":"c"} -> 200 `+claimed+httpMessage+`
		GET /$S?maxev=9 -> 200 [`+httpEvent+`]`)
	u.run(`
		u> {"janus":"claim","transaction":"c","session_id":$S}
		u< ` + claimed)
	runHTTP(t, p, a.HTTP, `GET /$S -> 404`+httpMessage)
	u.run("u< " + httpEvent + "\nu> " + request + "\nu< " + ack + "\nu< " + httpEvent)
	p.run(`
		a> {"janus":"claim","transaction":"c","session_id":$S}
		a< ` + claimed)
	u.run("u> " + request + "\nu< " + ack)
	p.run("a< " + httpEvent)
	runHTTP(t, p, a.HTTP, `POST /$S {"janus":"keepalive","transaction":"k"} -> 200 {"janus":"ack","session_id":$S,"transaction":"k"}
		POST /$S {"janus":"destroy","transaction":"c"} -> 200 `+claimed)
	p.fence()
	u.fence()
}

func TestClaimAcrossTransports(t *testing.T) {
	_, a := listen(t, nil)
	if a.Unix == "" {
		t.Skip("only Linux has SOCK_SEQPACKET")
	}
	claims(t, a)
}

func TestJanusClaimAcrossTransports(t *testing.T) {
	gw := gateways[""].Get(t)
	claims(t, janustest.Address{WS: gw.WS(), HTTP: gw.HTTP(), Unix: gw.Unix()})
}
