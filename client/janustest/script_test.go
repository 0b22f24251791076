package janustest_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
)

// A room of a script, with somebody who comes in later.
func ExampleNewScript() {
	t := &exampleT{}
	defer t.finish()
	gw := janustest.New(t)
	gw.Handle("janus.plugin.videoroom", janustest.NewScript(janustest.Step{
		On:    "join",
		Event: `{"videoroom":"joined","room":1,"id":7,"publishers":[]}`,
		Then:  []any{`{"videoroom":"event","room":1,"publishers":[{"id":8}]}`},
	}))

	c, _ := gw.Client(t.Context(), nil)
	s, _ := c.NewSession(t.Context())
	h, _ := s.Attach(t.Context(), "janus.plugin.videoroom", nil)
	resp, _ := h.Request(t.Context(), map[string]any{"request": "join", "room": 1, "ptype": "publisher"}, nil)
	fmt.Println(string(resp.Data))
	event, _ := h.Next(t.Context())
	fmt.Println(string(event.(*client.PluginEvent).Data))
	_ = c.Close()
	// Output:
	// {"videoroom":"joined","room":1,"id":7,"publishers":[]}
	// {"videoroom":"event","room":1,"publishers":[{"id":8}]}
}

func TestScript(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw := janustest.New(t)
		gw.Handle(probe, janustest.NewScript(
			janustest.Step{On: "twice", Times: 2, Answer: map[string]int{"n": 2}},
			janustest.Step{On: "twice", Answer: `{"n":3}`},
			janustest.Step{On: "event", Event: `{"x":1}`, Then: []any{`{"x":2}`, map[string]int{"x": 3}}, Wait: 5 * time.Second},
			janustest.Step{On: "ack", Then: []any{`{"x":4}`}},
			janustest.Step{On: "fail", Fail: &client.PluginError{PluginCode: client.PluginCode{Plugin: probe, Code: 499}, Reason: "no"}},
			janustest.Step{On: "refuse", Fail: client.WrongWebRTCState, Answer: "{}"},
		))
		p := play(t, gw, attachProbe)
		ask := func(request, jsep string, answers ...string) {
			script := `a> {"janus":"message","transaction":"m","session_id":$S,"handle_id":$H,"body":{"request":` + request + `}` + jsep + `}`
			for _, a := range answers {
				script += "\na< " + a
			}
			p.Run(script)
		}
		const (
			success = `{"janus":"success","session_id":$S,"transaction":"m","sender":$H,"plugindata":{"plugin":"janus.plugin.probe","data":`
			ack     = `{"janus":"ack","session_id":$S,"transaction":"m"}`
			event   = `{"janus":"event","session_id":$S,"transaction":"m","sender":$H,"plugindata":{"plugin":"janus.plugin.probe","data":`
			push    = `{"janus":"event","session_id":$S,"sender":$H,"plugindata":{"plugin":"janus.plugin.probe","data":`
		)
		ask(`"twice"`, "", success+`{"n":2}}}`)
		ask(`"twice"`, "", success+`{"n":2}}}`)
		ask(`"twice"`, "", success+`{"n":3}}}`)
		start := time.Now()
		ask(`"event"`, `,"jsep":{"type":"offer","sdp":$OFFER}`, ack, event+`{"x":1}},"jsep":{"type":"answer","sdp":"~v=0"}}`)
		require.Zero(t, time.Since(start))
		p.Run("a< " + push + `{"x":2}}}`)
		require.Equal(t, 5*time.Second, time.Since(start))
		p.Run("a< " + push + `{"x":3}}}`)
		ask(`"ack"`, "", ack, push+`{"x":4}}}`)
		ask(`"fail"`, "", ack, event+`{"probe":"event","error_code":499,"error":"no"}}}`)
		ask(`"refuse"`, "", `{"janus":"error","session_id":$S,"transaction":"m","error":471}`)
		ask(`5`, "", `{"janus":"error","session_id":$S,"transaction":"m","error":462}`)
		p.Fence()

		// What waits does not hold up the end.
		ask(`"event"`, "", ack, event+`{"x":1}}}`)
		gw.Close()
		require.Equal(t, 5*time.Second, time.Since(start))
	})
}
