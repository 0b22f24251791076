package transport

import "context"

// API selects which of the gateway's two APIs a connection speaks. They listen
// on different ports and refuse each other's requests.
type API uint8

// The two APIs. The zero value is the client API: sessions, handles, plugins.
const (
	Janus API = iota
	Admin     // the admin/monitor API
)

// String returns "janus" or "admin".
func (a API) String() string {
	if a == Admin {
		return "admin"
	}
	return "janus"
}

// Message is one outgoing request.
//
// Session and Handle repeat the ids inside Data, because the HTTP transport
// routes by them and no transport should have to parse JSON.
type Message struct {
	Session uint64 // zero for gateway-level requests
	Handle  uint64 // zero for session-level requests
	Data    []byte // exactly one JSON object, without white space around it
}

// Conn is an ordered, two-way stream of messages with a gateway.
//
// One goroutine may call Read while any number call Write. Cancelling a
// context abandons that one call and never harms the connection. Losing the
// connection is reported by Read, once and for all: the same error comes back
// from every later Read.
type Conn interface {
	// Read returns the next message. The bytes belong to the Conn and are valid
	// until the next Read; keep a copy, not the slice. A message is whatever the
	// gateway sent, well-formed or not.
	//
	// When ctx ends first, the error matches ctx.Err() and the message, if one
	// arrives later, is returned by the next Read. After Close the error matches
	// [ErrClosed]; other errors say how the connection was lost.
	Read(ctx context.Context) ([]byte, error)

	// Write hands m to the network. It returns once m is accepted for sending,
	// which says nothing about its arrival; m.Data may be reused by then.
	//
	// A failed Write sent nothing, unless its error matches [ErrUncertain].
	// Messages of one goroutine arrive in the order they were written.
	Write(ctx context.Context, m Message) error

	// Close ends the connection, unblocks Read and Write, and returns when the
	// goroutines of the Conn are gone. It is idempotent; later calls return nil.
	Close() error
}

// Auth is what a gateway may ask for on every request. Either field may be
// empty. It prints as nothing but a placeholder.
type Auth struct{ Token, APISecret string }

// String hides the secrets from logs and errors.
func (Auth) String() string { return "transport.Auth{***}" }

// GoString hides the secrets from %#v.
func (a Auth) GoString() string { return a.String() }

// SessionPoller is an optional capability of a Conn whose server cannot push:
// it has to be told for which sessions to ask for events. The gateway takes the
// start of a poll for a sign of life.
//
// Both methods return at once and may be called concurrently with everything.
type SessionPoller interface {
	// Poll starts polling for session, or changes the auth of a running poll.
	Poll(session uint64, auth Auth)
	// Unpoll stops polling for session. An unknown session is ignored.
	Unpoll(session uint64)
}

// Exchanger is an optional capability of a Conn whose network brings the answer
// to each request by itself, as HTTP does.
type Exchanger interface {
	// Exchange is Write, but returns the direct answer, if there is one, instead
	// of leaving it to Read. The bytes are the caller's.
	Exchange(ctx context.Context, m Message) ([]byte, error)
}

// CatchUpper is an optional capability of a Conn that cannot read while the
// program does other things, as in a page. Go's timers run whenever Go does, so
// what has come in time may look late there: who is about to call a connection
// dead asks it to look first.
type CatchUpper interface {
	// CatchUp returns when Read can return all that has come by now, or when ctx
	// ends. It may be called concurrently with everything.
	CatchUp(ctx context.Context)
}

// Dialer opens connections for one family of URL schemes. It may be called
// concurrently.
type Dialer interface {
	// Dial connects to the gateway at rawURL. ctx bounds the dial only; the
	// connection outlives it.
	Dial(ctx context.Context, rawURL string, api API) (Conn, error)
}
