package conform

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/bifrons-rtc/bifrons/client/janustest"
)

// Lua is the script that package janusproc gives Janus' Lua plugin, for the
// doubles.
var Lua = janustest.PluginFunc(func(_ context.Context, m *janustest.Message) (*janustest.Answer, error) {
	var body struct {
		Reply string `json:"reply"`
	}
	_ = json.Unmarshal(m.Body, &body) // other types of reply mean nothing
	if body.Reply == "error" {
		return nil, errors.New("as asked")
	}
	return &janustest.Answer{Data: m.Body, Async: body.Reply == "event"}, nil
})
