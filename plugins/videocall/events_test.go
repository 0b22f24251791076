package videocall

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
)

func event(data string, jsep *client.JSEP) *client.PluginEvent {
	return &client.PluginEvent{
		EventBase: client.EventBase{Kind: "event", Session: 1, Handle: 2, Raw: []byte("raw")},
		Plugin:    Plugin, Data: []byte(data), JSEP: jsep,
	}
}

func TestDecode(t *testing.T) {
	base := func(kind string) client.EventBase {
		return client.EventBase{Kind: "videocall." + kind, Session: 1, Handle: 2, Raw: []byte("raw")}
	}
	for data, want := range map[string]client.Event{
		`{"videocall":"event","result":{"event":"hangup","username":"bob","reason":"x"}}`: &Ended{base("ended"), "bob", "x"},
		`{"videocall":"event","result":{"event":"simulcast","videocodec":"vp8","substream":0}}`: &LayerChanged{
			EventBase: base("layer_changed"), VideoCodec: "vp8", Substream: new(0)},
		`{"videocall":"event","result":{"event":"simulcast","videocodec":"vp8","temporal":2}}`: &LayerChanged{
			EventBase: base("layer_changed"), VideoCodec: "vp8", Temporal: new(2)},
		`{"videocall":"event","result":{"event":"slow_link","media":"video","current-bitrate":128000}}`: &SlowLink{
			base("slow_link"), "video", 128000},
		`{"videocall":"event","result":{"event":"slow_link","media":"audio"}}`: &SlowLink{base("slow_link"), "audio", 0},
		`{"videocall":"event","error_code":478,"error":"no"}`: &Error{base("error"), &client.PluginError{
			PluginCode: ErrNoSuchUsername, Reason: "no", Raw: []byte(`{"videocall":"event","error_code":478,"error":"no"}`)}},
	} {
		require.Equal(t, want, decode(event(data, nil)), data)
	}
	j := &client.JSEP{Type: "offer", SDP: "v=0"}
	for data, want := range map[string]client.Event{
		`{"videocall":"event","result":{"event":"incomingcall","username":"bob"}}`: &Incoming{base("incoming"), "bob", j},
		`{"videocall":"event","result":{"event":"accepted","username":"bob"}}`:     &Accepted{base("accepted"), "bob", j, nil},
		`{"videocall":"event","result":{"event":"update"}}`:                        &Updated{base("updated"), j, nil},
	} {
		require.Equal(t, want, decode(event(data, j)), data)
	}
}

func TestDecodeLosesNothing(t *testing.T) {
	for _, data := range []string{
		``, `null`, `5`, `[]`, `{}`, `{"videocall":"event"}`, `{"videocall":"event","result":"ok"}`, `{"videocall":"event","result":{}}`,
		`{"videocall":"news","result":{"event":"hangup"}}`, `{"videocall":"event","result":{"event":5}}`,
		`{"videocall":"event","result":{"event":"incomingcall","username":"bob"}}`, `{"videocall":"event","result":{"event":"update"}}`,
		`{"videocall":"event","result":{"event":"accepted"}}`, `{"videocall":"event","result":{"event":"simulcast"}}`,
		`{"videocall":"event","result":{"event":"simulcast","substream":"x"}}`, `{"videocall":"event","error_code":"478"}`,
		`{"videocall":"event","result":{"event":"unheard_of"}}`, `{"videocall":"event","result":{"list":["ann"]}}`,
	} {
		require.Nil(t, decode(event(data, nil)), data)
	}
	require.Nil(t, decode(event(`{"videocall":"event","result":{"event":"hangup"}}`, &client.JSEP{})), "Ended has no room for a description")
	other := event(`{"videocall":"event","result":{"event":"hangup"}}`, nil)
	other.Plugin = "janus.plugin.videoroom"
	require.Nil(t, decode(other))
}

// FuzzDecode decodes anything. What it decodes keeps its message, and everything
// else stays as it is.
func FuzzDecode(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte, described bool) {
		var j *client.JSEP
		if described {
			j = &client.JSEP{Type: "offer"}
		}
		ev := event(string(data), j)
		typed := decode(ev)
		require.Equal(t, event(string(data), j), ev, "decoding changes nothing")
		if typed != nil {
			base := *typed.Base()
			require.True(t, strings.HasPrefix(base.Kind, "videocall."), base.Kind)
			base.Kind = ev.Kind
			require.Equal(t, ev.EventBase, base)
		}
	})
}

// TestDocumentedEvents compares the list in the package comment with the code.
func TestDocumentedEvents(t *testing.T) {
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var found []string
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if body, ok := spec.Type.(*ast.StructType); ok && embedsEventBase(body) {
				found = append(found, "*"+spec.Name.Name)
			}
			return false
		})
	}
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	list := regexp.MustCompile(`(?m)^//\t(\*[A-Z]\w*.*)$`).FindSubmatch(doc)
	require.NotNil(t, list)
	documented := strings.Split(string(list[1]), ", ")
	slices.Sort(found)
	slices.Sort(documented)
	require.Equal(t, found, documented)
}

func embedsEventBase(s *ast.StructType) bool {
	return slices.ContainsFunc(s.Fields.List, func(f *ast.Field) bool {
		sel, ok := f.Type.(*ast.SelectorExpr)
		return ok && len(f.Names) == 0 && sel.Sel.Name == "EventBase"
	})
}
