//go:build !js

package chrome

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// Events are what a tab tells. They are called one after the other and must be
// quick; a nil one is skipped.
type Events struct {
	// Message is what the page passed to the function named Binding.
	Message func(text string)
	// Console is what the page wrote to its console: "log", "error" and so on.
	Console func(kind, text string)
	// Exception is an uncaught exception or an unhandled rejection.
	Exception func(text string)
}

// Binding is the function that [Events.Message] hears.
const Binding = "__bifronsTell"

// Tab is one page, in a window and a profile of its own: it is visible, and
// shares no connection with other tabs.
type Tab struct {
	b       *Browser
	on      Events
	profile string // its browser context
	target  string
	session string

	mu    sync.Mutex // protects what follows
	cover string     // the target that hides this one, if any
	ended bool
	done  chan struct{} // closed when the page is gone
}

// Open opens url in a new tab. The caller must Close it.
func (b *Browser) Open(ctx context.Context, url string, on *Events) (*Tab, error) {
	t := &Tab{b: b, done: make(chan struct{})}
	if on != nil {
		t.on = *on
	}
	if err := t.open(ctx, url); err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

func (t *Tab) open(ctx context.Context, url string) error {
	p := t.b.pipe
	var made struct {
		BrowserContextID, TargetID, SessionID string
	}
	if err := p.call(ctx, "", "Target.createBrowserContext", map[string]any{"disposeOnDetach": true}, &made); err != nil {
		return err
	}
	t.profile = made.BrowserContextID
	if err := p.call(ctx, "", "Target.createTarget", map[string]any{
		"url": "about:blank", "browserContextId": t.profile, "newWindow": true,
	}, &made); err != nil {
		return err
	}
	t.target = made.TargetID
	if err := p.call(ctx, "", "Target.attachToTarget", map[string]any{"targetId": t.target, "flatten": true}, &made); err != nil {
		return err
	}
	t.session = made.SessionID
	p.listen(t.session, t.event)
	for _, c := range []struct {
		method string
		params any
	}{
		{"Runtime.enable", nil},
		{"Runtime.addBinding", map[string]any{"name": Binding}},
		{"Inspector.enable", nil},
		{"Page.enable", nil},
		{"Page.navigate", map[string]any{"url": url}},
	} {
		if err := t.Do(ctx, c.method, c.params, nil); err != nil {
			return err
		}
	}
	return nil
}

// Do sends a command of the DevTools protocol to the page.
func (t *Tab) Do(ctx context.Context, method string, params, result any) error {
	select {
	case <-t.done:
		return fmt.Errorf("chrome: %s: %w", method, ErrGone)
	default:
		return t.b.pipe.call(ctx, t.session, method, params, result)
	}
}

// Done is closed when the page is gone: closed, crashed, or with its browser.
func (t *Tab) Done() <-chan struct{} { return t.done }

// event takes what the page tells, on the goroutine that reads the pipe.
func (t *Tab) event(method string, params json.RawMessage) {
	var e struct {
		Name, Payload, Type string
		Args                []remoteObject
		ExceptionDetails    struct {
			Text      string
			Exception remoteObject
		}
	}
	_ = json.Unmarshal(params, &e)
	switch method {
	case "Runtime.bindingCalled":
		if e.Name == Binding && t.on.Message != nil {
			t.on.Message(e.Payload)
		}
	case "Runtime.consoleAPICalled":
		if t.on.Console != nil {
			words := make([]string, len(e.Args))
			for i, a := range e.Args {
				words[i] = a.String()
			}
			t.on.Console(e.Type, strings.Join(words, " "))
		}
	case "Runtime.exceptionThrown":
		if t.on.Exception != nil {
			t.on.Exception(strings.TrimSpace(e.ExceptionDetails.Text + " " + e.ExceptionDetails.Exception.String()))
		}
	case "Inspector.targetCrashed", "Inspector.detached":
		t.end()
	}
}

// remoteObject is a value of the page.
type remoteObject struct {
	Type        string
	Description string
	Value       json.RawMessage
}

func (r remoteObject) String() string {
	var s string
	switch {
	case r.Description != "":
		return r.Description
	case json.Unmarshal(r.Value, &s) == nil:
		return s
	case len(r.Value) > 0:
		return string(r.Value)
	}
	return r.Type
}

// end notes that the page is gone.
func (t *Tab) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.ended {
		t.ended = true
		close(t.done)
	}
}

// Close closes the tab as a user does: the page gets its pagehide event. Its
// profile stays until the browser ends, or requests that outlive the page would
// not.
func (t *Tab) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	p := t.b.pipe
	t.mu.Lock()
	targets := []string{t.target, t.cover}
	t.mu.Unlock()
	for _, target := range targets {
		if target != "" {
			_ = p.call(ctx, "", "Target.closeTarget", map[string]any{"targetId": target}, nil)
		}
	}
	p.listen(t.session, nil)
	t.end()
}
