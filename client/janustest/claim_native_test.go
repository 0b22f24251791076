//go:build !js

package janustest_test

import (
	"context"
	"testing"

	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/internal/conform"
	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/bifrons-rtc/bifrons/transport/unix"
	"github.com/bifrons-rtc/bifrons/transport/ws"
)

// What is asked and answered over REST.
const (
	httpMessage = `
		POST /$S/$H {"janus":"message","transaction":"m","body":{"audio":true}} -> 200 {"janus":"ack","session_id":$S,"transaction":"m","hint":"$any"}`
	httpEvent = `{"janus":"event","session_id":$S,"transaction":"m","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}`
)

// claims takes one session through all transports and back: direct answers go
// to who asked, events to the last that claimed it.
func claims(t *testing.T, a janustest.Address) {
	const (
		claimed = `{"janus":"success","session_id":$S,"transaction":"c"}`
		request = `{"janus":"message","transaction":"m","session_id":$S,"handle_id":$H,"body":{"audio":true}}`
		ack     = `{"janus":"ack","session_id":$S,"transaction":"m","hint":"$any"}`
	)
	p := conform.NewPlayer(t, func(ctx context.Context) (transport.Conn, error) {
		return (&ws.Dialer{}).Dial(ctx, a.WS, transport.Janus)
	})
	p.Root = a.HTTP
	u := conform.NewPlayer(t, func(ctx context.Context) (transport.Conn, error) {
		return (&unix.Dialer{}).Dial(ctx, a.Unix, transport.Janus)
	})
	u.Vars = p.Vars
	p.Run(withHandle)
	p.Run(`
		GET /$S -> 404
		POST /$S {"janus":"claim","transaction":"c"} -> 200 ` + claimed)
	p.Run("a> " + request + "\na< " + ack)
	p.Run(`
		GET /$S -> 200 ` + httpEvent + `
		POST /$S {"janus":"claim","transaction":"c"} -> 200 ` + claimed + httpMessage + `
		GET /$S?maxev=9 -> 200 [` + httpEvent + `]`)
	u.Run(`
		u> {"janus":"claim","transaction":"c","session_id":$S}
		u< ` + claimed)
	p.Run(`GET /$S -> 404` + httpMessage)
	u.Run("u< " + httpEvent + "\nu> " + request + "\nu< " + ack + "\nu< " + httpEvent)
	p.Run(`
		a> {"janus":"claim","transaction":"c","session_id":$S}
		a< ` + claimed)
	u.Run("u> " + request + "\nu< " + ack)
	p.Run("a< " + httpEvent)
	p.Run(`POST /$S {"janus":"keepalive","transaction":"k"} -> 200 {"janus":"ack","session_id":$S,"transaction":"k"}
		POST /$S {"janus":"destroy","transaction":"c"} -> 200 ` + claimed)
	p.Fence()
	u.Fence()
}

func TestClaimAcrossTransports(t *testing.T) {
	_, a := listen(t, nil)
	if a.Unix == "" {
		t.Skip("only Linux has SOCK_SEQPACKET")
	}
	claims(t, a)
}

func TestJanusClaimAcrossTransports(t *testing.T) {
	gw := realGateway.Get(t)
	claims(t, janustest.Address{WS: gw.WS(), HTTP: gw.HTTP(), Unix: gw.Unix()})
}
