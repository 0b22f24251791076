package janustest_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/internal/conform"
	"github.com/bifrons-rtc/bifrons/transport"
)

func TestClient(t *testing.T) {
	gw := janustest.New(t, &janustest.Options{APISecret: "sek", ServerName: "mine", Version: 1402})
	opts := &client.Options{Credentials: client.Static("", "sek")}
	c, err := gw.Client(t.Context(), opts)
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Close()) }()
	require.Nil(t, opts.Transports, "options are copied")

	info, err := c.Info(t.Context())
	require.NoError(t, err)
	require.Equal(t, "1.4.2", info.VersionString)
	require.Equal(t, "mine", info.ServerName)
	require.Equal(t, 60, info.SessionTimeout)
	require.True(t, info.APISecret)
	require.Contains(t, info.Plugins, "janus.plugin.echotest")

	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	h, err := s.Attach(t.Context(), "janus.plugin.echotest", nil)
	require.NoError(t, err)
	require.Equal(t, []uint64{s.ID()}, gw.Sessions())
	require.Equal(t, []uint64{h.ID()}, gw.Handles(s.ID()))
	resp, err := h.Request(t.Context(), map[string]bool{"audio": true}, nil)
	require.NoError(t, err)
	require.JSONEq(t, `{"echotest":"event","result":"ok"}`, string(resp.Data))
	require.NoError(t, h.Detach(t.Context()))
	require.NoError(t, s.Destroy(t.Context()))
	require.Empty(t, gw.Sessions())
}

func TestDialer(t *testing.T) {
	gw := janustest.New(t, nil)
	gw.Refuse(errors.New("not today"))
	_, err := gw.Dialer().Dial(t.Context(), "x://user:secret@host/?token=secret", transport.Janus)
	require.ErrorContains(t, err, "not today")
	require.NotContains(t, err.Error(), "secret")
	gw.Refuse(nil)
	reg := transport.Registry{"any": gw.Dialer()}
	c, err := client.Dial(t.Context(), "any://thing", &client.Options{Transports: reg})
	require.NoError(t, err)
	require.NoError(t, c.Close())
}

func TestTokens(t *testing.T) {
	gw := janustest.New(t, nil)
	p := play(t, gw, withSession)
	gw.AddToken("t", "janus.plugin.echotest")
	p.Run(`
		a> {"janus":"keepalive","transaction":"1","session_id":$S}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":403}
		a> {"janus":"attach","transaction":"2","session_id":$S,"plugin":"janus.plugin.echotest","token":"t"}
		a< {"janus":"success","session_id":$S,"transaction":"2","data":{"id":"$H="}}`)
	gw.RemoveToken("t")
	p.Run(`
		a> {"janus":"keepalive","transaction":"3","session_id":$S,"token":"t"}
		a< {"janus":"error","session_id":$S,"transaction":"3","error":403}`)
	p.Fence()
}

func TestRequests(t *testing.T) {
	gw := janustest.New(t, &janustest.Options{APISecret: "sek"})
	p := play(t, gw, `
		a> {"janus":"create","apisecret":"sek","token":"tok","transaction":"create"}
		a< {"janus":"success","transaction":"create","data":{"id":"$S="}}
		a> {"janus":"attach","apisecret":"sek","token":"tok","transaction":"attach","session_id":$S,"plugin":"janus.plugin.echotest"}
		a< {"janus":"success","session_id":$S,"transaction":"attach","data":{"id":"$H="}}
		a> {"janus":"message","apisecret":"sek","token":"tok","transaction":"offer","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":$OFFER}}
		a< {"janus":"ack","session_id":$S,"transaction":"offer","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"offer","sender":$H,"plugindata":"$any","jsep":{"type":"answer","sdp":"~v=0\r\n"}}
		a> nonsense
		a< {"janus":"error","error":454}`)
	list := gw.Requests()
	require.Len(t, list, 4)
	require.Equal(t, "create", list[0].Janus)
	require.Equal(t, "attach session "+p.Vars["S"]+" to janus.plugin.echotest", list[1].String())
	require.Equal(t, p.ID("H"), list[2].Handle)
	require.Equal(t, "offer", list[2].Transaction)
	require.JSONEq(t, `{"audio":true}`, string(list[2].Body))
	require.Equal(t, conform.OfferSDP("EsAw"), list[2].JSEP.SDP)
	require.Equal(t, "unreadable message of 8 bytes", list[3].String())
	require.Contains(t, string(list[1].Raw), "sek")
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		printed := fmt.Sprintf(format, list)
		require.NotContains(t, printed, "sek")
		require.NotContains(t, printed, "tok")
	}
	require.Empty(t, gw.Requests()[0].Body)
}

func TestRequestsAreBounded(t *testing.T) {
	gw := janustest.New(t, nil)
	p := play(t, gw, "")
	one := `{"janus":"ping","transaction":"x"}`
	for range 100 {
		p.Send("a", strings.Repeat(one, 100))
		for range 100 {
			p.Receive("a", "pong")
		}
	}
	p.Send("a", `{"janus":"ping","transaction":"last"}`)
	p.Receive("a", "pong")
	list := gw.Requests()
	require.Len(t, list, 4096)
	require.Equal(t, "last", list[4095].Transaction)
}

func TestPush(t *testing.T) {
	gw := janustest.New(t, nil)
	p := play(t, gw, withOffer)
	s, h := p.ID("S"), p.ID("H")
	require.NoError(t, gw.Push(s, h, "webrtcup", nil, nil))
	p.Run(`a< {"janus":"webrtcup","session_id":$S,"sender":$H}`)
	require.NoError(t, gw.Push(s, h, "media", map[string]any{"mid": "0", "type": "audio", "receiving": true}, nil))
	p.Run(`a< {"janus":"media","session_id":$S,"sender":$H,"mid":"0","type":"audio","receiving":true}`)
	require.NoError(t, gw.Push(s, h, "event", map[string]any{"x": 1}, &client.JSEP{Type: "offer", SDP: "v=0"}))
	p.Run(`a< {"janus":"event","session_id":$S,"sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"x":1}},"jsep":{"type":"offer","sdp":"v=0"}}`)
	require.NoError(t, gw.Push(s, 0, "unheard-of", map[string]any{}, nil))
	p.Run(`a< {"janus":"unheard-of","session_id":$S}`)

	// What is said has happened.
	require.NoError(t, gw.Push(s, h, "hangup", map[string]any{"reason": "ICE failed"}, nil))
	p.Run(`a< {"janus":"hangup","session_id":$S,"sender":$H,"reason":"ICE failed"}
		a< {"janus":"event","session_id":$S,"sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"done"}}}
		a> {"janus":"hangup","transaction":"1","session_id":$S,"handle_id":$H}
		a< {"janus":"success","session_id":$S,"transaction":"1"}`)
	require.NoError(t, gw.Push(s, h, "detached", nil, nil))
	p.Run(`a< {"janus":"detached","session_id":$S,"sender":$H}
		a> {"janus":"hangup","transaction":"2","session_id":$S,"handle_id":$H}
		a< {"janus":"error","session_id":$S,"transaction":"2","error":459}`)
	require.Error(t, gw.Push(s, h, "webrtcup", nil, nil))
	require.Error(t, gw.Push(s, 0, "media", 5, nil))
	require.Error(t, gw.Push(s, 0, "media", func() {}, nil))
	require.NoError(t, gw.Push(s, 0, "timeout", nil, nil))
	p.Run(`a< {"janus":"timeout","session_id":$S}`)
	require.Error(t, gw.Push(s, 0, "timeout", nil, nil))
	p.Fence()
}

func TestPushWithoutAnOwner(t *testing.T) {
	gw := janustest.New(t, &janustest.Options{ReclaimTimeout: client.Options{}.KeepAlive + 1e9})
	p := play(t, gw, withHandle)
	gw.Drop()
	require.NoError(t, gw.Push(p.ID("S"), p.ID("H"), "webrtcup", nil, nil), "lost, as with Janus")
}

// TestAnswerChangesWithRestart looks into the made-up descriptions.
func TestAnswerChangesWithRestart(t *testing.T) {
	gw := janustest.New(t, nil)
	p := play(t, gw, withHandle)
	ufrag := func(sdp string) string {
		p.Run(`a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"video":true},"jsep":{"type":"offer","sdp":` + sdp + `}}
			a< {"janus":"ack","session_id":$S,"transaction":"1","hint":"$any"}`)
		ev := p.Receive("a", "the answer").(map[string]any)
		answer := ev["jsep"].(map[string]any)["sdp"].(string)
		lines := strings.Split(answer, "\r\n")
		require.Equal(t, "", lines[len(lines)-1])
		require.Contains(t, lines, "a=group:BUNDLE 0 1 2")
		require.Contains(t, lines, "a=setup:active")
		require.Contains(t, lines, "a=rtpmap:96 VP8/90000")
		require.Contains(t, lines, "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid")
		i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "a=ice-ufrag:") })
		return lines[i]
	}
	first := ufrag("$OFFER")
	require.Equal(t, first, ufrag("$OFFER"), "a renegotiation keeps the transport")
	second := ufrag("$RESTART")
	require.NotEqual(t, first, second, "an ICE restart does not")
	require.Equal(t, second, ufrag("$RESTART"))
}

func TestFullTrickle(t *testing.T) {
	gw := janustest.New(t, &janustest.Options{FullTrickle: true})
	p := play(t, gw, withHandle+`
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{},"jsep":{"type":"offer","sdp":$OFFER}}
		a< {"janus":"ack","session_id":$S,"transaction":"1","hint":"$any"}`)
	p.Run(`a< {"janus":"trickle","session_id":$S,"sender":$H,"candidate":{"sdpMid":"0","sdpMLineIndex":0,"candidate":"~candidate:"}}`)
	p.Run(`a< {"janus":"trickle","session_id":$S,"sender":$H,"candidate":{"completed":true}}`)
	p.Run(`a< {"janus":"event","session_id":$S,"transaction":"1","sender":$H,"plugindata":"$any","jsep":{"type":"answer","sdp":"!candidate"}}`)
	p.Fence()
}

// TestNewerVersion knows the settings that 1.1.2 does not.
func TestNewerVersion(t *testing.T) {
	gw := janustest.New(t, &janustest.Options{Version: 1402})
	echo := func(body, data string) string {
		return `a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":` + body + `}
			a< {"janus":"ack","session_id":$S,"transaction":"1","hint":"$any"}
			a< {"janus":"event","session_id":$S,"transaction":"1","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event",` + data + `}}}
			`
	}
	play(t, gw, withHandle+echo(`{"svc":true}`, `"result":"ok"`)+
		echo(`{"spatial_layer":2,"temporal_layer":0}`, `"result":"ok"`)+
		echo(`{"spatial_layer":3}`, `"error_code":413,"error":"$any"`)+
		`a> {"janus":"ping","transaction":"2"} `+"\n"+
		`a< {"janus":"pong","transaction":"2"}`).Fence()
}
