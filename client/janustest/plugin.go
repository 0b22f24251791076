package janustest

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/bifrons-rtc/bifrons/client"
)

// Plugin answers the messages sent to the handles of one plugin. It may also
// be an [Attacher], a [Detacher], a [HangupHandler], a [Trickler] and an
// [Administrator].
type Plugin interface {
	// Message answers m. A nil Answer means an ack and no event, for which
	// [Message.Reply] may come later or never. Of the errors, a
	// [*client.PluginError] becomes the plugin's own error answer, synchronous
	// if there is an Answer that is not Async; a [client.Code] or a
	// [*client.Error] becomes an error of the gateway's core, and any other
	// error the core's 462.
	//
	// Messages of one handle come one at a time and in order, those of
	// different handles concurrently. ctx ends with the handle and with the
	// Server.
	Message(ctx context.Context, m *Message) (*Answer, error)
}

// PluginFunc is a function as a [Plugin].
type PluginFunc func(ctx context.Context, m *Message) (*Answer, error)

var _ Plugin = PluginFunc(nil)

// Message calls f.
func (f PluginFunc) Message(ctx context.Context, m *Message) (*Answer, error) { return f(ctx, m) }

// The optional halves of a [Plugin]. The methods run on the goroutine that
// serves the connection, so they must not block; they may call the Server.
type (
	// Attacher decides about new handles.
	Attacher interface {
		// Attached hears of a handle that a client asks for; it cannot send
		// events yet. An error refuses it with code 461.
		Attached(at *Attachment) error
	}

	// Detacher hears of the end of handles.
	Detacher interface {
		// Detached hears that a handle is gone, for whatever reason. Only after a
		// detach request can the handle still send an event, and it comes ahead of
		// the detached event.
		Detached(at *Attachment)
	}

	// HangupHandler hears of the end of peer connections.
	HangupHandler interface {
		// HungUp hears that a peer connection ended, or that a client asked for
		// that without having one.
		HungUp(at *Attachment)
	}

	// Administrator answers message_plugin of the admin API.
	Administrator interface {
		// Administer answers a request, which is an object. A nil answer is an
		// empty object; a [*client.PluginError] becomes the plugin's own error in
		// the place of the answer, and other errors what they become of a Message.
		Administer(request json.RawMessage) (answer any, err error)
	}

	// Trickler gets the client's candidates.
	Trickler interface {
		// Trickled gets candidates as they came; none means that there are no
		// more.
		Trickled(at *Attachment, candidates []json.RawMessage)
	}
)

// Message is one plugin message of a client.
type Message struct {
	*Attachment // the handle it was sent to

	Transaction string
	Body        json.RawMessage // an object
	JSEP        *client.JSEP    // nil if there was none

	req  *request
	from *conn // gets the direct answer, whoever owns the session
}

// Reply sends an event that carries the transaction of m. A plugin may reply
// several times, also after Message returned, as the SIP plugin does.
func (m *Message) Reply(data any, jsep *client.JSEP) error {
	return m.srv.event(m.Attachment, &m.Transaction, data, jsep)
}

// Answer is a plugin's answer to a message.
type Answer struct {
	Data  any          // becomes plugindata.data; nil is an empty object
	JSEP  *client.JSEP // nil: none
	Async bool         // an ack and then an event, instead of a success
	Hint  string       // text in the ack of an Async answer

	ackOnly bool   // no event
	then    func() // called when the answer is on its way
}

// errorData is how a plugin words an error, under the short name that its
// package name ends in.
func errorData(plugin string, err *client.PluginError) any {
	if err.Raw != nil {
		return err.Raw
	}
	return object{
		{plugin[strings.LastIndexByte(plugin, '.')+1:], "event"},
		{"error_code", err.Code},
		{"error", err.Reason},
	}
}

// coreError turns what a plugin returned into the gateway's own error.
func coreError(err error) (client.Code, string) {
	var full *client.Error
	if errors.As(err, &full) {
		return full.Code, full.Reason
	}
	var code client.Code
	if errors.As(err, &code) {
		return code, code.Error()
	}
	return client.PluginMessage, err.Error()
}
