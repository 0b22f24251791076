//go:build js && bifrons_testing

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

// handlePlugin installs or removes a plugin: values are its name, and the
// function that answers.
func handlePlugin(gw *janustest.Server, c *call) {
	var p janustest.Plugin
	if answer := c.value(1); given(answer) {
		p = plugin{c.program, answer}
	}
	gw.Handle(c.value(0).String(), p)
}

// plugin is a function of the page, in TestGateway.plugin of testing.ts:
//
//	answer(message, signal) -> Promise
//
// Both the message and what the promise gives are JSON text.
type plugin struct {
	*program
	answer js.Value
}

var _ janustest.Plugin = plugin{}

// Message asks the function.
func (p plugin) Message(ctx context.Context, m *janustest.Message) (*janustest.Answer, error) {
	controller := js.Global().Get("AbortController").New()
	stop := context.AfterFunc(ctx, func() { controller.Call("abort") })
	defer stop()
	told := p.encode(struct {
		Ref                           int
		Session, Handle               uint64
		Plugin, OpaqueID, Transaction string
		Body                          json.RawMessage
		JSEP                          *client.JSEP
	}{p.objects.add(m), m.Session, m.Handle, m.Plugin, m.OpaqueID, m.Transaction, m.Body, m.JSEP})
	v, err := jsx.Try(func() js.Value { return p.answer.Invoke(told, controller.Get("signal")) })
	if err == nil {
		v, err = jsx.Await(ctx, v)
	}
	if err != nil || v.Type() != js.TypeString {
		return nil, err
	}
	return answerOf(m, []byte(v.String()))
}

// answerOf reads what the function gave: an answer, or a refusal of the plugin's
// or of the gateway's.
func answerOf(m *janustest.Message, text []byte) (*janustest.Answer, error) {
	var a struct {
		janustest.Answer
		Refusal *struct {
			Code    int
			Reason  string
			Gateway bool
		}
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil {
		why := strings.TrimPrefix(err.Error(), "json: ")
		return nil, errors.New("a plugin of a TestGateway returns { data, jsep, async, hint } or nothing: " + why)
	}
	switch r := a.Refusal; {
	case r == nil:
		return &a.Answer, nil
	case r.Gateway:
		return nil, &client.Error{Code: client.Code(r.Code), Reason: r.Reason}
	default:
		return nil, &client.PluginError{PluginCode: client.PluginCode{Plugin: m.Plugin, Code: r.Code}, Reason: r.Reason}
	}
}

// messageCall is what the function may do with a message, then or later.
func messageCall(_ context.Context, c *call) (any, error) {
	m, err := lookup[*janustest.Message](c, c.ref)
	if err != nil {
		return nil, err
	}
	var event struct {
		Data json.RawMessage
		JSEP *client.JSEP
	}
	if err := c.decode(&event); err != nil {
		return nil, err
	}
	switch c.method {
	case "reply":
		return nil, m.Reply(event.Data, event.JSEP)
	case "event":
		return nil, m.Event(event.Data, event.JSEP)
	}
	return nil, errUnknown
}
