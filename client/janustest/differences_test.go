package janustest_test

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/transport"
)

// difference is what this gateway does otherwise than Janus 1.1.2, and why. Both
// halves are played, so that one that is gone does not stay in the list.
//
// No script can show these: a gateway in memory has no media, so no peer
// connection comes up or fails by itself; where Janus may send two things in
// either order, this one has an order unless a fault says otherwise; there is no
// admin API; WebSockets and HTTP share one port.
type difference struct {
	name          string
	why           string
	setup         string
	janus, double string
}

var differences = []difference{
	{
		name:  "sessions time out when their time is over",
		why:   "the earliest moment is what a client has to reckon with; Options.Watchdog is Janus' own",
		setup: "timeout",
		janus: begin + `
			wait 1200ms
			a> {"janus":"keepalive","transaction":"1","session_id":$S}
			a< {"janus":"ack","session_id":$S,"transaction":"1"}`,
		double: begin + `
			wait 1200ms
			a> {"janus":"keepalive","transaction":"1","session_id":$S}
			a< {"janus":"timeout","session_id":$S}
			a< {"janus":"error","session_id":$S,"transaction":"1","error":458}`,
	},
	{
		name: "only the echo test is there",
		why:  "other plugins need state and media: they are the test's own, or those of package gateway",
		janus: begin + `
			a> {"janus":"attach","transaction":"1","session_id":$S,"plugin":"janus.plugin.videoroom"}
			a< {"janus":"success","session_id":$S,"transaction":"1","data":{"id":"$id"}}`,
		double: begin + `
			a> {"janus":"attach","transaction":"1","session_id":$S,"plugin":"janus.plugin.videoroom"}
			a< {"janus":"error","session_id":$S,"transaction":"1","error":460}`,
	},
	{
		name: "the texts of errors",
		why:  "the parser is another; a client goes by codes",
		janus: `
			a> {"janus":
			a< {"janus":"error","error":{"code":454,"reason":"*<string>("}}`,
		double: `
			a> {"janus":
			a< {"janus":"error","error":{"code":454,"reason":"!<string>("}}`,
	},
	{
		name: "candidates lead nowhere",
		why:  "without media there is nobody to reach: the address is one for documentation, RFC 5737",
		janus: attach + `
			a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":$OFFER}}
			a< {"janus":"ack","session_id":$S,"transaction":"1","hint":"$any"}
			a< {"janus":"event","session_id":$S,"transaction":"1","sender":$H,"plugindata":"$any","jsep":{"type":"answer","sdp":"!192.0.2.1 50000 typ host"}}`,
		double: attach + `
			a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":$OFFER}}
			a< {"janus":"ack","session_id":$S,"transaction":"1","hint":"$any"}
			a< {"janus":"event","session_id":$S,"transaction":"1","sender":$H,"plugindata":"$any","jsep":{"type":"answer","sdp":"*192.0.2.1 50000 typ host"}}`,
	},
}

// TestDifferences holds the in-memory gateway to its half; the conformance
// tests hold a real Janus to the other.
func TestDifferences(t *testing.T) {
	for _, d := range differences {
		t.Run(d.name, func(t *testing.T) {
			require.NotEmpty(t, d.why)
			synctest.Test(t, func(t *testing.T) {
				settled(play(t, janustest.New(t, configurations[d.setup]), d.double))
			})
		})
	}
}

// janusDifferences holds a real Janus to its half.
func janusDifferences(t *testing.T, dialer transport.Dialer, at func(t *testing.T, setup string) address) {
	for _, d := range differences {
		gw := at(t, d.setup)
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			p := newPlayer(t, func(ctx context.Context) (transport.Conn, error) { return dialer.Dial(ctx, gw.ws, transport.Janus) })
			p.run(d.janus)
			p.fence()
		})
	}
}
