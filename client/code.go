package client

import "strconv"

// Code is an error code of the gateway's core, JANUS_ERROR_* in its
// apierror.h. It is itself an error, so that errors.Is(err, PluginNotFound)
// needs no helper.
type Code int

// The gateway's error codes. Plugins use the same numbers with other meanings;
// those are a [PluginCode].
const (
	Unauthorized         Code = 403 // wrong or missing token or API secret
	UnauthorizedPlugin   Code = 405 // the token may not use this plugin
	TransportSpecific    Code = 450
	MissingRequest       Code = 452
	UnknownRequest       Code = 453
	InvalidJSON          Code = 454
	InvalidJSONObject    Code = 455
	MissingElement       Code = 456 // a mandatory field is missing
	InvalidRequestPath   Code = 457 // the request does not belong on this level
	SessionNotFound      Code = 458
	HandleNotFound       Code = 459
	PluginNotFound       Code = 460
	PluginAttach         Code = 461 // the plugin refused to be attached
	PluginMessage        Code = 462 // the plugin refused the message
	PluginDetach         Code = 463
	UnknownJSEPType      Code = 464
	InvalidSDP           Code = 465
	InvalidStream        Code = 466
	InvalidElementType   Code = 467
	SessionConflict      Code = 468 // the wanted session id is in use
	UnexpectedAnswer     Code = 469 // an answer without an offer
	TokenNotFound        Code = 470
	WrongWebRTCState     Code = 471 // a peer connection is still being cleaned up
	NotAcceptingSessions Code = 472 // the gateway is draining
	UnknownError         Code = 490
)

var codeTexts = map[Code]string{
	Unauthorized:         "unauthorized",
	UnauthorizedPlugin:   "plugin not allowed for this token",
	TransportSpecific:    "transport error",
	MissingRequest:       "missing request",
	UnknownRequest:       "unknown request",
	InvalidJSON:          "invalid JSON",
	InvalidJSONObject:    "invalid JSON object",
	MissingElement:       "missing element",
	InvalidRequestPath:   "request not valid here",
	SessionNotFound:      "no such session",
	HandleNotFound:       "no such handle",
	PluginNotFound:       "no such plugin",
	PluginAttach:         "plugin refused to attach",
	PluginMessage:        "plugin refused the message",
	PluginDetach:         "plugin refused to detach",
	UnknownJSEPType:      "unknown JSEP type",
	InvalidSDP:           "invalid SDP",
	InvalidStream:        "invalid stream",
	InvalidElementType:   "invalid element type",
	SessionConflict:      "session id in use",
	UnexpectedAnswer:     "answer without offer",
	TokenNotFound:        "no such token",
	WrongWebRTCState:     "wrong WebRTC state",
	NotAcceptingSessions: "gateway accepts no new sessions",
	UnknownError:         "unknown error",
}

// Error returns the meaning of c and its number.
func (c Code) Error() string { return "janus: " + c.text() }

func (c Code) text() string {
	if s, ok := codeTexts[c]; ok {
		return s + " (error " + strconv.Itoa(int(c)) + ")"
	}
	return "error " + strconv.Itoa(int(c))
}
