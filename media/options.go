package media

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
)

// Link is what a Peer needs from a Janus handle. *client.Handle is one, and so
// is every plugin's handle; a test can bring its own. If a Link has Done and Err,
// as a handle has, the Peer closes when it is done.
type Link interface {
	// Trickle sends local candidates; none says that there are no more.
	Trickle(ctx context.Context, candidates ...client.Candidate) error
	// Post adds ev to the handle's stream. It does not block.
	Post(ev client.Event)
	// Observe shows the core events of the handle to f, which does not block;
	// true keeps the event out of the stream.
	Observe(f func(ev client.Event) bool) (stop func())
}

var _ Link = (*client.Handle)(nil)

// Options tunes a [Peer]. Nil means every default.
type Options struct {
	// ICEServers are STUN and TURN servers. Empty: none; a gateway that can be
	// reached needs none.
	ICEServers []ICEServer
	// RelayOnly uses TURN servers only, and needs one.
	RelayOnly bool
	// HalfTrickle waits for all candidates before Offer or Answer returns, for
	// links that cannot trickle.
	HalfTrickle bool
	// NoMending closes the peer when its connection is lost, as the gateway's hangup
	// or the rebuild of the session tell, and has plugin packages leave a broken
	// one alone. The zero value lets them mend it, and renew it: see client.Mender.
	NoMending bool
	// Transform encrypts media end to end, or does something else to encoded
	// frames: it is called once for each sender and each receiver of every m-line
	// and returns an RTCRtpScriptTransform as a js.Value, or nil for none (W3C
	// WebRTC Encoded Transform). Browsers want it the moment a sender or receiver
	// is made, so it must not block, and it may run in a callback of the browser.
	// Once it returned a transform, descriptions tell the gateway (e2ee). Nil:
	// none; in a native build, and in a browser without transforms, another gives
	// an error that matches errors.ErrUnsupported.
	Transform func(TransformTarget) any
}

// TransformTarget is what a transform is for.
type TransformTarget struct {
	Kind Kind
	MID  string // empty while the m-line was not negotiated yet
	Sent bool   // true: a sender; false: a receiver
}

// ICEServer is a STUN or TURN server.
type ICEServer struct {
	URLs                 []string // e.g. "stun:host:3478", "turns:host:5349?transport=tcp"
	Username, Credential string   // TURN only
}

// String hides the credential from logs and errors.
func (s ICEServer) String() string { return "media.ICEServer{***}" }

// GoString hides the credential from %#v.
func (s ICEServer) GoString() string { return s.String() }

// OptionError reports an option that cannot work, and how to mend it.
type OptionError struct{ Option, Reason string }

func (e *OptionError) Error() string { return "media: option " + e.Option + ": " + e.Reason }

func (o *Options) validated() (Options, error) {
	var v Options
	if o == nil {
		return v, nil
	}
	v = *o
	v.ICEServers = append([]ICEServer(nil), o.ICEServers...)
	turn := false
	for i, s := range v.ICEServers {
		v.ICEServers[i].URLs = append([]string(nil), s.URLs...)
		for _, u := range s.URLs {
			if err := checkServer(u, s); err != nil {
				return v, err
			}
			turn = turn || isTURN(u)
		}
	}
	if v.RelayOnly && !turn {
		return v, &OptionError{"RelayOnly", "needs a TURN server in ICEServers"}
	}
	return v, nil
}
