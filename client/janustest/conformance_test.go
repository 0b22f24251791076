package janustest_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bifrons-rtc/bifrons/client/janustest"
)

// fact is one thing about the protocol, told as an exchange of raw messages.
// Lines of a script:
//
//	a> JSON    connection a sends this; it dials first if it has not yet
//	a< JSON    a receives this, in any order among the < and ? lines up to the
//	           next line of another kind
//	a? JSON    a may receive this, from here to the end of the script
//	a!         a is closed
//	wait 5s    time passes
//
// In what is received, "$id" stands for an id, "$any" for any value, "$S=" for
// an id that $S stands for from then on, and "error":403 for the whole error
// object. Everything else must be as written, with not a field more or less,
// or must begin with, hold, or not hold what stands behind "~", "*" or "!". $OFFER and other
// names in capitals stand for JSON values the runner knows.
type fact struct {
	name   string
	setup  string // the key of configurations; empty for the default
	memory bool   // of this gateway alone: a real one cannot be brought to it here
	script string
}

// configurations of the gateway. Each has its twin for the real Janus.
var configurations = map[string]*janustest.Options{
	"": {},
	"auth": {APISecret: "sek", Tokens: map[string][]string{
		"tall": nil, "techo": {"janus.plugin.echotest"}}},
	"signed":      {TokenSecret: "signkey"},
	"timeout":     {SessionTimeout: time.Second},
	"reclaim":     {SessionTimeout: 20 * time.Second, ReclaimTimeout: time.Second},
	"fulltrickle": {FullTrickle: true},
	"opaque":      {OpaqueIDInAPI: true},
}

// TestConformance holds the in-memory gateway to the facts. TestJanusConformance
// holds a real Janus to the same ones.
func TestConformance(t *testing.T) {
	for _, f := range facts() {
		t.Run(f.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				gw := janustest.New(t, configurations[f.setup])
				gw.Handle("janus.plugin.lua", luaEcho)
				settled(play(t, gw, f.script))
			})
		})
	}
}

// luaEcho is the script that package janusproc gives Janus' Lua plugin.
var luaEcho = janustest.PluginFunc(func(_ context.Context, m *janustest.Message) (*janustest.Answer, error) {
	var body struct {
		Reply string `json:"reply"`
	}
	_ = json.Unmarshal(m.Body, &body) // other types of reply mean nothing
	if body.Reply == "error" {
		return nil, errors.New("as asked")
	}
	return &janustest.Answer{Data: m.Body, Async: body.Reply == "event"}, nil
})
