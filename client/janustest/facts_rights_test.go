package janustest_test

// Who gets the events, how sessions end, and who may do what.

var ownerFacts = []fact{
	{name: "answers go to who asked and events to the owner", script: attach + `
		b> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true}}
		b< {"janus":"ack","session_id":$S,"transaction":"1","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"1","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}`},
	{name: "claim moves the events", script: attach + `
		b> {"janus":"claim","transaction":"1","session_id":$S}
		b< {"janus":"success","session_id":$S,"transaction":"1"}
		a> {"janus":"message","transaction":"2","session_id":$S,"handle_id":$H,"body":{"audio":true}}
		a< {"janus":"ack","session_id":$S,"transaction":"2","hint":"$any"}
		b< {"janus":"event","session_id":$S,"transaction":"2","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}
		b> {"janus":"claim","transaction":"3","session_id":$S}
		b< {"janus":"success","session_id":$S,"transaction":"3"}
		a> {"janus":"claim","transaction":"4","session_id":$S}
		a< {"janus":"success","session_id":$S,"transaction":"4"}
		b> {"janus":"message","transaction":"5","session_id":$S,"handle_id":$H,"body":{"audio":true}}
		b< {"janus":"ack","session_id":$S,"transaction":"5","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"5","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}`},
	{name: "claim of nothing", script: `
		a> {"janus":"claim","transaction":"1","session_id":99}
		a< {"janus":"error","session_id":99,"transaction":"1","error":458}`},
	{name: "a lost connection takes its sessions along", script: attach + `
		b> {"janus":"ping","transaction":"1"}
		b< {"janus":"pong","transaction":"1"}
		a!
		wait 300ms
		b> {"janus":"keepalive","transaction":"2","session_id":$S}
		b< {"janus":"error","session_id":$S,"transaction":"2","error":458}`},
	{name: "but not those that were claimed", script: attach + `
		b> {"janus":"claim","transaction":"1","session_id":$S}
		b< {"janus":"success","session_id":$S,"transaction":"1"}
		a!
		wait 300ms
		b> {"janus":"message","transaction":"2","session_id":$S,"handle_id":$H,"body":{"audio":true}}
		b< {"janus":"ack","session_id":$S,"transaction":"2","hint":"$any"}
		b< {"janus":"event","session_id":$S,"transaction":"2","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}`},
}

var lifeFacts = []fact{
	{name: "a session that says nothing times out", setup: "timeout", script: attach + `
		a? {"janus":"detached","session_id":$S,"sender":$H}
		a? {"janus":"event","session_id":$S,"sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"done"}}}
		a> {"janus":"ping","transaction":"0"}
		a< {"janus":"pong","transaction":"0"}
		a< {"janus":"timeout","session_id":$S}
		a> {"janus":"keepalive","transaction":"1","session_id":$S}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":458}
		wait 300ms`},
	{name: "a claim in time saves a session", setup: "reclaim", script: attach + `
		a!
		b> {"janus":"ping","transaction":"0"}
		b< {"janus":"pong","transaction":"0"}
		wait 300ms
		b? {"janus":"event","session_id":$S,"transaction":"1","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}
		b> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"audio":true}}
		b< {"janus":"ack","session_id":$S,"transaction":"1","hint":"$any"}
		b> {"janus":"claim","transaction":"2","session_id":$S}
		b< {"janus":"success","session_id":$S,"transaction":"2"}
		b> {"janus":"message","transaction":"3","session_id":$S,"handle_id":$H,"body":{"audio":true}}
		b< {"janus":"ack","session_id":$S,"transaction":"3","hint":"$any"}
		b< {"janus":"event","session_id":$S,"transaction":"3","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}`},
	{name: "a claim too late does not", setup: "reclaim", script: attach + `
		a!
		wait 5500ms
		b> {"janus":"claim","transaction":"1","session_id":$S}
		b< {"janus":"error","session_id":$S,"transaction":"1","error":458}`},
}

var authFacts = []fact{
	{name: "info and ping are free", setup: "auth", script: `
		a> {"janus":"ping","transaction":"1"}
		a< {"janus":"pong","transaction":"1"}`},
	{name: "no secret no session", setup: "auth", script: `
		a> {"janus":"create","transaction":"1"}
		a< {"janus":"error","transaction":"1","error":403}
		a> {"janus":"create","transaction":"1","apisecret":"bad"}
		a< {"janus":"error","transaction":"1","error":403}
		a> {"janus":"create","transaction":"1","apisecret":5}
		a< {"janus":"error","transaction":"1","error":403}
		a> {"janus":"create","transaction":"1","apisecret":null}
		a< {"janus":"error","transaction":"1","error":403}
		a> {"janus":"create","transaction":"1","token":"nosuch"}
		a< {"janus":"error","transaction":"1","error":403}
		a> {"janus":"create","transaction":"1","token":5}
		a< {"janus":"error","transaction":"1","error":403}
		a> {"janus":"create","transaction":"1","id":5}
		a< {"janus":"error","transaction":"1","error":403}`},
	{name: "either is enough", setup: "auth", script: `
		a> {"janus":"create","transaction":"0","apisecret":"sek"}
		a< {"janus":"success","transaction":"0","data":{"id":"$S="}}
		a> {"janus":"create","transaction":"1","token":"tall"}
		a< {"janus":"success","transaction":"1","data":{"id":"$S="}}
		a> {"janus":"create","transaction":"2","apisecret":"sek","token":"nosuch"}
		a< {"janus":"success","transaction":"2","data":{"id":"$S="}}
		a> {"janus":"create","transaction":"3","apisecret":"bad","token":"techo"}
		a< {"janus":"success","transaction":"3","data":{"id":"$S="}}`},
	{name: "the secret is looked at before the ids", setup: "auth", script: `
		a> {"janus":"create","transaction":"c","token":"tall"}
		a< {"janus":"success","transaction":"c","data":{"id":"$S="}}
		a> {"janus":"keepalive","transaction":"1","session_id":5}
		a< {"janus":"error","session_id":5,"transaction":"1","error":403}
		a> {"janus":"keepalive","transaction":"1","session_id":5,"apisecret":"sek"}
		a< {"janus":"error","session_id":5,"transaction":"1","error":458}
		a> {"janus":"keepalive","transaction":"1","session_id":$S}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":403}
		a> {"janus":"keepalive","transaction":"1","session_id":$S,"handle_id":7}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":403}
		a> {"janus":"ping","transaction":"1","session_id":$S}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":403}
		a> {"janus":"keepalive","transaction":"1","session_id":$S,"handle_id":0}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":459}
		a> {"janus":"keepalive","transaction":"1"}
		a< {"janus":"error","transaction":"1","error":457}
		a> {"janus":"keepalive","transaction":"1","session_id":$S,"token":"techo"}
		a< {"janus":"ack","session_id":$S,"transaction":"1"}
		a> {"janus":"claim","transaction":"1","session_id":$S}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":403}`},
	{name: "a token is for its plugins", setup: "auth", script: `
		a> {"janus":"create","transaction":"c","token":"tall"}
		a< {"janus":"success","transaction":"c","data":{"id":"$S="}}
		a> {"janus":"attach","transaction":"1","session_id":$S,"token":"techo","plugin":"janus.plugin.lua"}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":405}
		a> {"janus":"attach","transaction":"1","session_id":$S,"token":"techo","plugin":"janus.plugin.nosuch"}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":460}
		a> {"janus":"attach","transaction":"1","session_id":$S,"token":"techo","apisecret":"sek","plugin":"janus.plugin.lua"}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":405}
		a> {"janus":"attach","transaction":"1","session_id":$S,"token":"nosuch","apisecret":"sek","plugin":"janus.plugin.lua"}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":405}
		a> {"janus":"attach","transaction":"1","session_id":$S,"plugin":"janus.plugin.lua"}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":403}
		a> {"janus":"attach","transaction":"1","session_id":$S,"apisecret":"sek","plugin":"janus.plugin.lua"}
		a< {"janus":"success","session_id":$S,"transaction":"1","data":{"id":"$id"}}
		a> {"janus":"attach","transaction":"1","session_id":$S,"token":"tall","plugin":"janus.plugin.lua"}
		a< {"janus":"success","session_id":$S,"transaction":"1","data":{"id":"$id"}}
		a> {"janus":"attach","transaction":"1","session_id":$S,"token":5,"apisecret":"sek","plugin":"janus.plugin.lua"}
		a< {"janus":"success","session_id":$S,"transaction":"1","data":{"id":"$id"}}
		a> {"janus":"attach","transaction":"1","session_id":$S,"token":"techo","plugin":"janus.plugin.echotest"}
		a< {"janus":"success","session_id":$S,"transaction":"1","data":{"id":"$id"}}`},
}

var signedFacts = []fact{
	{name: "signed tokens", setup: "signed", script: `
		a> {"janus":"create","transaction":"1","token":$GOOD}
		a< {"janus":"success","transaction":"1","data":{"id":"$id"}}
		a> {"janus":"create","transaction":"1","token":$NOITEMS}
		a< {"janus":"success","transaction":"1","data":{"id":"$id"}}
		a> {"janus":"create","transaction":"1","token":$VIDEOROOM}
		a< {"janus":"success","transaction":"1","data":{"id":"$id"}}
		a> {"janus":"create","transaction":"1","token":$TRAILING}
		a< {"janus":"success","transaction":"1","data":{"id":"$id"}}
		a> {"janus":"create","transaction":"1","token":$HUGE}
		a< {"janus":"success","transaction":"1","data":{"id":"$id"}}
		a> {"janus":"create","transaction":"1","token":$SPACE}
		a< {"janus":"success","transaction":"1","data":{"id":"$id"}}`},
	{name: "signed tokens that are no good", setup: "signed", script: `
		a> {"janus":"create","transaction":"1","token":$EXPIRED}
		a< {"janus":"error","transaction":"1","error":403}
		a> {"janus":"create","transaction":"1","token":$REALM}
		a< {"janus":"error","transaction":"1","error":403}
		a> {"janus":"create","transaction":"1","token":$CASE}
		a< {"janus":"error","transaction":"1","error":403}
		a> {"janus":"create","transaction":"1","token":$FORGED}
		a< {"janus":"error","transaction":"1","error":403}
		a> {"janus":"create","transaction":"1","token":$UNSIGNED}
		a< {"janus":"error","transaction":"1","error":403}
		a> {"janus":"create","transaction":"1","token":$UNPADDED}
		a< {"janus":"error","transaction":"1","error":403}
		a> {"janus":"create","transaction":"1","token":$TWO}
		a< {"janus":"error","transaction":"1","error":403}
		a> {"janus":"create","transaction":"1","token":$ONLYEXPIRY}
		a< {"janus":"error","transaction":"1","error":403}
		a> {"janus":"create","transaction":"1","token":$NOEXPIRY}
		a< {"janus":"error","transaction":"1","error":403}
		a> {"janus":"create","transaction":"1","token":$NEGATIVE}
		a< {"janus":"error","transaction":"1","error":403}
		a> {"janus":"create","transaction":"1","token":""}
		a< {"janus":"error","transaction":"1","error":403}
		a> {"janus":"create","transaction":"1","token":":"}
		a< {"janus":"error","transaction":"1","error":403}`},
	{name: "signed tokens name their plugins", setup: "signed", script: `
		a> {"janus":"create","transaction":"c","token":$NOITEMS}
		a< {"janus":"success","transaction":"c","data":{"id":"$S="}}
		a> {"janus":"attach","transaction":"1","session_id":$S,"token":$GOOD,"plugin":"janus.plugin.echotest"}
		a< {"janus":"success","session_id":$S,"transaction":"1","data":{"id":"$id"}}
		a> {"janus":"attach","transaction":"1","session_id":$S,"token":$TRAILING,"plugin":"janus.plugin.echotest"}
		a< {"janus":"success","session_id":$S,"transaction":"1","data":{"id":"$id"}}
		a> {"janus":"attach","transaction":"1","session_id":$S,"token":$NOITEMS,"plugin":"janus.plugin.echotest"}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":405}
		a> {"janus":"attach","transaction":"1","session_id":$S,"token":$VIDEOROOM,"plugin":"janus.plugin.echotest"}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":405}
		a> {"janus":"attach","transaction":"1","session_id":$S,"token":$SPACE,"plugin":"janus.plugin.echotest"}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":405}
		a> {"janus":"attach","transaction":"1","session_id":$S,"token":$GOOD,"plugin":"janus.plugin.lua"}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":405}
		a> {"janus":"attach","transaction":"1","session_id":$S,"token":$GOOD,"plugin":"janus.plugin.nosuch"}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":460}
		a> {"janus":"attach","transaction":"1","session_id":$S,"token":$FORGED,"plugin":"janus.plugin.echotest"}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":403}`},
}

var echoFacts = []fact{
	{name: "echotest settings", script: attach + `
		a> {"janus":"message","transaction":"0","session_id":$S,"handle_id":$H,"body":{"audio":true}}
		a< {"janus":"ack","session_id":$S,"transaction":"0","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"0","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"video":false}}
		a< {"janus":"ack","session_id":$S,"transaction":"1","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"1","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}
		a> {"janus":"message","transaction":"2","session_id":$S,"handle_id":$H,"body":{"bitrate":0}}
		a< {"janus":"ack","session_id":$S,"transaction":"2","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"2","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}
		a> {"janus":"message","transaction":"3","session_id":$S,"handle_id":$H,"body":{"bitrate":4294967296}}
		a< {"janus":"ack","session_id":$S,"transaction":"3","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"3","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}
		a> {"janus":"message","transaction":"4","session_id":$S,"handle_id":$H,"body":{"record":false}}
		a< {"janus":"ack","session_id":$S,"transaction":"4","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"4","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}
		a> {"janus":"message","transaction":"5","session_id":$S,"handle_id":$H,"body":{"substream":2}}
		a< {"janus":"ack","session_id":$S,"transaction":"5","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"5","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}
		a> {"janus":"message","transaction":"6","session_id":$S,"handle_id":$H,"body":{"temporal":1}}
		a< {"janus":"ack","session_id":$S,"transaction":"6","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"6","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}
		a> {"janus":"message","transaction":"7","session_id":$S,"handle_id":$H,"body":{"fallback":5}}
		a< {"janus":"ack","session_id":$S,"transaction":"7","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"7","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}
		a> {"janus":"message","transaction":"8","session_id":$S,"handle_id":$H,"body":{"videocodec":"nosuch"}}
		a< {"janus":"ack","session_id":$S,"transaction":"8","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"8","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}
		a> {"janus":"message","transaction":"9","session_id":$S,"handle_id":$H,"body":{"videoprofile":"42e01f"}}
		a< {"janus":"ack","session_id":$S,"transaction":"9","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"9","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}
		a> {"janus":"message","transaction":"10","session_id":$S,"handle_id":$H,"body":{"opusred":true}}
		a< {"janus":"ack","session_id":$S,"transaction":"10","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"10","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}
		a> {"janus":"message","transaction":"11","session_id":$S,"handle_id":$H,"body":{"min_delay":-5,"max_delay":99999}}
		a< {"janus":"ack","session_id":$S,"transaction":"11","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"11","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}
		a> {"janus":"message","transaction":"12","session_id":$S,"handle_id":$H,"body":{"min_delay":40,"max_delay":20}}
		a< {"janus":"ack","session_id":$S,"transaction":"12","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"12","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}
		a> {"janus":"message","transaction":"13","session_id":$S,"handle_id":$H,"body":{"min_delay":20}}
		a< {"janus":"ack","session_id":$S,"transaction":"13","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"13","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}
		a> {"janus":"message","transaction":"14","session_id":$S,"handle_id":$H,"body":{"max_delay":20}}
		a< {"janus":"ack","session_id":$S,"transaction":"14","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"14","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}
		a> {"janus":"message","transaction":"15","session_id":$S,"handle_id":$H,"body":{"unknown":1,"audio":true}}
		a< {"janus":"ack","session_id":$S,"transaction":"15","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"15","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}
		a> {"janus":"message","transaction":"16","session_id":$S,"handle_id":$H,"body":{"svc":5,"audio":true}}
		a< {"janus":"ack","session_id":$S,"transaction":"16","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"16","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","result":"ok"}}}`},
	{name: "echotest settings that are none", script: attach + `
		a> {"janus":"message","transaction":"0","session_id":$S,"handle_id":$H,"body":{}}
		a< {"janus":"ack","session_id":$S,"transaction":"0","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"0","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"1","session_id":$S,"handle_id":$H,"body":{"unknown":1}}
		a< {"janus":"ack","session_id":$S,"transaction":"1","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"1","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"2","session_id":$S,"handle_id":$H,"body":{"audio":5}}
		a< {"janus":"ack","session_id":$S,"transaction":"2","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"2","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"3","session_id":$S,"handle_id":$H,"body":{"audio":null}}
		a< {"janus":"ack","session_id":$S,"transaction":"3","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"3","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"4","session_id":$S,"handle_id":$H,"body":{"video":5}}
		a< {"janus":"ack","session_id":$S,"transaction":"4","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"4","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"5","session_id":$S,"handle_id":$H,"body":{"bitrate":"x"}}
		a< {"janus":"ack","session_id":$S,"transaction":"5","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"5","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"6","session_id":$S,"handle_id":$H,"body":{"bitrate":-1}}
		a< {"janus":"ack","session_id":$S,"transaction":"6","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"6","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"7","session_id":$S,"handle_id":$H,"body":{"bitrate":1.5}}
		a< {"janus":"ack","session_id":$S,"transaction":"7","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"7","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"8","session_id":$S,"handle_id":$H,"body":{"record":1}}
		a< {"janus":"ack","session_id":$S,"transaction":"8","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"8","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"9","session_id":$S,"handle_id":$H,"body":{"record":true,"filename":5}}
		a< {"janus":"ack","session_id":$S,"transaction":"9","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"9","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"10","session_id":$S,"handle_id":$H,"body":{"filename":"x"}}
		a< {"janus":"ack","session_id":$S,"transaction":"10","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"10","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"11","session_id":$S,"handle_id":$H,"body":{"substream":3}}
		a< {"janus":"ack","session_id":$S,"transaction":"11","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"11","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"12","session_id":$S,"handle_id":$H,"body":{"substream":-1}}
		a< {"janus":"ack","session_id":$S,"transaction":"12","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"12","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"13","session_id":$S,"handle_id":$H,"body":{"temporal":3}}
		a< {"janus":"ack","session_id":$S,"transaction":"13","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"13","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"14","session_id":$S,"handle_id":$H,"body":{"fallback":-1}}
		a< {"janus":"ack","session_id":$S,"transaction":"14","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"14","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"15","session_id":$S,"handle_id":$H,"body":{"fallback":"x"}}
		a< {"janus":"ack","session_id":$S,"transaction":"15","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"15","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"16","session_id":$S,"handle_id":$H,"body":{"svc":true}}
		a< {"janus":"ack","session_id":$S,"transaction":"16","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"16","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"17","session_id":$S,"handle_id":$H,"body":{"spatial_layer":1}}
		a< {"janus":"ack","session_id":$S,"transaction":"17","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"17","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"18","session_id":$S,"handle_id":$H,"body":{"temporal_layer":1}}
		a< {"janus":"ack","session_id":$S,"transaction":"18","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"18","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"19","session_id":$S,"handle_id":$H,"body":{"audiocodec":5}}
		a< {"janus":"ack","session_id":$S,"transaction":"19","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"19","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"20","session_id":$S,"handle_id":$H,"body":{"audiocodec":"opus"}}
		a< {"janus":"ack","session_id":$S,"transaction":"20","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"20","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"21","session_id":$S,"handle_id":$H,"body":{"videocodec":5}}
		a< {"janus":"ack","session_id":$S,"transaction":"21","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"21","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"22","session_id":$S,"handle_id":$H,"body":{"videoprofile":5}}
		a< {"janus":"ack","session_id":$S,"transaction":"22","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"22","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"23","session_id":$S,"handle_id":$H,"body":{"opusred":5}}
		a< {"janus":"ack","session_id":$S,"transaction":"23","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"23","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"24","session_id":$S,"handle_id":$H,"body":{"min_delay":"x"}}
		a< {"janus":"ack","session_id":$S,"transaction":"24","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"24","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}
		a> {"janus":"message","transaction":"25","session_id":$S,"handle_id":$H,"body":{"max_delay":1.5}}
		a< {"janus":"ack","session_id":$S,"transaction":"25","hint":"$any"}
		a< {"janus":"event","session_id":$S,"transaction":"25","sender":$H,"plugindata":{"plugin":"janus.plugin.echotest","data":{"echotest":"event","error_code":413,"error":"$any"}}}`},
}
