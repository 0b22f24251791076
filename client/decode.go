package client

import (
	"github.com/bifrons-rtc/bifrons/internal/json"
	"github.com/bifrons-rtc/bifrons/internal/jsonscan"
)

// decodeCore gives a message of the gateway's core its type. raw must be the
// event's own.
func decodeCore(env *envelope, raw []byte) Event {
	base := EventBase{
		Kind: string(env.name), Session: env.session, Handle: env.sender,
		Transaction: string(env.transaction), Raw: raw,
	}
	switch env.kind {
	case kindWebRTCUp:
		return &WebRTCUp{base}
	case kindICEFailed:
		return &ICEFailed{base}
	case kindDetached:
		return &Detached{base}
	case kindTimeout:
		return &SessionTimeout{base}
	case kindHangup:
		return &Hangup{EventBase: base, Reason: text(jsonscan.Get(raw, "reason"))}
	case kindError:
		return &GatewayError{EventBase: base, Err: parseError("", raw)}
	case kindMedia:
		ev := &MediaState{EventBase: base}
		o := jsonscan.Open(raw)
		for o.Next() {
			switch string(o.Key) {
			case "mid":
				ev.MID = text(o.Value())
			case "type":
				ev.Media = text(o.Value())
			case "receiving":
				ev.Receiving = string(o.Value()) == "true"
			case "seconds":
				ev.Seconds = number(o.Value())
			case "substream":
				if n, ok := jsonscan.Uint(o.Value()); ok {
					ev.Substream = new(int(min(n, 1<<31-1)))
				}
			}
		}
		return ev
	case kindSlowLink:
		ev := &SlowLink{EventBase: base}
		o := jsonscan.Open(raw)
		for o.Next() {
			switch string(o.Key) {
			case "mid":
				ev.MID = text(o.Value())
			case "media":
				ev.Media = text(o.Value())
			case "uplink":
				ev.Uplink = string(o.Value()) == "true"
			case "lost":
				ev.Lost = number(o.Value())
			}
		}
		return ev
	case kindTrickle:
		var c struct {
			Candidate
			Completed bool `json:"completed"`
		}
		ev := &RemoteCandidate{EventBase: base}
		if json.Unmarshal(jsonscan.Get(raw, "candidate"), &c) == nil && !c.Completed && c.Candidate.Candidate != "" {
			ev.Candidate = &c.Candidate
		}
		return ev
	}
	return &PluginEvent{EventBase: base}
}

// decodePlugin reads a message of a plugin, or one of a kind nobody knows,
// which keeps nothing but Raw.
func decodePlugin(raw []byte) *PluginEvent {
	ev := &PluginEvent{EventBase: EventBase{Raw: raw}}
	o := jsonscan.Open(raw)
	for o.Next() {
		switch string(o.Key) {
		case "janus":
			ev.Kind = "event"
			if name, _ := jsonscan.String(o.Value()); string(name) != ev.Kind {
				ev.Kind = string(name)
			}
		case "transaction":
			ev.Transaction = text(o.Value())
		case "session_id":
			ev.Session, _ = jsonscan.Uint(o.Value())
		case "sender":
			ev.Handle, _ = jsonscan.Uint(o.Value())
		case "plugindata":
			var content pluginData
			content.read(&o)
			ev.Plugin, ev.Data = content.plugin, content.data
		case "jsep":
			ev.JSEP = new(JSEP)
			if json.Unmarshal(o.Value(), ev.JSEP) != nil {
				ev.JSEP = nil
			}
		}
	}
	return ev
}

// parseResponse reads the answer to a plugin message. It points into data. A
// plugin's refusal is the error.
func parseResponse(k kind, data []byte) (Response, error) {
	resp := Response{Async: k == kindEvent}
	var content pluginData
	o := jsonscan.Open(data)
	for o.Next() {
		switch string(o.Key) {
		case "plugindata":
			content.read(&o)
			resp.Data = content.data
		case "jsep":
			resp.JSEP = new(JSEP)
			if err := json.Unmarshal(o.Value(), resp.JSEP); err != nil {
				return resp, &ProtocolError{Op: "message", Reason: "jsep: " + err.Error(), Data: clip(o.Value())}
			}
		}
	}
	if o.Err() != nil {
		return resp, &ProtocolError{Op: "message", Reason: "broken JSON in the answer", Data: clip(data)}
	}
	if content.failed {
		return resp, &PluginError{PluginCode: PluginCode{Plugin: content.plugin, Code: content.code}, Reason: content.reason, Raw: content.data}
	}
	return resp, nil
}

// pluginData is the "plugindata" field of a message.
type pluginData struct {
	plugin string
	data   json.RawMessage
	failed bool // the data holds an error_code, as every refusal of every plugin does
	code   int
	reason string
}

// read reads the current member of o.
func (p *pluginData) read(o *jsonscan.Object) {
	in := o.Inside()
	for in.Next() {
		switch string(in.Key) {
		case "plugin":
			p.plugin = pluginName(in.Value())
		case "data":
			data := in.Inside()
			for data.Next() {
				switch string(data.Key) {
				case "error_code":
					if n, ok := jsonscan.Uint(data.Value()); ok {
						p.failed, p.code = true, int(min(n, 1<<31-1))
					}
				case "error":
					p.reason = text(data.Value())
				}
			}
			p.data = in.Leave(&data)
		}
	}
	o.Leave(&in)
}

// pluginName avoids an allocation for the names every message repeats.
func pluginName(value []byte) string {
	switch name, _ := jsonscan.String(value); string(name) {
	case "janus.plugin.echotest":
		return "janus.plugin.echotest"
	case "janus.plugin.videoroom":
		return "janus.plugin.videoroom"
	case "janus.plugin.textroom":
		return "janus.plugin.textroom"
	case "janus.plugin.videocall":
		return "janus.plugin.videocall"
	case "janus.plugin.audiobridge":
		return "janus.plugin.audiobridge"
	case "janus.plugin.streaming":
		return "janus.plugin.streaming"
	default:
		return string(name)
	}
}

func text(value []byte) string {
	s, _ := jsonscan.String(value)
	return string(s)
}

func number(value []byte) int {
	n, _ := jsonscan.Uint(value)
	return int(min(n, 1<<31-1))
}
