package client

import (
	"context"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
)

// Options tunes a [Client]. A nil *Options, like every zero field, means the
// default.
type Options struct {
	// Credentials is asked before the first dial, and once more when the gateway
	// answers 403. When it refuses those for a session there is as well, the client
	// ends with an error that matches [Unauthorized]. Nil: none. [Static] is
	// ready-made, and so are the signed tokens of package client/token.
	Credentials CredentialsFunc

	// RequestTimeout bounds a request whose context has no deadline; running out
	// of it gives [ErrTimeout]. Zero: 10 s. Negative: no bound, but for what the
	// client asks by itself, and for [Session.Rebuild] and [Client.Move]: 10 s.
	RequestTimeout time.Duration

	// KeepAlive is how long a session may be idle before a keepalive goes out.
	// Zero: a third of the gateway's session timeout, or of its reclaim timeout
	// where that is shorter, within 2 s and 25 s; over HTTP none where polling
	// does it. Without a session it is a ping, after 25 s where this is zero, which
	// finds out whether the gateway is still there; over HTTP none. Negative: never,
	// which is for those who keep the session alive themselves.
	KeepAlive time.Duration

	// EventBuffer is how many events a stream holds for its consumer. Above it,
	// or above 4 MiB, the oldest go and [Dropped] says so. Zero: 1024.
	EventBuffer int

	// Reconnect is for a lost connection. The zero value reconnects.
	Reconnect Reconnect

	// Servers are the URLs of further gateways, which [Dial] tries in their order
	// when the one it was given cannot be reached, and a lost connection after the
	// one it was to. Sessions are claimed wherever that is, and rebuilt where the
	// gateway does not know them. Nil: there is only the one.
	Servers []string

	// SendBuffer is how many requests may wait while there is no connection. One
	// above that gets [ErrSendBuffer] at once. Zero: 256. Negative: none waits, and
	// all get [ErrInterrupted].
	SendBuffer int

	// AllowInsecure lets Credentials and tokens travel unencrypted, by ws or http to
	// a host that is not this one, which is an [*InsecureError] otherwise.
	AllowInsecure bool

	// Transports dials the URL. Nil: [DefaultTransports].
	Transports transport.Registry

	// Trace shows the wire. Nil: no tracing.
	Trace *Trace
}

const (
	defaultRequestTimeout = 10 * time.Second
	defaultEventBuffer    = 1024
	defaultSendBuffer     = 256
	eventBytes            = 4 << 20
)

func (o *Options) withDefaults() Options {
	var v Options
	if o != nil {
		v = *o
	}
	if v.RequestTimeout == 0 {
		v.RequestTimeout = defaultRequestTimeout
	}
	if v.EventBuffer <= 0 {
		v.EventBuffer = defaultEventBuffer
	}
	if v.SendBuffer == 0 {
		v.SendBuffer = defaultSendBuffer
	}
	if v.Transports == nil {
		v.Transports = DefaultTransports()
	}
	return v
}

// AttachOptions tunes [Session.Attach]. A nil *AttachOptions means every
// default.
type AttachOptions struct {
	// OpaqueID is shown in the gateway's events and admin API, to correlate a
	// handle with the application's own records.
	OpaqueID string
	// Token is used for this handle instead of the client's own.
	Token string
	// LoopIndex picks one of the gateway's static event loops. Nil: its choice.
	LoopIndex *int
	// EventBuffer replaces [Options.EventBuffer] for this handle.
	EventBuffer int
	// Decode gives plugin events their types. Nil: they arrive as *PluginEvent.
	// Plugin packages set it.
	Decode Decoder
	// Restore brings the plugin's side of the handle back after
	// [Session.Rebuild]: it joins the room again, or sends the settings again.
	// A session with such a handle is rebuilt when the gateway gives it up. Nil:
	// there is nothing to bring back. Plugin packages set it.
	Restore Restorer
}

// Restorer brings the state that a handle had at its plugin back. It may call
// the handle, but must not read its events. Its ctx ends with the rebuild.
type Restorer func(ctx context.Context, h *Handle) error

// Trace observes the wire. The hooks run on the caller's or the reader's
// goroutine, concurrently; they must be quick and must not call the Client.
// Data has every secret replaced by [Redact]; it must not be kept after the
// hook returns. A nil hook is skipped.
type Trace struct {
	// Sent sees each request, before it is written.
	Sent func(data []byte)
	// Received sees each message of the gateway.
	Received func(data []byte)
	// Ignored sees each message that nobody waited for or that could not be
	// read, with the reason.
	Ignored func(data []byte, reason string)
	// State sees each change of the client's state once, in order and one at a
	// time, beginning with the first. [Client.NextState] is for those who want to
	// call the client.
	State func(State)
}
