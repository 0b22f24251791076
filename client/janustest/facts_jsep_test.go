package janustest_test

// The descriptions and candidates of clients.

var jsepFacts = []fact{
	{name: "descriptions that are none", script: attach + `
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":null}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":455}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":"x"}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":455}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":[]}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":455}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":456}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer"}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":456}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"bad"}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":456}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":5}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":467}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":5}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":467}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":"x","trickle":5}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":467}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":$OFFER,"e2ee":1}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":467}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":$OFFER,"rid_order":5}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":467}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":$OFFER,"force_relay":5}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":467}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"pranswer","sdp":"v=0"}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":464}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":"x"}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":465}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":""}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":465}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":"v=0"}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":465}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":$NOMLINE}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":465}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":$BADMLINE}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":465}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"answer","sdp":$NOMLINE}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":465}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"answer","sdp":$OFFER}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":469}`},
	{name: "renegotiation and ICE restart", script: offer + `
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"OFFER","sdp":$OFFER,"trickle":false,"rid_order":"xx","unknown":1}}
		a< {"janus":"ack","session_id":$S,"transaction":"1","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"1","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}},"jsep":{"type":"answer","sdp":"~v=0\r\n"}}
		a> {"janus":"message","transaction":"2","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":$RESTART,"e2ee":true}}
		a< {"janus":"ack","session_id":$S,"transaction":"2","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"2","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}},"jsep":{"type":"answer","sdp":"~v=0\r\n","e2ee":true}}`},
	{name: "a codec is forced for one answer only", script: offer + `
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audiocodec":"pcmu"},"jsep":{"type":"offer","sdp":$OFFER}}
		a< {"janus":"ack","session_id":$S,"transaction":"1","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"1","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}},"jsep":{"type":"answer","sdp":"*m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n"}}
		a> {"janus":"message","transaction":"2","session_id":$S,"handle_id":$H,"body":{},"jsep":{"type":"offer","sdp":$OFFER}}
		a< {"janus":"ack","session_id":$S,"transaction":"2","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"2","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}},"jsep":{"type":"answer","sdp":"*m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"}}`},
	{name: "an offer that failed blocks the handle until a hangup", script: attach + `
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":$NOFINGERPRINT}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":465}
		a> {"janus":"message","transaction":"2","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":$OFFER}}
		a< {"janus":"error","session_id":$S,"transaction":"2","error":490}
		a> {"janus":"hangup","transaction":"3","session_id":$S,"handle_id":$H}
		a< {"janus":"success","session_id":$S,"transaction":"3"}
		a< {"janus":"event","session_id":$S,"sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"done"}}}
		a< {"janus":"hangup","session_id":$S,"sender":$H,"reason":"Janus API"}
		a> {"janus":"message","transaction":"4","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":$OFFER}}
		a< {"janus":"ack","session_id":$S,"transaction":"4","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"4","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}},"jsep":{"type":"answer","sdp":"~v=0\r\n"}}`},
	{name: "so does one the plugin refused", script: attach + `
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":5},"jsep":{"type":"offer","sdp":$OFFER}}
		a< {"janus":"ack","session_id":$S,"transaction":"1","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"1","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"2","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":$OFFER}}
		a< {"janus":"error","session_id":$S,"transaction":"2","error":490}`},
	{name: "but not where a peer connection was already", script: offer + `
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":5},"jsep":{"type":"offer","sdp":$OFFER}}
		a< {"janus":"ack","session_id":$S,"transaction":"1","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"1","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"2","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":$OFFER}}
		a< {"janus":"ack","session_id":$S,"transaction":"2","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"2","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}},"jsep":{"type":"answer","sdp":"~v=0\r\n"}}`},
	{name: "full trickle sends candidates on their own", setup: "fulltrickle", script: attach + `
		a? {"janus":"trickle","session_id":$S,"sender":$H,"candidate":{"sdpMid":"0","sdpMLineIndex":0,"candidate":"~candidate:"}}
		a? {"janus":"trickle","session_id":$S,"sender":$H,"candidate":{"sdpMLineIndex":0,"candidate":"~candidate:"}}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true},"jsep":{"type":"offer","sdp":$OFFER}}
		a< {"janus":"trickle","session_id":$S,"sender":$H,"candidate":{"completed":true}}
		a< {"janus":"ack","session_id":$S,"transaction":"1","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"1","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}},"jsep":{"type":"answer","sdp":"!a=candidate:"}}`},
}

var trickleFacts = []fact{
	{name: "exactly one of two keys", script: attach + `
		a> {"janus":"trickle","transaction":"1","session_id":$S,"handle_id":$H}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":456}
		a> {"janus":"trickle","transaction":"2","session_id":$S,"handle_id":$H,"candidate":null,"candidates":[]}
		a< {"janus":"error","session_id":$S,"transaction":"2","error":454}`},
	{name: "candidates", script: offer + `
		a> {"janus":"trickle","transaction":"0","session_id":$S,"handle_id":$H,"candidate":null}
		a< {"janus":"ack","session_id":$S,"transaction":"0"}
		a> {"janus":"trickle","transaction":"1","session_id":$S,"handle_id":$H,"candidate":{"completed":true}}
		a< {"janus":"ack","session_id":$S,"transaction":"1"}
		a> {"janus":"trickle","transaction":"2","session_id":$S,"handle_id":$H,"candidate":{"completed":false}}
		a< {"janus":"ack","session_id":$S,"transaction":"2"}
		a> {"janus":"trickle","transaction":"3","session_id":$S,"handle_id":$H,"candidate":{"candidate":"candidate:1 1 udp 2113937151 192.0.2.9 51000 typ host","sdpMid":"0","sdpMLineIndex":0}}
		a< {"janus":"ack","session_id":$S,"transaction":"3"}
		a> {"janus":"trickle","transaction":"4","session_id":$S,"handle_id":$H,"candidate":{"candidate":"x","sdpMLineIndex":0}}
		a< {"janus":"ack","session_id":$S,"transaction":"4"}
		a> {"janus":"trickle","transaction":"5","session_id":$S,"handle_id":$H,"candidate":{"candidate":"","sdpMid":"0"}}
		a< {"janus":"ack","session_id":$S,"transaction":"5"}
		a> {"janus":"trickle","transaction":"6","session_id":$S,"handle_id":$H,"candidate":{"candidate":"x","sdpMid":"nosuch"}}
		a< {"janus":"ack","session_id":$S,"transaction":"6"}
		a> {"janus":"trickle","transaction":"8","session_id":$S,"handle_id":$H,"candidate":"x"}
		a< {"janus":"ack","session_id":$S,"transaction":"8"}
		a> {"janus":"trickle","transaction":"9","session_id":$S,"handle_id":$H,"candidate":5}
		a< {"janus":"ack","session_id":$S,"transaction":"9"}
		a> {"janus":"trickle","transaction":"10","session_id":$S,"handle_id":$H,"candidate":[]}
		a< {"janus":"ack","session_id":$S,"transaction":"10"}
		a> {"janus":"trickle","transaction":"11","session_id":$S,"handle_id":$H,"candidates":[]}
		a< {"janus":"ack","session_id":$S,"transaction":"11"}
		a> {"janus":"trickle","transaction":"12","session_id":$S,"handle_id":$H,"candidates":[{"bad":1},5,{"candidate":"x","sdpMLineIndex":0}]}
		a< {"janus":"ack","session_id":$S,"transaction":"12"}`},
	{name: "candidates that are none", script: offer + `
		a> {"janus":"trickle","transaction":"1","session_id":$S,"handle_id":$H,"candidate":{}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":456}
		a> {"janus":"trickle","transaction":"1","session_id":$S,"handle_id":$H,"candidate":{"candidate":"x"}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":456}
		a> {"janus":"trickle","transaction":"1","session_id":$S,"handle_id":$H,"candidate":{"sdpMid":"0"}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":456}
		a> {"janus":"trickle","transaction":"1","session_id":$S,"handle_id":$H,"candidate":{"candidate":"x","sdpMid":5}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":467}
		a> {"janus":"trickle","transaction":"1","session_id":$S,"handle_id":$H,"candidate":{"candidate":"x","sdpMid":null,"sdpMLineIndex":0}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":467}
		a> {"janus":"trickle","transaction":"1","session_id":$S,"handle_id":$H,"candidate":{"candidate":"x","sdpMLineIndex":-1}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":467}
		a> {"janus":"trickle","transaction":"1","session_id":$S,"handle_id":$H,"candidate":{"candidate":"x","sdpMLineIndex":"0"}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":467}
		a> {"janus":"trickle","transaction":"1","session_id":$S,"handle_id":$H,"candidate":{"candidate":5,"sdpMLineIndex":0}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":467}
		a> {"janus":"trickle","transaction":"1","session_id":$S,"handle_id":$H,"candidates":{}}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":467}
		a> {"janus":"trickle","transaction":"1","session_id":$S,"handle_id":$H,"candidates":null}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":467}`},
	{name: "ahead of the description anything goes", script: attach + `
		a> {"janus":"trickle","transaction":"0","session_id":$S,"handle_id":$H,"candidate":{}}
		a< {"janus":"ack","session_id":$S,"transaction":"0"}
		a> {"janus":"trickle","transaction":"1","session_id":$S,"handle_id":$H,"candidate":{"candidate":"x"}}
		a< {"janus":"ack","session_id":$S,"transaction":"1"}
		a> {"janus":"trickle","transaction":"2","session_id":$S,"handle_id":$H,"candidate":{"sdpMid":"0"}}
		a< {"janus":"ack","session_id":$S,"transaction":"2"}
		a> {"janus":"trickle","transaction":"3","session_id":$S,"handle_id":$H,"candidate":{"candidate":"x","sdpMid":5}}
		a< {"janus":"ack","session_id":$S,"transaction":"3"}
		a> {"janus":"trickle","transaction":"4","session_id":$S,"handle_id":$H,"candidate":{"candidate":"x","sdpMLineIndex":-1}}
		a< {"janus":"ack","session_id":$S,"transaction":"4"}
		a> {"janus":"trickle","transaction":"5","session_id":$S,"handle_id":$H,"candidate":{"candidate":"x","sdpMLineIndex":"0"}}
		a< {"janus":"ack","session_id":$S,"transaction":"5"}
		a> {"janus":"trickle","transaction":"6","session_id":$S,"handle_id":$H,"candidate":{"candidate":5,"sdpMLineIndex":0}}
		a< {"janus":"ack","session_id":$S,"transaction":"6"}
		a> {"janus":"trickle","transaction":"7","session_id":$S,"handle_id":$H,"candidates":{}}
		a< {"janus":"ack","session_id":$S,"transaction":"7"}
		a> {"janus":"trickle","transaction":"8","session_id":$S,"handle_id":$H,"candidates":null}
		a< {"janus":"ack","session_id":$S,"transaction":"8"}`},
}
