package janustest_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// facts returns what is known of the protocol. What core.md of the project's
// protocol notes says is here as far as a script can show it, as are the
// answers of Janus 1.1.2 to what core.md leaves open.
func facts() []fact {
	return slices.Concat(gatewayFacts, sessionFacts, handleFacts, jsepFacts, trickleFacts, ownerFacts,
		lifeFacts, authFacts, signedFacts, echoFacts)
}

// constants returns the values that scripts name.
func constants(t *testing.T) map[string]string {
	t.Helper()
	vars := map[string]string{}
	set := func(name string, v string) {
		b, err := json.Marshal(v)
		require.NoError(t, err)
		vars[name] = string(b)
	}
	offer := offerSDP("EsAw")
	set("OFFER", offer)
	set("RESTART", offerSDP("XyZw"))
	set("NOFINGERPRINT", strings.Replace(offer, "a=fingerprint", "a=x-nothing", 1))
	set("BADMLINE", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio x\r\n")
	set("NOMLINE", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n")

	const echo = "janus.plugin.echotest"
	now := time.Now().Unix()
	future, past := strconv.FormatInt(now+600, 10), strconv.FormatInt(now-5, 10)
	good := signed("signkey", future+",janus,"+echo)
	set("GOOD", good)
	set("NOITEMS", signed("signkey", future+",janus"))
	set("VIDEOROOM", signed("signkey", future+",janus,janus.plugin.videoroom"))
	set("EXPIRED", signed("signkey", past+",janus,"+echo))
	set("REALM", signed("signkey", future+","+echo+","+echo))
	set("CASE", signed("signkey", future+",Janus,"+echo))
	set("FORGED", signed("otherkey", future+",janus,"+echo))
	set("UNSIGNED", future+",janus,"+echo)
	set("UNPADDED", strings.TrimRight(good, "="))
	set("TWO", signed("signkey", future+",janus,"+echo+":x"))
	set("ONLYEXPIRY", signed("signkey", future))
	set("NOEXPIRY", signed("signkey", "abc,janus,"+echo))
	set("TRAILING", signed("signkey", future+"abc,janus,"+echo))
	set("HUGE", signed("signkey", "99999999999999999999,janus,"+echo))
	set("NEGATIVE", signed("signkey", "-1,janus,"+echo))
	set("SPACE", signed("signkey", future+",janus, "+echo))
	return vars
}

func signed(secret, data string) string {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write([]byte(data))
	return data + ":" + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// offerSDP is what a browser would offer: audio, video and a data channel.
func offerSDP(ufrag string) string {
	ice := []string{"a=setup:actpass", "a=ice-ufrag:" + ufrag, "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1"}
	return strings.Join(slices.Concat([]string{
		"v=0", "o=- 4611731400430051336 2 IN IP4 127.0.0.1", "s=-", "t=0 0",
		"a=group:BUNDLE 0 1 2", "a=msid-semantic: WMS *",
		"a=fingerprint:sha-256 0F:74:31:25:CB:A2:13:EC:28:6F:6D:2C:61:FF:5D:C2:" +
			"BC:B9:DB:3D:98:14:8D:1A:BB:EA:33:0C:A4:60:A8:8E",
		"m=audio 9 UDP/TLS/RTP/SAVPF 111 0", "c=IN IP4 0.0.0.0", "a=mid:0", "a=rtcp-mux", "a=sendrecv",
		"a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1", "a=rtpmap:0 PCMU/8000",
		"a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid"}, ice, []string{
		"m=video 9 UDP/TLS/RTP/SAVPF 96", "c=IN IP4 0.0.0.0", "a=mid:1", "a=rtcp-mux", "a=sendrecv",
		"a=rtpmap:96 VP8/90000", "a=rtcp-fb:96 nack", "a=rtcp-fb:96 nack pli", "a=rtcp-fb:96 goog-remb"}, ice, []string{
		"m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", "a=mid:2", "a=sctp-port:5000"}, ice),
		"\r\n") + "\r\n"
}

// begin makes a session $S, and attach a handle $H of the echo test on it.
const (
	begin = `
	a> {"janus":"create","transaction":"create"}
	a< {"janus":"success","transaction":"create","data":{"id":"$S="}}
`
	attach = begin + `
	a> {"janus":"attach","transaction":"attach","session_id":$S,"plugin":"janus.plugin.echotest"}
	a< {"janus":"success","session_id":$S,"transaction":"attach","data":{"id":"$H="}}
`
	offer = attach + `
	a> {"janus":"message","transaction":"offer","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":$OFFER}}
	a< {"janus":"ack","session_id":$S,"transaction":"offer","hint":"$any"}
	a< {"janus":"event","session_id":$S,"transaction":"offer","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}},"jsep":{"type":"answer","sdp":"~v=0\r\n"}}
`
	// done is what the echo test says when something ended, if it does.
	done = `a? {"janus":"event","session_id":$S,"sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"done"}}}`
)

var gatewayFacts = []fact{
	{name: "ping", script: `
		a> {"janus":"ping","transaction":"1"}
		a< {"janus":"pong","transaction":"1"}`},
	{name: "verbs match in any case and transactions are echoed as they are", script: `
		a> {"janus":"PiNG","transaction":""}
		a< {"janus":"pong","transaction":""}
		a> {"janus":"ping","transaction":"<&> \"ä\""}
		a< {"janus":"pong","transaction":"<&> \"ä\""}`},
	{name: "unknown fields are ignored", script: `
		a> {"janus":"ping","transaction":"1","nonsense":[{"a":null}]}
		a< {"janus":"pong","transaction":"1"}`},
	{name: "of equal fields the last counts", script: `
		a> {"janus":"ping","transaction":"1","transaction":"2"}
		a< {"janus":"pong","transaction":"2"}`},
	{name: "field names have their case", script: `
		a> {"JANUS":"ping","transaction":"1"}
		a< {"janus":"error","error":456}`},
	{name: "several objects in one message", script: `
		a> {"janus":"ping","transaction":"1"}{"janus":"ping","transaction":"2"}
		a< {"janus":"pong","transaction":"1"}
		a< {"janus":"pong","transaction":"2"}`},
	{name: "what is no JSON object has no transaction to answer to", script: `
		a> {"janus":"ping"
		a< {"janus":"error","error":454}
		a> 5
		a< {"janus":"error","error":454}
		a> "x"
		a< {"janus":"error","error":454}
		a> null
		a< {"janus":"error","error":454}
		a> {"janus":"ping","transaction":"1"}x
		a< {"janus":"error","error":454}`},
	{name: "an array lacks everything", script: `
		a> [{"janus":"ping","transaction":"1"}]
		a< {"janus":"error","error":456}`},
	{name: "JSON that only others read", script: `
		a> {"janus":"ping","transaction":"a\u0000b"}
		a< {"janus":"error","error":454}
		a> {"janus":"ping","transaction":"\ud800"}
		a< {"janus":"error","error":454}
		a> {"janus":"ping","transaction":"\ud83d\ude00"}
		a< {"janus":"pong","transaction":"😀"}
		a> {"janus":"ping","transaction":"1","x":1e400}
		a< {"janus":"error","error":454}
		a> {"janus":"create","transaction":"1","id":9223372036854775808}
		a< {"janus":"error","error":454}`},
	{name: "without a good transaction there is none in the error", script: `
		a> {"janus":"ping"}
		a< {"janus":"error","error":456}
		a> {"transaction":"1"}
		a< {"janus":"error","error":456}
		a> {"janus":5,"transaction":"1"}
		a< {"janus":"error","error":467}
		a> {"janus":"ping","transaction":5}
		a< {"janus":"error","error":467}
		a> {"janus":"ping","transaction":null}
		a< {"janus":"error","error":467}`},
	{name: "a bad id is found as early, whatever the request", script: begin + `
		a> {"janus":"create","transaction":"1","id":"a"}
		a< {"janus":"error","error":467}
		a> {"janus":"create","transaction":"1","id":-1}
		a< {"janus":"error","error":467}
		a> {"janus":"create","transaction":"1","id":null}
		a< {"janus":"error","error":467}
		a> {"janus":"create","transaction":"1","id":1.0}
		a< {"janus":"error","error":467}
		a> {"janus":"ping","transaction":"1","id":"a"}
		a< {"janus":"error","error":467}
		a> {"janus":"keepalive","transaction":"1","session_id":$S,"id":"a"}
		a< {"janus":"error","session_id":$S,"error":467}`},
	{name: "only three verbs need no session", script: `
		a> {"janus":"keepalive","transaction":"1"}
		a< {"janus":"error","transaction":"1","error":457}
		a> {"janus":"nosuch","transaction":"1"}
		a< {"janus":"error","transaction":"1","error":457}
		a> {"janus":"","transaction":"1"}
		a< {"janus":"error","transaction":"1","error":457}
		a> {"janus":"message","transaction":"1"}
		a< {"janus":"error","transaction":"1","error":457}
		a> {"janus":"claim","transaction":"1"}
		a< {"janus":"error","transaction":"1","error":457}`},
	{name: "and they go nowhere else", script: attach + `
		a> {"janus":"ping","transaction":"1","session_id":$S}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":453}
		a> {"janus":"info","transaction":"1","session_id":$S}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":453}
		a> {"janus":"create","transaction":"1","session_id":$S}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":453}
		a> {"janus":"ping","transaction":"1","session_id":$S,"handle_id":$H}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":453}
		a> {"janus":"ping","transaction":"1","handle_id":$H}
		a< {"janus":"error","transaction":"1","error":458}`},
	{name: "info", script: `
		a> {"janus":"info","transaction":"1"}
		a< {"janus":"server_info","transaction":"1","name":"Janus WebRTC Server","version":1102,"version_string":"1.1.2","author":"$any","commit-hash":"$any","compile-time":"$any","log-to-stdout":"$any","log-to-file":"$any","data_channels":true,"accepting-new-sessions":true,"session-timeout":60,"reclaim-session-timeout":0,"candidates-timeout":45,"server-name":"$any","local-ip":"$any","ipv6":false,"ice-lite":false,"ice-tcp":false,"ice-nomination":"aggressive","ice-keepalive-conncheck":false,"full-trickle":false,"mdns-enabled":true,"min-nack-queue":200,"nack-optimizations":false,"twcc-period":200,"dtls-mtu":1200,"static-event-loops":0,"api_secret":false,"auth_token":false,"event_handlers":false,"opaqueid_in_api":false,"dependencies":"$any","transports":"$any","events":"$any","loggers":"$any","plugins":"$any"}`},
	{name: "info speaks of secrets and timeouts", setup: "auth", script: `
		a> {"janus":"info","transaction":"1"}
		a< {"janus":"server_info","transaction":"1","name":"Janus WebRTC Server","version":1102,"version_string":"1.1.2","author":"$any","commit-hash":"$any","compile-time":"$any","log-to-stdout":"$any","log-to-file":"$any","data_channels":true,"accepting-new-sessions":true,"session-timeout":60,"reclaim-session-timeout":0,"candidates-timeout":45,"server-name":"$any","local-ip":"$any","ipv6":false,"ice-lite":false,"ice-tcp":false,"ice-nomination":"aggressive","ice-keepalive-conncheck":false,"full-trickle":false,"mdns-enabled":true,"min-nack-queue":200,"nack-optimizations":false,"twcc-period":200,"dtls-mtu":1200,"static-event-loops":0,"api_secret":true,"auth_token":true,"event_handlers":false,"opaqueid_in_api":false,"dependencies":"$any","transports":"$any","events":"$any","loggers":"$any","plugins":"$any"}`},
}

var sessionFacts = []fact{
	{name: "create and destroy", script: begin + `
		a> {"janus":"destroy","transaction":"1","session_id":$S}
		a< {"janus":"success","session_id":$S,"transaction":"1"}
		a> {"janus":"destroy","transaction":"2","session_id":$S}
		a< {"janus":"error","session_id":$S,"transaction":"2","error":458}`},
	{name: "a wanted id of any size", script: `
		a> {"janus":"create","transaction":"1","id":1152921504606846976}
		a< {"janus":"success","transaction":"1","data":{"id":1152921504606846976}}
		a> {"janus":"create","transaction":"2","id":1152921504606846976}
		a< {"janus":"error","session_id":1152921504606846976,"transaction":"2","error":468}
		a> {"janus":"create","transaction":"3","id":0}
		a< {"janus":"success","transaction":"3","data":{"id":"$id"}}
		a> {"janus":"destroy","transaction":"4","session_id":1152921504606846976}
		a< {"janus":"success","session_id":1152921504606846976,"transaction":"4"}`},
	{name: "keepalive", script: attach + `
		a> {"janus":"keepalive","transaction":"1","session_id":$S}
		a< {"janus":"ack","session_id":$S,"transaction":"1"}
		a> {"janus":"keepalive","transaction":"2","session_id":$S,"handle_id":$H}
		a< {"janus":"ack","session_id":$S,"transaction":"2"}
		a> {"janus":"keepalive","transaction":"3","session_id":$S,"handle_id":null}
		a< {"janus":"ack","session_id":$S,"transaction":"3"}`},
	{name: "ids that are none", script: begin + `
		a> {"janus":"keepalive","transaction":"1","session_id":5}
		a< {"janus":"error","session_id":5,"transaction":"1","error":458}
		a> {"janus":"keepalive","transaction":"1","session_id":"5"}
		a< {"janus":"error","transaction":"1","error":457}
		a> {"janus":"keepalive","transaction":"1","session_id":null}
		a< {"janus":"error","transaction":"1","error":457}
		a> {"janus":"keepalive","transaction":"1","session_id":1.5}
		a< {"janus":"error","transaction":"1","error":457}
		a> {"janus":"keepalive","transaction":"1","session_id":0}
		a< {"janus":"error","transaction":"1","error":457}
		a> {"janus":"keepalive","transaction":"1","session_id":-3}
		a< {"janus":"error","session_id":-3,"transaction":"1","error":458}
		a> {"janus":"keepalive","transaction":"1","handle_id":7}
		a< {"janus":"error","transaction":"1","error":458}
		a> {"janus":"keepalive","transaction":"1","session_id":$S,"handle_id":7}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":459}
		a> {"janus":"keepalive","transaction":"1","session_id":$S,"handle_id":0}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":459}
		a> {"janus":"keepalive","transaction":"1","session_id":$S,"handle_id":"7"}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":459}
		a> {"janus":"ping","transaction":"1","session_id":"x","handle_id":"y"}
		a< {"janus":"pong","transaction":"1"}`},
	{name: "attach", script: begin + `
		a> {"janus":"Attach","transaction":"1","session_id":$S,"plugin":"janus.plugin.echotest","opaque_id":"mine","loop_index":99}
		a< {"janus":"success","session_id":$S,"transaction":"1","data":{"id":"$id"}}
		a> {"janus":"attach","transaction":"2","session_id":$S}
		a< {"janus":"error","session_id":$S,"transaction":"2","error":456}
		a> {"janus":"attach","transaction":"2","session_id":$S,"plugin":5}
		a< {"janus":"error","session_id":$S,"transaction":"2","error":467}
		a> {"janus":"attach","transaction":"2","session_id":$S,"plugin":null}
		a< {"janus":"error","session_id":$S,"transaction":"2","error":467}
		a> {"janus":"attach","transaction":"2","session_id":$S,"plugin":"janus.plugin.nosuch"}
		a< {"janus":"error","session_id":$S,"transaction":"2","error":460}
		a> {"janus":"attach","transaction":"2","session_id":$S,"plugin":"janus.plugin.echotest","opaque_id":5}
		a< {"janus":"error","session_id":$S,"transaction":"2","error":467}
		a> {"janus":"attach","transaction":"2","session_id":$S,"plugin":"janus.plugin.echotest","opaque_id":null}
		a< {"janus":"error","session_id":$S,"transaction":"2","error":467}
		a> {"janus":"attach","transaction":"2","session_id":$S,"plugin":"janus.plugin.echotest","loop_index":-1}
		a< {"janus":"error","session_id":$S,"transaction":"2","error":467}
		a> {"janus":"attach","transaction":"2","session_id":99,"plugin":"janus.plugin.nosuch"}
		a< {"janus":"error","session_id":99,"transaction":"2","error":458}`},
	{name: "requests at the wrong level", script: attach + `
		a> {"janus":"attach","transaction":"1","session_id":$S,"handle_id":$H,"plugin":"janus.plugin.echotest"}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":457}
		a> {"janus":"destroy","transaction":"1","session_id":$S,"handle_id":$H}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":457}
		a> {"janus":"message","transaction":"1","session_id":$S}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":457}
		a> {"janus":"trickle","transaction":"1","session_id":$S}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":457}
		a> {"janus":"hangup","transaction":"1","session_id":$S}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":457}
		a> {"janus":"detach","transaction":"1","session_id":$S}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":457}
		a> {"janus":"nosuch","transaction":"1","session_id":$S}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":453}
		a> {"janus":"nosuch","transaction":"1","session_id":$S,"handle_id":$H}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":453}
		a> {"janus":"nosuch","transaction":"1","session_id":$S,"handle_id":77}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":459}
		a> {"janus":"claim","transaction":"1","session_id":$S,"handle_id":$H}
		a< {"janus":"success","session_id":$S,"transaction":"1"}`},
}

var handleFacts = []fact{
	{name: "detach", script: attach + done + `
		a> {"janus":"detach","transaction":"1","session_id":$S,"handle_id":$H}
		a< {"janus":"success","session_id":$S,"transaction":"1"}
		a< {"janus":"detached","session_id":$S,"sender":$H}
		a> {"janus":"detach","transaction":"2","session_id":$S,"handle_id":$H}
		a< {"janus":"error","session_id":$S,"transaction":"2","error":459}`},
	{name: "destroy takes the handles along in silence", script: offer + `
		a> {"janus":"destroy","transaction":"1","session_id":$S}
		a< {"janus":"success","session_id":$S,"transaction":"1"}
		a> {"janus":"detach","transaction":"2","session_id":$S,"handle_id":$H}
		a< {"janus":"error","session_id":$S,"transaction":"2","error":458}`},
	{name: "hangup without a peer connection", script: attach + `
		a> {"janus":"hangup","transaction":"1","session_id":$S,"handle_id":$H}
		a< {"janus":"success","session_id":$S,"transaction":"1"}
		a< {"janus":"event","session_id":$S,"sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"done"}}}
		a> {"janus":"hangup","transaction":"2","session_id":$S,"handle_id":$H}
		a< {"janus":"success","session_id":$S,"transaction":"2"}`},
	{name: "hangup with one, and another after it", script: offer + `
		a> {"janus":"hangup","transaction":"1","session_id":$S,"handle_id":$H}
		a< {"janus":"success","session_id":$S,"transaction":"1"}
		a< {"janus":"event","session_id":$S,"sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"done"}}}
		a< {"janus":"hangup","session_id":$S,"sender":$H,"reason":"Janus API"}
		a> {"janus":"message","transaction":"2","session_id":$S,"handle_id":$H,"body":{},"jsep":{"type":"offer","sdp":$OFFER}}
		a< {"janus":"ack","session_id":$S,"transaction":"2","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"2","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}},"jsep":{"type":"answer","sdp":"~v=0\r\n"}}
		a> {"janus":"hangup","transaction":"3","session_id":$S,"handle_id":$H}
		a< {"janus":"success","session_id":$S,"transaction":"3"}
		a< {"janus":"event","session_id":$S,"sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"done"}}}
		a< {"janus":"hangup","session_id":$S,"sender":$H,"reason":"Janus API"}`},
	{name: "a message needs a body", script: attach + `
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":456}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"jsep":{"type":"offer","sdp":$OFFER}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":456}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":null}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":467}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":[]}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":467}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":77,"body":{}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":459}`},
	{name: "a plugin answers at once, later, or not at all", script: begin + `
		a> {"janus":"attach","transaction":"1","session_id":$S,"plugin":"janus.plugin.lua"}
		a< {"janus":"success","session_id":$S,"transaction":"1","data":{"id":"$L="}}
		a> {"janus":"message","transaction":"2","session_id":$S,"handle_id":$L,"body":{"n":9007199254740993}}
		a< {"janus":"success","session_id":$S,"transaction":"2","sender":$L,"plugindata":{"plugin":"janus.plugin.lua","data":{"n":9007199254740993}}}
		a> {"janus":"message","transaction":"3","session_id":$S,"handle_id":$L,"body":{"reply":"event","text":"<&>"}}
		a< {"janus":"ack","session_id":$S,"transaction":"3"}
		a< {"janus":"event","session_id":$S,"transaction":"3","sender":$L,"plugindata":{"plugin":"janus.plugin.lua","data":{"reply":"event","text":"<&>"}}}
		a> {"janus":"message","transaction":"4","session_id":$S,"handle_id":$L,"body":{"reply":"error"}}
		a< {"janus":"error","session_id":$S,"transaction":"4","error":462}`},
	{name: "opaque ids in events and synchronous answers", setup: "opaque", memory: true, script: begin + `
		a> {"janus":"attach","transaction":"1","session_id":$S,"plugin":"janus.plugin.lua","opaque_id":"mine"}
		a< {"janus":"success","session_id":$S,"transaction":"1","data":{"id":"$L="}}
		a> {"janus":"message","transaction":"2","session_id":$S,"handle_id":$L,"body":{}}
		a< {"janus":"success","session_id":$S,"transaction":"2","sender":$L,"opaque_id":"mine","plugindata":{"plugin":"janus.plugin.lua","data":{}}}
		a> {"janus":"message","transaction":"3","session_id":$S,"handle_id":$L,"body":{"reply":"event"}}
		a< {"janus":"ack","session_id":$S,"transaction":"3"}
		a< {"janus":"event","session_id":$S,"transaction":"3","sender":$L,"opaque_id":"mine","plugindata":{"plugin":"janus.plugin.lua","data":{"reply":"event"}}}
		a> {"janus":"detach","transaction":"4","session_id":$S,"handle_id":$L}
		a< {"janus":"success","session_id":$S,"transaction":"4"}
		a< {"janus":"detached","session_id":$S,"sender":$L,"opaque_id":"mine"}`},
}
