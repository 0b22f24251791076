package conform

import (
	"crypto/hmac"
	"crypto/sha1" // what Janus signs with
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bifrons-rtc/bifrons/client/janustest"
)

// Setups returns the configurations of a gateway that cases name. Each needs the
// secret of the admin API as well.
func Setups() map[string]*janustest.Options {
	return map[string]*janustest.Options{
		"": {},
		"auth": {APISecret: "sek", Tokens: map[string][]string{
			"tall": nil, "techo": {"janus.plugin.echotest"}}},
		"signed":      {TokenSecret: "signkey"},
		"timeout":     {SessionTimeout: time.Second},
		"reclaim":     {SessionTimeout: 20 * time.Second, ReclaimTimeout: time.Second},
		"fulltrickle": {FullTrickle: true},
		"opaque":      {OpaqueIDInAPI: true},
		"drained":     {}, // of its own: what it does is felt by all
	}
}

// Vars returns the values that cases name, as JSON.
func Vars() map[string]string {
	vars := map[string]string{}
	set := func(name, v string) { vars[name] = text(v) }
	offer := OfferSDP("EsAw")
	set("OFFER", offer)
	set("AUDIO", offerOf("EsAw", "opus"))
	set("DATA", offerOf("EsAw", "application"))
	set("BOTH", offerOf("EsAw", "opus", "video"))
	set("RESTART", OfferSDP("XyZw"))
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

// OfferSDP is what a browser would offer: audio, video and a data channel.
func OfferSDP(ufrag string) string { return offerOf(ufrag, "audio", "video", "application") }

// offers are the lines of the kinds of m-lines.
var offers = map[string][]string{
	"audio": {"m=audio 9 UDP/TLS/RTP/SAVPF 111 0", "a=sendrecv", "a=msid:mine sound",
		"a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1", "a=rtpmap:0 PCMU/8000",
		"a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid"},
	"opus": {"m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=sendrecv", "a=msid:mine sound",
		"a=rtpmap:111 opus/48000/2", "a=fmtp:111 minptime=10;useinbandfec=1"},
	"video": {"m=video 9 UDP/TLS/RTP/SAVPF 96", "a=sendrecv", "a=msid:mine picture", "a=rtpmap:96 VP8/90000", "a=rtcp-fb:96 nack",
		"a=rtcp-fb:96 nack pli", "a=rtcp-fb:96 goog-remb"},
	"application": {"m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=sctp-port:5000"},
}

// offerOf is an offer of these m-lines.
func offerOf(ufrag string, kinds ...string) string {
	out := sdpHead(len(kinds), []string{"a=msid-semantic: WMS *"})
	for i, kind := range kinds {
		lines := offers[kind]
		out = append(out, lines[0], "c=IN IP4 0.0.0.0", "a=mid:"+strconv.Itoa(i), "a=rtcp-mux")
		out = append(out, lines[1:]...)
		out = append(out, "a=setup:actpass", "a=ice-ufrag:"+ufrag, "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1")
	}
	return strings.Join(out, "\r\n") + "\r\n"
}

// sdpHead begins a description of n m-lines.
func sdpHead(n int, more []string) []string {
	group := "a=group:BUNDLE"
	for i := range n {
		group += " " + strconv.Itoa(i)
	}
	return slices.Concat([]string{"v=0", "o=- 4611731400430051336 2 IN IP4 127.0.0.1", "s=-", "t=0 0", group}, more, []string{
		"a=fingerprint:sha-256 0F:74:31:25:CB:A2:13:EC:28:6F:6D:2C:61:FF:5D:C2:" +
			"BC:B9:DB:3D:98:14:8D:1A:BB:EA:33:0C:A4:60:A8:8E"})
}

// Seeds returns raw messages of the cases, for fuzzing. What only an answer can
// name is 5 in them.
func Seeds() [][]byte {
	var list [][]byte
	for _, c := range Cases() {
		for _, l := range c.lines {
			if name, rest := cutName(l.text); len(name) == 1 && strings.HasPrefix(rest, "> ") {
				list = append(list, []byte(known(rest[2:])))
			}
		}
	}
	return list
}

// Exchanges returns what the cases ask of the REST API, for fuzzing.
func Exchanges() []string {
	var list []string
	for _, c := range Cases() {
		for _, l := range c.lines {
			if request, _, ok := strings.Cut(l.text, " -> "); ok {
				list = append(list, known(request))
			}
		}
	}
	return list
}

// known replaces names in capitals.
func known(s string) string {
	vars := Vars()
	return variable.ReplaceAllStringFunc(s, func(m string) string {
		name := variable.FindStringSubmatch(m)[1]
		v, ok := vars[name]
		if !ok {
			v = "5"
		}
		return v + m[1+len(name):]
	})
}
