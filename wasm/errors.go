//go:build js

package main

import (
	"context"
	"errors"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/json"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
	"github.com/bifrons-rtc/bifrons/transport"
)

// kind is what went wrong, in one word: ErrorKind of web/src/errors.ts.
type kind string

const (
	kindGateway     kind = "gateway"
	kindPlugin      kind = "plugin"
	kindArgument    kind = "argument"
	kindClosed      kind = "closed"
	kindDetached    kind = "detached"
	kindDestroyed   kind = "destroyed"
	kindKicked      kind = "kicked"
	kindExpired     kind = "expired"
	kindInterrupted kind = "interrupted"
	kindUncertain   kind = "uncertain"
	kindTimeout     kind = "timeout"
	kindAborted     kind = "aborted"
	kindTransport   kind = "transport"
	kindProtocol    kind = "protocol"
	kindDevice      kind = "device"
	kindMedia       kind = "media"
	kindBlocked     kind = "blocked"
	kindState       kind = "state"
	kindBusy        kind = "busy"
	kindUnsupported kind = "unsupported"
	kindInternal    kind = "internal"
)

// errGone is the error of a call on an object that was closed.
var errGone = errors.New("janus: this object was closed")

// fields are the parts of a JanusError: ErrorFields of web/src/errors.ts.
type fields struct {
	Kind      kind   `json:"kind"`
	Message   string `json:"message"`
	Op        string `json:"op,omitempty"`
	Code      int    `json:"code,omitempty"`
	Plugin    string `json:"plugin,omitempty"`
	Reason    string `json:"reason,omitempty"`
	Fix       string `json:"fix,omitempty"`
	Name      string `json:"name,omitempty"`   // of the browser's exception
	Device    string `json:"device,omitempty"` // that could not be had
	Retryable bool   `json:"retryable,omitempty"`
}

// failure is an error on its way to the page.
type failure struct{ fields *fields }

// Error returns the message.
func (f *failure) Error() string { return f.fields.Message }

// JSValue returns what the page sees.
func (f *failure) JSValue() js.Value {
	text, _ := json.Marshal(f.fields) // strings and numbers
	return js.Global().Get("JSON").Call("parse", string(text))
}

// states are the errors that have a kind of their own, in the order in which
// they count where an error matches several.
var states = []struct {
	err  error
	kind kind
}{
	{client.ErrInterrupted, kindInterrupted},
	{client.ErrSendBuffer, kindInterrupted},
	{client.ErrOutcomeUnknown, kindUncertain},
	{client.ErrUnresponsive, kindTransport},
	{client.ErrTimeout, kindTimeout},
	{transport.ErrDialTimeout, kindTimeout},
	{context.DeadlineExceeded, kindTimeout},
	{context.Canceled, kindAborted},
	{client.ErrDetached, kindDetached},
	{client.ErrSessionTimeout, kindExpired},
	{client.ErrDestroyed, kindDestroyed},
	{client.ErrClosed, kindClosed},
	{media.ErrBlocked, kindBlocked},
	{media.ErrClosed, kindClosed},
	{errGone, kindClosed},
	{textroom.ErrEnded, kindClosed},
	{videoroom.ErrLeft, kindClosed},
	{videoroom.ErrKicked, kindKicked},
	{videoroom.ErrDestroyed, kindDestroyed},
	{videoroom.ErrHungUp, kindState},
	{media.ErrState, kindState},
	{videocall.ErrGlare, kindState},
	{videocall.ErrBusy, kindBusy},
	{transport.ErrClosed, kindTransport},
}

// describe makes the page's view of an error.
func describe(op string, err error) *fields {
	f := &fields{Kind: kindInternal, Message: err.Error(), Op: op}
	if errors.Is(err, errors.ErrUnsupported) {
		f.Kind = kindUnsupported
	}
	f.detail(err)
	for _, s := range states {
		if errors.Is(err, s.err) {
			if s.kind != kindClosed || f.Kind != kindTransport { // a lost connection counts as closed, too
				f.Kind = s.kind
			}
			break
		}
	}
	f.Retryable = f.Retryable || f.Kind == kindInterrupted
	return f
}

// detail reads the errors that say more.
func (f *fields) detail(err error) {
	if e, ok := errors.AsType[*jsx.Error](err); ok {
		f.Kind, f.Name, f.Reason = kindMedia, e.Name, e.Message
	}
	if e, ok := errors.AsType[*client.PluginError](err); ok {
		f.Kind, f.Code, f.Plugin, f.Reason = kindPlugin, e.Code, e.Plugin, e.Reason
	}
	if e, ok := errors.AsType[*client.Error](err); ok {
		f.Kind, f.Code, f.Reason, f.Fix = kindGateway, int(e.Code), e.Reason, e.Hint
		f.Retryable = e.Code == client.NotAcceptingSessions || e.Code == client.WrongWebRTCState
	}
	if e, ok := errors.AsType[*client.ArgumentError](err); ok {
		f.Kind, f.Fix = kindArgument, e.Reason
	}
	if e, ok := errors.AsType[*client.InsecureError](err); ok {
		f.Kind, f.Fix = kindArgument, e.Error()
	}
	if e, ok := errors.AsType[*client.ProtocolError](err); ok {
		f.Kind, f.Reason = kindProtocol, e.Reason
	}
	if e, ok := errors.AsType[*transport.DialError](err); ok {
		f.Kind, f.Fix, f.Retryable = kindTransport, e.Fix, true
	}
	if e, ok := errors.AsType[*transport.StatusError](err); ok {
		f.Kind, f.Code, f.Fix = kindTransport, e.Code, e.Fix
	}
	if e, ok := errors.AsType[*transport.CloseError](err); ok {
		f.Kind, f.Reason = kindTransport, e.Reason
	}
	if e, ok := errors.AsType[*transport.SchemeError](err); ok {
		f.Kind, f.Fix = kindArgument, e.Error()
	}
	if e, ok := errors.AsType[*transport.URLError](err); ok {
		f.Kind, f.Fix = kindArgument, e.Error()
	}
	if e, ok := errors.AsType[client.PluginCode](err); ok { // what this side makes of it, whatever the gateway said
		f.Kind, f.Code, f.Plugin = kindPlugin, e.Code, e.Plugin
	}
	f.detailMedia(err)
}

// detailMedia reads the errors of package media.
func (f *fields) detailMedia(err error) {
	if e, ok := errors.AsType[*media.OptionError](err); ok {
		f.Kind, f.Fix = kindArgument, e.Reason
	}
	if e, ok := errors.AsType[*media.DeviceError](err); ok {
		f.Kind, f.Name, f.Reason, f.Fix = kindDevice, e.Name, e.Reason, e.Fix
		if e.Kind != 0 {
			f.Device = e.Kind.String()
		}
	}
	if e, ok := errors.AsType[*media.CodecError](err); ok {
		f.Kind, f.Reason, f.Fix = kindMedia, e.Reason, e.Fix
	}
	if e, ok := errors.AsType[*media.FileError](err); ok {
		f.Kind, f.Reason, f.Fix = kindMedia, e.Reason, e.Fix
	}
	if e, ok := errors.AsType[*media.MessageSizeError](err); ok {
		f.Kind, f.Reason = kindArgument, e.Error()
	}
	if e, ok := errors.AsType[*media.DroppedError](err); ok {
		f.Kind, f.Reason = kindMedia, e.Error()
	}
}
