package janustest_test

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/internal/conform"
)

const probe = "janus.plugin.probe"

// attachProbe makes a session $S with a handle $H of the probe plugin.
const attachProbe = withSession + `
	a> {"janus":"attach","transaction":"attach","session_id":$S,"plugin":"` + probe + `","opaque_id":"mine"}
	a< {"janus":"success","session_id":$S,"transaction":"attach","data":{"id":"$H="}}
`

const message = `a> {"janus":"message","transaction":"m","session_id":$S,"handle_id":$H,"body":{"n":1}}
`

func TestPluginAnswers(t *testing.T) {
	code := client.PluginCode{Plugin: probe, Code: 499}
	for name, test := range map[string]struct {
		answer *janustest.Answer
		err    error
		want   string
	}{
		"synchronous": {&janustest.Answer{Data: map[string]int{"n": 1}}, nil,
			`a< {"janus":"success","session_id":$S,"transaction":"m","sender":$H,"plugindata":{"plugin":"janus.plugin.probe","data":{"n":1}}}`},
		"no data": {&janustest.Answer{}, nil,
			`a< {"janus":"success","session_id":$S,"transaction":"m","sender":$H,"plugindata":{"plugin":"janus.plugin.probe","data":{}}}`},
		"asynchronous": {&janustest.Answer{Async: true, Hint: "soon", JSEP: &client.JSEP{Type: "offer", SDP: "v=0<"}}, nil, `
			a< {"janus":"ack","session_id":$S,"transaction":"m","hint":"soon"}
			a< {"janus":"event","session_id":$S,"transaction":"m","sender":$H,"plugindata":{"plugin":"janus.plugin.probe","data":{}},"jsep":{"type":"offer","sdp":"v=0<"}}`},
		"nothing": {nil, nil, `a< {"janus":"ack","session_id":$S,"transaction":"m"}`},
		"plugin error": {nil, &client.PluginError{PluginCode: code, Reason: "no"}, `
			a< {"janus":"ack","session_id":$S,"transaction":"m"}
			a< {"janus":"event","session_id":$S,"transaction":"m","sender":$H,"plugindata":{"plugin":"janus.plugin.probe","data":{"probe":"event","error_code":499,"error":"no"}}}`},
		"synchronous plugin error": {&janustest.Answer{}, &client.PluginError{PluginCode: code, Raw: json.RawMessage(`{"error_code":1}`)},
			`a< {"janus":"success","session_id":$S,"transaction":"m","sender":$H,"plugindata":{"plugin":"janus.plugin.probe","data":{"error_code":1}}}`},
		"code":       {nil, client.WrongWebRTCState, `a< {"janus":"error","session_id":$S,"transaction":"m","error":471}`},
		"core error": {nil, &client.Error{Code: client.InvalidSDP}, `a< {"janus":"error","session_id":$S,"transaction":"m","error":465}`},
		"error":      {nil, errors.New("oh"), `a< {"janus":"error","session_id":$S,"transaction":"m","error":462}`},
		"no JSON":    {&janustest.Answer{Data: func() {}}, nil, `a< {"janus":"error","session_id":$S,"transaction":"m","error":462}`},
		"synchronous description": {&janustest.Answer{JSEP: &client.JSEP{}}, nil,
			`a< {"janus":"error","session_id":$S,"transaction":"m","error":462}`},
	} {
		t.Run(name, func(t *testing.T) {
			gw := janustest.New(t, nil)
			gw.Handle(probe, janustest.PluginFunc(func(_ context.Context, m *janustest.Message) (*janustest.Answer, error) {
				require.JSONEq(t, `{"n":1}`, string(m.Body))
				require.Equal(t, "m", m.Transaction)
				require.Equal(t, "mine", m.OpaqueID)
				return test.answer, test.err
			}))
			play(t, gw, attachProbe+message+test.want).Fence()
		})
	}
}

// hooked is a plugin that tells what happens to it.
type hooked struct {
	refuse error
	mu     sync.Mutex
	log    []string
}

func (h *hooked) note(s string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.log = append(h.log, s)
}

func (h *hooked) Message(context.Context, *janustest.Message) (*janustest.Answer, error) {
	return nil, nil
}

func (h *hooked) Attached(*janustest.Attachment) error { h.note("attached"); return h.refuse }

func (h *hooked) HungUp(at *janustest.Attachment) {
	h.note("hung up")
	_ = at.Event(map[string]string{"n": "hung up"}, nil)
}

func (h *hooked) Detached(at *janustest.Attachment) {
	h.note("detached")
	_ = at.Event(map[string]string{"n": "detached"}, nil)
}

func (h *hooked) Trickled(_ *janustest.Attachment, list []json.RawMessage) {
	h.note("trickled " + strconv.Itoa(len(list)))
}

func TestPluginHooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw := janustest.New(t, nil)
		h := &hooked{}
		gw.Handle(probe, h)
		p := play(t, gw, attachProbe+`
			a> {"janus":"trickle","transaction":"1","session_id":$S,"handle_id":$H,"candidates":[{"candidate":"x","sdpMid":"0"},{"candidate":"y","sdpMid":"0"}]}
			a< {"janus":"ack","session_id":$S,"transaction":"1"}
			a> {"janus":"trickle","transaction":"2","session_id":$S,"handle_id":$H,"candidate":null}
			a< {"janus":"ack","session_id":$S,"transaction":"2"}
			a> {"janus":"hangup","transaction":"3","session_id":$S,"handle_id":$H}
			a< {"janus":"success","session_id":$S,"transaction":"3"}
			a< {"janus":"event","session_id":$S,"sender":$H,"plugindata":{"plugin":"janus.plugin.probe","data":{"n":"hung up"}}}
			a> {"janus":"detach","transaction":"4","session_id":$S,"handle_id":$H}
			a< {"janus":"success","session_id":$S,"transaction":"4"}
			a< {"janus":"event","session_id":$S,"sender":$H,"plugindata":{"plugin":"janus.plugin.probe","data":{"n":"detached"}}}
			a< {"janus":"detached","session_id":$S,"sender":$H}`)
		p.Fence()
		require.Equal(t, []string{"attached", "trickled 2", "trickled 0", "hung up", "detached"}, h.log)

		// However a handle ends, the plugin hears of it.
		for _, end := range []func(p *conform.Player){
			func(p *conform.Player) { gw.ExpireSession(p.ID("S")) },
			func(*conform.Player) { gw.Drop() },
			func(p *conform.Player) { require.NoError(t, gw.Push(p.ID("S"), p.ID("H"), "detached", nil, nil)) },
			func(p *conform.Player) { require.NoError(t, gw.Push(p.ID("S"), 0, "timeout", nil, nil)) },
			func(p *conform.Player) { p.Run(`a> {"janus":"destroy","transaction":"5","session_id":$S}`) },
			func(*conform.Player) { gw.Close() },
		} {
			h.log = nil
			end(play(t, gw, attachProbe))
			synctest.Wait()
			require.Equal(t, []string{"attached", "detached"}, h.log)
		}
	})
}

func TestPluginRefusesHandle(t *testing.T) {
	gw := janustest.New(t, nil)
	gw.Handle(probe, &hooked{refuse: errors.New("full")})
	p := play(t, gw, withSession+`
		a> {"janus":"attach","transaction":"1","session_id":$S,"plugin":"`+probe+`"}
		a< {"janus":"error","session_id":$S,"transaction":"1","error":461}`)
	p.Fence()
	require.Empty(t, gw.Handles(p.ID("S")))
	gw.Handle(probe, nil)
	p.Run(`
		a> {"janus":"attach","transaction":"2","session_id":$S,"plugin":"` + probe + `"}
		a< {"janus":"error","session_id":$S,"transaction":"2","error":460}`)
}

func TestMessagesOfAHandleAreInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw := janustest.New(t, nil)
		release := make(chan struct{})
		gw.Handle(probe, janustest.PluginFunc(func(ctx context.Context, m *janustest.Message) (*janustest.Answer, error) {
			if m.Transaction == "first" {
				<-release
			}
			require.NoError(t, m.Reply(map[string]string{"about": m.Transaction}, nil))
			return nil, nil
		}))
		p := play(t, gw, attachProbe+`
			a> {"janus":"attach","transaction":"1","session_id":$S,"plugin":"`+probe+`"}
			a< {"janus":"success","session_id":$S,"transaction":"1","data":{"id":"$G="}}
			a> {"janus":"message","transaction":"first","session_id":$S,"handle_id":$H,"body":{}}
			a> {"janus":"message","transaction":"second","session_id":$S,"handle_id":$H,"body":{}}
			a> {"janus":"message","transaction":"other","session_id":$S,"handle_id":$G,"body":{}}
			a< {"janus":"event","session_id":$S,"transaction":"other","sender":$G,"plugindata":{"plugin":"janus.plugin.probe","data":{"about":"other"}}}
			a< {"janus":"ack","session_id":$S,"transaction":"other"}`)
		p.Fence()
		close(release)
		for _, txn := range []string{"first", "second"} {
			p.Run(`a< {"janus":"event","session_id":$S,"transaction":"` + txn + `","sender":$H,"plugindata":{"plugin":"janus.plugin.probe","data":{"about":"` + txn + `"}}}
				a< {"janus":"ack","session_id":$S,"transaction":"` + txn + `"}`)
		}
		p.Fence()
	})
}

// TestCloseWaitsForPlugins also shows when the context of Message ends.
func TestCloseWaitsForPlugins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw := janustest.NewServer(nil)
		ended := 0
		gw.Handle(probe, janustest.PluginFunc(func(ctx context.Context, m *janustest.Message) (*janustest.Answer, error) {
			<-ctx.Done()
			ended++
			require.Error(t, m.Reply(nil, nil), "the handle is gone")
			return nil, ctx.Err()
		}))
		p := play(t, gw, attachProbe+message)
		synctest.Wait()
		p.Run(`
			a> {"janus":"detach","transaction":"1","session_id":$S,"handle_id":$H}
			a< {"janus":"success","session_id":$S,"transaction":"1"}
			a< {"janus":"detached","session_id":$S,"sender":$H}`)
		synctest.Wait()
		require.Equal(t, 1, ended)
		p.Run(`a< {"janus":"error","session_id":$S,"transaction":"m","error":462}`)

		p.Run(attachProbe + message)
		synctest.Wait()
		gw.Close()
		require.Equal(t, 2, ended)
		gw.Close()
		_, err := gw.Client(t.Context(), nil)
		require.ErrorIs(t, err, janustest.ErrServerClosed)
	})
}
