package videoroom

import (
	"encoding/json"
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
		return client.EventBase{Kind: "videoroom." + kind, Session: 1, Handle: 2, Raw: []byte("raw")}
	}
	seven := client.NumID(7)
	refusal := `{"videoroom":"event","error_code":428,"error":"no"}`
	for data, want := range map[string]client.Event{
		`{"videoroom":"event","room":1,"publishers":[]}`:                                                 &Published{base("published"), []Feed{}},
		`{"videoroom":"event","room":1,"unpublished":7}`:                                                 &Unpublished{base("unpublished"), seven, ""},
		`{"videoroom":"event","room":1,"unpublished":7,"display":"x"}`:                                   &Unpublished{base("unpublished"), seven, "x"},
		`{"videoroom":"event","room":1,"leaving":7}`:                                                     &Left{base("left"), seven, "", false, ""},
		`{"videoroom":"event","room":1,"leaving":"ok","display":"x"}`:                                    &Left{base("left"), client.StrID("ok"), "x", false, ""},
		`{"videoroom":"event","room":1,"leaving":"ok","reason":"kicked"}`:                                &Left{base("left"), client.ID{}, "", true, "kicked"},
		`{"videoroom":"event","room":1,"kicked":7,"display":"x"}`:                                        &Kicked{base("kicked"), seven, "x", nil},
		`{"videoroom":"event","room":1,"id":7,"mid":"1","moderation":"muted"}`:                           &Moderated{base("moderated"), seven, "1", true},
		`{"videoroom":"event","room":1,"id":7,"mid":"1","moderation":"unmuted"}`:                         &Moderated{base("moderated"), seven, "1", false},
		`{"videoroom":"event","id":7,"display":"x"}`:                                                     &Changed{base("changed"), seven, new("x"), nil},
		`{"videoroom":"event","id":7,"metadata":{"a":1}}`:                                                &Changed{base("changed"), seven, nil, json.RawMessage(`{"a":1}`)},
		`{"videoroom":"talking","room":1,"id":7,"mindex":1,"mid":"1","audio-level-dBov-avg":22.5}`:       &Talking{base("talking"), seven, 1, "1", true, 22.5},
		`{"videoroom":"stopped-talking","room":1,"id":7,"mindex":0,"mid":"0","audio-level-dBov-avg":99}`: &Talking{base("talking"), seven, 0, "0", false, 99},
		`{"videoroom":"slow_link","current-bitrate":64000}`:                                              &SlowLink{base("slow_link"), 64000},
		`{"videoroom":"slow_link"}`:                                                                      &SlowLink{base("slow_link"), 0},
		`{"videoroom":"event","room":1,"mid":"1","substream":0}`:                                         &LayerChanged{EventBase: base("layer_changed"), MID: "1", Substream: new(0)},
		`{"videoroom":"event","room":1,"mid":"1","temporal":2}`:                                          &LayerChanged{EventBase: base("layer_changed"), MID: "1", Temporal: new(2)},
		`{"videoroom":"event","room":1,"mid":"1","spatial_layer":1}`:                                     &LayerChanged{EventBase: base("layer_changed"), MID: "1", SpatialLayer: new(1)},
		`{"videoroom":"event","room":1,"mid":"1","temporal_layer":1}`:                                    &LayerChanged{EventBase: base("layer_changed"), MID: "1", TemporalLayer: new(1)},
		`{"videoroom":"updated","room":1,"streams":[]}`:                                                  &Updated{base("updated"), []SubscriberStream{}, nil},
		`{"videoroom":"destroyed","room":1}`:                                                             &Destroyed{base("destroyed"), client.NumID(1)},
		refusal:                                                                                          &Error{base("error"), &client.PluginError{PluginCode: ErrNoSuchFeed, Reason: "no", Raw: []byte(refusal)}},
	} {
		require.Equal(t, want, decode(event(data)), data)
	}
	joining := decode(event(`{"videoroom":"event","room":1,"joining":{"id":"x","display":"y","new":1}}`)).(*Joined)
	require.Equal(t, client.StrID("x"), joining.Attendee.ID)
	require.JSONEq(t, `{"id":"x","display":"y","new":1}`, string(joining.Attendee.Raw), "what this version does not know is kept")
}

func TestDecodeLosesNothing(t *testing.T) {
	for _, data := range []string{
		``, `null`, `5`, `[]`, `{}`, `{"videoroom":"event"}`, `{"videoroom":"event","started":"ok"}`, `{"videoroom":"news"}`,
		`{"videoroom":"event","unpublished":{}}`, `{"videoroom":"event","unpublished":-1}`, `{"videoroom":"event","unpublished":1.5}`,
		`{"videoroom":"event","publishers":{}}`, `{"videoroom":"event","publishers":[5]}`, `{"videoroom":"event","moderation":"maybe"}`,
		`{"videoroom":"updated","room":1}`, `{"videoroom":"talking","id":[]}`, `{"videoroom":"event","error_code":"428"}`,
	} {
		require.Nil(t, decode(event(data)), data)
	}
	other := event(`{"videoroom":"destroyed","room":1}`)
	other.JSEP = &client.JSEP{Type: "offer"}
	require.Nil(t, decode(other), "Destroyed has no room for a description")
	other.JSEP, other.Plugin = nil, "janus.plugin.echotest"
	require.Nil(t, decode(other))
	late := event(`{"videoroom":"event","room":1,"leaving":"ok"}`)
	late.Transaction = "x"
	require.Nil(t, decode(late), "the answer to a request that nobody waits for")
}

// FuzzDecode decodes anything. What it decodes keeps its message, and everything
// else stays as it is. A roster and a plan bear all of it.
func FuzzDecode(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		ev := event(string(data))
		typed := decode(ev)
		require.Equal(t, event(string(data)), ev, "decoding changes nothing")
		var reply JoinReply
		_ = json.Unmarshal(data, &reply)
		var who roster
		who.reset(&reply)
		if typed != nil {
			base := *typed.Base()
			require.True(t, strings.HasPrefix(base.Kind, "videoroom."), base.Kind)
			base.Kind = ev.Kind
			require.Equal(t, ev.EventBase, base)
			who.apply(typed)
		}
		require.Len(t, who.list(), len(who.feeds))
		var streams subscribed
		_ = json.Unmarshal(data, &streams)
		wanted := Wanted{All: true, Speakers: 3}
		p := planner{targets: wanted.targets(&who), streams: streams.Streams, dataMID: who.dataMID}
		out := p.plan()
		require.LessOrEqual(t, len(out.add), len(p.targets))
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
			if body, ok := spec.Type.(*ast.StructType); ok && spec.Name.IsExported() && embedsEventBase(body) {
				found = append(found, "*"+spec.Name.Name)
			}
			return false
		})
	}
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	_, list, ok := strings.Cut(string(doc), "# Events")
	require.True(t, ok)
	list, _, _ = strings.Cut(list, "// # ")
	documented := regexp.MustCompile(`\*[A-Z]\w*`).FindAllString(list, -1)
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
