//go:build !js

package janusproc_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
)

// TestJanusLua checks what doc.go promises of janus.plugin.lua.
func TestJanusLua(t *testing.T) {
	s := janustesting.New(t, nil)
	type answer struct {
		Janus string
		Data  struct{ ID uint64 }
		Error struct{ Code int }
		Body  struct{ Data map[string]any } `json:"plugindata"`
	}
	request := func(method, url, body string) (a answer) {
		t.Helper()
		text, err := call(t, method, url, body)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal([]byte(text), &a), text)
		return a
	}
	session := fmt.Sprintf("%s/%d", s.HTTP(), request("POST", s.HTTP(), `{"janus":"create","transaction":"a"}`).Data.ID)
	handle := fmt.Sprintf("%s/%d", session,
		request("POST", session, `{"janus":"attach","transaction":"b","plugin":"janus.plugin.lua"}`).Data.ID)
	message := func(body string) answer {
		t.Helper()
		return request("POST", handle, `{"janus":"message","transaction":"c","body":`+body+`}`)
	}

	a := message(`{"n":1}`)
	require.Equal(t, "success", a.Janus)
	require.Equal(t, map[string]any{"n": 1.0}, a.Body.Data)

	require.Equal(t, "ack", message(`{"reply":"event","n":2}`).Janus)
	a = request("GET", session, "")
	require.Equal(t, "event", a.Janus)
	require.Equal(t, map[string]any{"n": 2.0, "reply": "event"}, a.Body.Data)

	require.Equal(t, 462, message(`{"reply":"error"}`).Error.Code)
}
