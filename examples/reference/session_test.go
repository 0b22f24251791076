//go:build !js

// Package reference_test holds the examples of README.md in this folder, so that
// they compile and run.
package reference_test

import (
	"context"
	"encoding/json"
	"log"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/admin"
	"github.com/bifrons-rtc/bifrons/transport"
)

func session(ctx context.Context, url, token, apiSecret string) {
	// README begins
	c := must(client.Dial(ctx, url, &client.Options{Credentials: client.Static(token, apiSecret)}))
	defer c.Close()
	s := must(c.NewSession(ctx))
	h := must(s.Attach(ctx, "janus.plugin.echotest", nil))
	check(h.Detach(ctx))
	check(s.Destroy(ctx)) // with all its handles
	// README ends
}

func ownTransport(ctx context.Context, dialer transport.Dialer) {
	// README begins
	transports := client.DefaultTransports() // ws, wss, http, https, unix
	transports["amqp"] = dialer              // your transport.Dialer
	c := must(client.Dial(ctx, "amqp://broker/janus", &client.Options{Transports: transports}))
	// README ends
	defer c.Close()
	must(c.Ping(ctx))
}

func ask(ctx context.Context, c *client.Client) {
	// README begins
	info := must(c.Info(ctx))
	rtt := must(c.Ping(ctx))
	log.Println(info.Name, info.VersionString, len(info.Plugins), "plugins,", rtt)
	// README ends
}

// conn is a transport whose gateway cannot push.
type conn struct {
	transport.Conn
	polls map[uint64]transport.Auth
}

// README begins
// What a transport.Conn has besides when its gateway cannot push, as over HTTP.
func (c *conn) Poll(session uint64, auth transport.Auth) { c.polls[session] = auth }
func (c *conn) Unpoll(session uint64)                    { delete(c.polls, session) }

var _ transport.SessionPoller = (*conn)(nil)

// README ends

func transaction(ctx context.Context, h *client.Handle) json.RawMessage {
	// README begins
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	answer := must(h.Request(ctx, map[string]any{"request": "list"}, nil))
	log.Println(string(answer.Data))
	// README ends
	return answer.Data
}

// done is an event of a plugin that is not known here.
type done struct{ client.EventBase }

func ownPlugin(ctx context.Context, s *client.Session) {
	// README begins
	decode := func(ev *client.PluginEvent) client.Event {
		var data struct{ Result string }
		if json.Unmarshal(ev.Data, &data) != nil || data.Result != "done" {
			return nil // it stays a *client.PluginEvent
		}
		return &done{ev.EventBase} // a struct of yours that embeds client.EventBase
	}
	h := must(s.Attach(ctx, "janus.plugin.echotest", &client.AttachOptions{Decode: decode}))
	check(h.Hangup(ctx))
	for ev, err := range h.Events(ctx) {
		check(err)
		switch ev := ev.(type) {
		case *done:
			return
		case *client.PluginEvent: // what was received, and the description if it had one
			log.Println(string(ev.Data), ev.JSEP != nil)
		}
	}
	// README ends
}

func onEvent(ctx context.Context, h *client.Handle) {
	// README begins
	var mux client.Mux
	client.On(&mux, func(ctx context.Context, ev *client.Hangup) { log.Println("hung up:", ev.Reason) })
	client.On(&mux, func(ctx context.Context, ev *client.SlowLink) { check(h.Hangup(ctx)) })
	err := mux.Run(ctx, h) // until the handle or ctx ends
	// README ends
	log.Println(err)
}

func administer(ctx context.Context, url, secret, token string) {
	// README begins
	a := must(admin.Dial(ctx, url, &admin.Options{Secret: secret}))
	defer a.Close()
	must(a.AddToken(ctx, token, "janus.plugin.echotest"))
	check(a.SetLogLevel(ctx, 5))
	for _, session := range must(a.ListSessions(ctx)) {
		for _, handle := range must(a.ListHandles(ctx, session)) {
			info := must(a.HandleInfo(ctx, session, handle, nil))
			log.Println(info.Plugin, info.WebRTC != nil)
		}
	}
	// README ends
}

func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if err != nil {
		log.Panic(err)
	}
}
