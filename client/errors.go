package client

import (
	"encoding/json"
	"errors"
	"strconv"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// States a caller acts on. Match them with errors.Is; the error that carries
// one says more.
var (
	ErrClosed    = errors.New("janus: client closed")
	ErrDestroyed = errors.New("janus: session destroyed")
	ErrDetached  = errors.New("janus: handle detached")

	// ErrTimeout is matched when [Options.RequestTimeout] ran out. A deadline of
	// the caller's own context stays context.DeadlineExceeded.
	ErrTimeout = errors.New("janus: request timed out")

	// ErrInterrupted is matched when the connection was lost before the request
	// was sent: the gateway did not see it.
	ErrInterrupted = errors.New("janus: connection lost before the request was sent")

	// ErrSendBuffer is matched when [Options.SendBuffer] requests wait for a
	// connection already: this one was not sent, and can be tried again later.
	ErrSendBuffer = errors.New("janus: too many requests wait for a connection; raise Options.SendBuffer or send less")

	// ErrOutcomeUnknown is matched when the connection was lost after the
	// request was sent and before its answer came: the gateway may have
	// executed it.
	ErrOutcomeUnknown = errors.New("janus: connection lost before the answer")

	// ErrSessionTimeout is matched, with ErrDestroyed, when the gateway gave the
	// session up because it heard nothing for its session timeout.
	ErrSessionTimeout = errors.New("janus: session timed out")

	// ErrUnresponsive is matched, with the errors of a lost connection, when the
	// gateway stopped answering keepalives while the connection looked open.
	ErrUnresponsive = errors.New("janus: gateway stopped answering")
)

// Error is the gateway's answer "janus":"error". errors.Is matches it against
// its [Code]:
//
//	if errors.Is(err, client.SessionNotFound) { … }
type Error struct {
	Op     string // the request, e.g. "attach"; empty when the gateway did not say
	Code   Code
	Reason string // the gateway's words
	Hint   string // ours, where the cause has a known fix
}

func (e *Error) Error() string {
	s := "janus: "
	if e.Op != "" {
		s += e.Op + ": "
	}
	s += e.Code.text()
	if e.Reason != "" {
		s += ": " + e.Reason
	}
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

// Is reports whether target is the Code of e.
func (e *Error) Is(target error) bool {
	c, ok := target.(Code)
	return ok && c == e.Code
}

// PluginCode is an error code of one plugin. The same number means something
// else in another plugin and in the core, so it is only compared as a pair.
// Plugin packages export theirs, e.g. echotest.ErrInvalidElement.
type PluginCode struct {
	Plugin string // package name, e.g. "janus.plugin.echotest"
	Code   int
}

func (c PluginCode) Error() string { return c.Plugin + ": error " + strconv.Itoa(c.Code) }

// PluginError is a plugin's error answer: an ordinary reply or event whose
// data holds error_code. errors.Is matches it against its [PluginCode].
type PluginError struct {
	PluginCode
	Reason string
	Raw    json.RawMessage // the plugin's data
}

func (e *PluginError) Error() string {
	return fmt.Sprintf("%s: %s (error %d)", e.Plugin, e.Reason, e.Code)
}

// Is reports whether target is the PluginCode of e.
func (e *PluginError) Is(target error) bool {
	c, ok := target.(PluginCode)
	return ok && c == e.PluginCode
}

// ProtocolError reports a message that is not what the protocol says: broken
// JSON, an id of the wrong type, an answer of another kind. The connection goes
// on. The text has no secrets.
type ProtocolError struct {
	Op     string // what was being read, e.g. "attach" or "event"
	Reason string
	Data   []byte // start of the message, at most 256 bytes
}

func (e *ProtocolError) Error() string {
	return fmt.Sprintf("janus: %s: %s: %q", e.Op, e.Reason, Redact(e.Data))
}

// InsecureError reports credentials that would travel unencrypted to another
// host. Nothing was sent.
type InsecureError struct{ URL string } // redacted

func (e *InsecureError) Error() string {
	return "janus: credentials would travel unencrypted to " + e.URL +
		"; dial wss:// or https://, or set Options.AllowInsecure where the network in between is to be trusted"
}

// ArgumentError reports an argument that cannot be sent, and how to mend it.
type ArgumentError struct {
	Op     string // the method, e.g. "attach"
	Reason string
}

func (e *ArgumentError) Error() string { return "janus: " + e.Op + ": " + e.Reason }
