package admin

import (
	"context"
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
)

// TestArguments has nothing sent that the gateway would refuse, cut off, or take
// for another request.
func TestArguments(t *testing.T) {
	c, _ := newFake(t, nil) // which would wait for ever
	to := Capture{Folder: "f", Filename: "n"}
	for name, call := range map[string]func(context.Context) error{
		"no name":    func(ctx context.Context) error { return c.Call(ctx, Request{}, nil) },
		"no session": func(ctx context.Context) error { return c.Call(ctx, Request{Name: "x", Handle: 1}, nil) },
		"list":       func(ctx context.Context) error { return c.Call(ctx, Request{Name: "x", Body: []int{}}, nil) },
		"no JSON": func(ctx context.Context) error {
			return c.Call(ctx, Request{Name: "x", Body: json.RawMessage(`{`)}, nil)
		},
		"a channel": func(ctx context.Context) error { return c.Call(ctx, Request{Name: "x", Body: make(chan int)}, nil) },
		"verb": func(ctx context.Context) error {
			return c.Call(ctx, Request{Name: "x", Body: fields{"janus": "y"}}, nil)
		},
		"transaction": func(ctx context.Context) error {
			return c.Call(ctx, Request{Name: "x", Body: fields{"transaction": "y"}}, nil)
		},
		"secret": func(ctx context.Context) error {
			return c.Call(ctx, Request{Name: "x", Body: fields{"admin_secret": "y"}}, nil)
		},
		"session": func(ctx context.Context) error {
			return c.Call(ctx, Request{Name: "x", Body: fields{"session_id": 1}}, nil)
		},
		"escaped": func(ctx context.Context) error {
			return c.Call(ctx, Request{Name: "x", Body: json.RawMessage(`{"h\u0061ndle_id":1}`)}, nil)
		},
		"timeout":      func(ctx context.Context) error { return c.SetSessionTimeout(ctx, -1) },
		"long timeout": func(ctx context.Context) error { return c.SetSessionTimeout(ctx, math.MaxInt32+1) },
		"of none":      func(ctx context.Context) error { return c.SetSessionTimeoutOf(ctx, 0, 1) },
		"of one":       func(ctx context.Context) error { return c.SetSessionTimeoutOf(ctx, 1, -2) },
		"level":        func(ctx context.Context) error { return c.SetLogLevel(ctx, 8) },
		"line level":   func(ctx context.Context) error { return c.CustomLogline(ctx, "line", -1) },
		"queue":        func(ctx context.Context) error { _, err := c.SetMinNACKQueue(ctx, 65536); return err },
		"timer":        func(ctx context.Context) error { return c.SetNoMediaTimer(ctx, -1) },
		"threshold":    func(ctx context.Context) error { return c.SetSlowlinkThreshold(ctx, -1) },
		"token":        func(ctx context.Context) error { _, err := c.AddToken(ctx, ""); return err },
		"remove":       func(ctx context.Context) error { return c.RemoveToken(ctx, "") },
		"allow":        func(ctx context.Context) error { _, err := c.AllowToken(ctx, "t"); return err },
		"disallow":     func(ctx context.Context) error { _, err := c.DisallowToken(ctx, "t"); return err },
		"handles":      func(ctx context.Context) error { _, err := c.ListHandles(ctx, 0); return err },
		"destroy":      func(ctx context.Context) error { return c.DestroySession(ctx, 0) },
		"info":         func(ctx context.Context) error { _, err := c.HandleInfo(ctx, 1, 0, nil); return err },
		"info of none": func(ctx context.Context) error { _, err := c.HandleInfo(ctx, 0, 1, nil); return err },
		"hangup":       func(ctx context.Context) error { return c.HangupWebRTC(ctx, 1, 0) },
		"detach":       func(ctx context.Context) error { return c.DetachHandle(ctx, 0, 1) },
		"pcap":         func(ctx context.Context) error { return c.StartPcap(ctx, 1, 0, to) },
		"folder":       func(ctx context.Context) error { return c.StartPcap(ctx, 1, 1, Capture{Filename: "n"}) },
		"file":         func(ctx context.Context) error { return c.StartText2pcap(ctx, 1, 1, Capture{Folder: "f"}) },
		"truncate":     func(ctx context.Context) error { return c.StartPcap(ctx, 1, 1, Capture{"f", "n", -1}) },
		"stop":         func(ctx context.Context) error { return c.StopText2pcap(ctx, 1, 0) },
		"plugin":       func(ctx context.Context) error { _, err := c.MessagePlugin(ctx, "", nil); return err },
		"request":      func(ctx context.Context) error { _, err := c.QueryLogger(ctx, "l", "info"); return err },
		"schema":       func(ctx context.Context) error { return c.CustomEvent(ctx, "", nil) },
		"address":      func(ctx context.Context) error { _, err := c.ResolveAddress(ctx, ""); return err },
		"no server":    func(ctx context.Context) error { _, err := c.TestSTUN(ctx, STUNServer{Port: 1}); return err },
		"port":         func(ctx context.Context) error { _, err := c.TestSTUN(ctx, STUNServer{Address: "a"}); return err },
	} {
		var bad *client.ArgumentError
		require.ErrorAs(t, call(t.Context()), &bad, name)
		require.NotEmpty(t, bad.Op)
	}
}
