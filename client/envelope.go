package client

import (
	"bytes"

	"github.com/bifrons-rtc/bifrons/internal/jsonscan"
)

// kind is the "janus" field of a message from the gateway.
type kind uint8

const (
	kindUnknown kind = iota
	kindSuccess
	kindAck
	kindError
	kindServerInfo
	kindPong
	kindKeepalive // an empty long poll
	kindEvent
	kindWebRTCUp
	kindMedia
	kindSlowLink
	kindHangup
	kindICEFailed
	kindTrickle
	kindDetached
	kindTimeout
)

// envelope is what routing needs of a message. The byte slices point into it.
type envelope struct {
	kind        kind
	name        []byte // the "janus" field itself
	session     uint64
	sender      uint64
	transaction []byte
}

var transactionKey = []byte(`"transaction"`)

// scanEnvelope reads the routing fields of data. It stops as soon as it has
// them all: the rest of a long message is the consumer's to read.
//
// Ids of a wrong type count as absent, as the gateway itself treats them.
func scanEnvelope(data []byte) (env envelope, err error) {
	o := jsonscan.Open(data)
	for o.Next() {
		switch string(o.Key) {
		case "janus":
			env.name, _ = jsonscan.String(o.Value())
			env.kind = kindOf(env.name)
		case "transaction":
			env.transaction, _ = jsonscan.String(o.Value())
		case "session_id":
			env.session, _ = jsonscan.Uint(o.Value())
		case "sender":
			env.sender, _ = jsonscan.Uint(o.Value())
		case "plugindata", "jsep":
			// The long part of an event. What routes it has come before; only a
			// transaction may still follow, in an order Janus itself never uses.
			if env.kind == kindEvent && env.session != 0 && env.sender != 0 && !bytes.Contains(data, transactionKey) {
				return env, nil
			}
			continue
		default:
			continue
		}
		if env.kind != kindUnknown && env.transaction != nil && env.session != 0 && (env.sender != 0 || env.kind == kindAck) {
			return env, nil
		}
	}
	if err := o.Err(); err != nil {
		return env, &ProtocolError{Op: "receive", Reason: "not a JSON object", Data: clip(data)}
	}
	if env.name == nil {
		return env, &ProtocolError{Op: "receive", Reason: `no "janus" field`, Data: clip(data)}
	}
	return env, nil
}

func kindOf(name []byte) kind {
	switch string(name) {
	case "success":
		return kindSuccess
	case "ack":
		return kindAck
	case "error":
		return kindError
	case "server_info":
		return kindServerInfo
	case "pong":
		return kindPong
	case "keepalive":
		return kindKeepalive
	case "event":
		return kindEvent
	case "webrtcup":
		return kindWebRTCUp
	case "media":
		return kindMedia
	case "slowlink":
		return kindSlowLink
	case "hangup":
		return kindHangup
	case "ice-failed":
		return kindICEFailed
	case "trickle":
		return kindTrickle
	case "detached":
		return kindDetached
	case "timeout":
		return kindTimeout
	}
	return kindUnknown
}

// isAnswer reports whether a message of kind k answers a request and nothing
// else.
func (k kind) isAnswer() bool { return k >= kindSuccess && k <= kindPong }
