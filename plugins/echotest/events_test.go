package echotest

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

func event(data string) *client.PluginEvent {
	return &client.PluginEvent{
		EventBase: client.EventBase{Kind: "event", Session: 1, Handle: 2, Raw: []byte("raw")},
		Plugin:    Plugin, Data: []byte(data),
	}
}

func TestDecode(t *testing.T) {
	base := func(kind string) client.EventBase {
		return client.EventBase{Kind: kind, Session: 1, Handle: 2, Raw: []byte("raw")}
	}
	for data, want := range map[string]client.Event{
		`{"echotest":"event","result":"done"}`: &Done{base("echotest.done")},
		`{"echotest":"event","event":"slow_link","media":"video","current-bitrate":128000}`: &SlowLink{
			base("echotest.slow_link"), "video", 128000},
		`{"echotest":"event","event":"slow_link","media":"audio"}`: &SlowLink{base("echotest.slow_link"), "audio", 0},
		`{"echotest":"event","videocodec":"vp8","substream":0}`: &LayerChanged{
			EventBase: base("echotest.layer_changed"), VideoCodec: "vp8", Substream: new(0)},
		`{"echotest":"event","videocodec":"vp8","temporal":2}`: &LayerChanged{
			EventBase: base("echotest.layer_changed"), VideoCodec: "vp8", Temporal: new(2)},
		`{"echotest":"event","videocodec":"vp9","spatial_layer":1}`: &LayerChanged{
			EventBase: base("echotest.layer_changed"), VideoCodec: "vp9", SpatialLayer: new(1)},
		`{"echotest":"event","videocodec":"av1","temporal_layer":1}`: &LayerChanged{
			EventBase: base("echotest.layer_changed"), VideoCodec: "av1", TemporalLayer: new(1)},
		`{"echotest":"event","error_code":413,"error":"no"}`: &Error{base("echotest.error"), &client.PluginError{
			PluginCode: ErrInvalidElement, Reason: "no", Raw: []byte(`{"echotest":"event","error_code":413,"error":"no"}`)}},
	} {
		require.Equal(t, want, decode(event(data)), data)
	}
}

func TestDecodeLosesNothing(t *testing.T) {
	for _, data := range []string{
		``, `null`, `5`, `[]`, `{}`, `{"echotest":"event"}`, `{"echotest":"event","result":"ok"}`,
		`{"echotest":"news","result":"done"}`, `{"echotest":"event","result":5}`, `{"echotest":"event","substream":"x"}`,
		`{"echotest":"event","event":"unheard_of"}`, `{"echotest":"event","error_code":"413"}`,
	} {
		require.Nil(t, decode(event(data)), data)
	}
	other := event(`{"echotest":"event","result":"done"}`)
	other.Plugin = "janus.plugin.videoroom"
	require.Nil(t, decode(other))
	withJSEP := event(`{"echotest":"event","result":"done"}`)
	withJSEP.JSEP = &client.JSEP{Type: "offer"}
	require.Nil(t, decode(withJSEP), "Done has no room for a description")
}

// FuzzDecode decodes anything. What it decodes keeps its message, and
// everything else stays as it is.
func FuzzDecode(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		ev := event(string(data))
		typed := decode(ev)
		require.Equal(t, event(string(data)), ev, "decoding changes nothing")
		if typed != nil {
			base := *typed.Base()
			require.True(t, strings.HasPrefix(base.Kind, "echotest."), base.Kind)
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
