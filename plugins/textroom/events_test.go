package textroom_test

import (
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

func rawJSON(s string) json.RawMessage { return json.RawMessage(s) }

// TestEvents has everything happen that can, as Janus words it.
func TestEvents(t *testing.T) {
	s := setUp(t)
	_, ch := s.open()
	base := func(kind, raw string) client.EventBase {
		return client.EventBase{Kind: "textroom." + kind, Session: s.Session().ID(), Handle: s.ID(), Raw: []byte(raw)}
	}
	date := time.Date(2026, 11, 21, 11, 46, 44, 0, time.UTC)
	lobby := client.StrID("lobby")
	for raw, want := range map[string]client.Event{
		`{"textroom":"join","room":1234,"username":"ann","display":"Ann"}`: &textroom.Joined{Room: room, Username: "ann", Display: "Ann"},
		`{"textroom":"join","room":"lobby","username":"ann"}`:              &textroom.Joined{Room: lobby, Username: "ann"},
		`{"textroom":"leave","room":1234,"username":"ann"}`:                &textroom.Left{Room: room, Username: "ann"},
		`{"textroom":"message","room":1234,"from":"ann","date":"2026-11-21T11:46:44+0000","text":"x"}`: &textroom.Message{
			Room: room, From: "ann", Date: date, Text: "x"},
		`{"textroom":"message","room":1234,"from":"ann","date":"?","text":"","whisper":true,"display":"Ann"}`: &textroom.Message{
			Room: room, From: "ann", Display: "Ann", Whisper: true},
		`{"textroom":"announcement","room":1234,"date":"2026-11-21T13:46:44+0200","text":"x"}`: &textroom.Announcement{
			Room: room, Date: date, Text: "x"},
		`{"textroom":"kicked","room":1234,"username":"ann"}`: &textroom.Kicked{Room: room, Username: "ann"},
		`{"textroom":"destroyed","room":1234}`:               &textroom.Destroyed{Room: room},
	} {
		ch.incoming <- raw
		got, err := s.Next(t.Context())
		require.NoError(t, err)
		kind := strings.TrimPrefix(got.Base().Kind, "textroom.")
		require.Equal(t, base(kind, raw), *got.Base())
		require.Equal(t, strings.ToLower(reflect.TypeOf(got).Elem().Name()), kind)
		*got.Base() = client.EventBase{}
		switch ev := got.(type) {
		case *textroom.Message:
			ev.Date = ev.Date.UTC()
		case *textroom.Announcement:
			ev.Date = ev.Date.UTC()
		}
		require.Equal(t, want, got)
	}
}

// TestHostileChannel sends what no Janus would. Nothing is lost, nothing ends.
func TestHostileChannel(t *testing.T) {
	s := setUp(t)
	c, ch := s.open()
	for _, raw := range []string{
		`{}`, `5`, `[]`, `null`, `"x"`, `{"textroom":5}`, `{"textroom":"join","room":1.5}`, `{"textroom":"join","room":{}}`,
		`{"textroom":"message","text":5}`, `{"textroom":"message","whisper":"yes"}`, `{"textroom":"unheard of","room":1}`,
		`{"textroom":"success","transaction":"not ours"}`, `{"transaction":5}`, `{"textroom":["join"]}`,
		`{"textroom":"join","username":null,"room":-1}`,
	} {
		ch.incoming <- raw
		ev := next[*client.PluginEvent](t, s)
		require.Equal(t, raw, string(ev.Data))
		require.Equal(t, textroom.Plugin, ev.Plugin)
		require.Equal(t, s.ID(), ev.Handle)
	}
	for _, raw := range []string{``, `{`, "\x00", `{"textroom":"join",}`, "\xff\xfe", `{} {}`} {
		ch.incoming <- raw
		require.ErrorAs(t, next[*textroom.Error](t, s).Err, new(*client.ProtocolError), raw)
	}
	ch.incoming <- `{"error_code":1e3,"error":5}`
	next[*client.PluginEvent](t, s)
	ch.incoming <- `{"error_code":99999999999999,"error":5}`
	require.ErrorAs(t, next[*textroom.Error](t, s).Err, new(*client.PluginError))
	require.NoError(t, c.Err())
}

// FuzzChannel receives anything, while a request waits: it is the answer, or an
// event, and what comes after it arrives.
func FuzzChannel(f *testing.F) {
	s := setUp(f)
	c, ch := s.open()
	const marker = `{"textroom":"destroyed","room":"marker"}`
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx, cancel := context.WithCancel(t.Context())
		got := async(func() ([]textroom.Room, error) { return c.List(ctx, "") })
		r := ch.expect(t, "list")
		ch.incoming <- string(data)
		ch.incoming <- marker
		ev, err := s.Next(t.Context())
		require.NoError(t, err)
		if raw := string(ev.Base().Raw); raw != marker || !textroom.Answers(data, r.Transaction) {
			if ev.Base().Raw != nil {
				require.Equal(t, string(data), raw)
			}
			ev, err = s.Next(t.Context())
			require.NoError(t, err)
		}
		require.Equal(t, marker, string(ev.Base().Raw), "lost")
		require.IsType(t, &textroom.Destroyed{}, ev)
		require.Equal(t, client.StrID("marker"), ev.(*textroom.Destroyed).Room)
		cancel()
		<-got
		require.Zero(t, c.Waiting())
	})
}

// FuzzDecode decodes events of the Janus API. What it decodes keeps its message,
// and everything else stays as it is.
func FuzzDecode(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		event := func() *client.PluginEvent {
			return &client.PluginEvent{EventBase: client.EventBase{Kind: "event", Session: 1, Handle: 2, Raw: []byte("raw")},
				Plugin: textroom.Plugin, Data: slices.Clone(data)}
		}
		ev := event()
		typed := textroom.Decode(ev)
		require.Equal(t, event(), ev, "decoding changes nothing")
		if typed != nil {
			base := *typed.Base()
			require.Equal(t, "textroom.error", base.Kind)
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
	var documented []string
	for _, line := range regexp.MustCompile(`(?m)^//\t(\*[A-Z].*)$`).FindAllSubmatch(doc, -1) {
		documented = append(documented, strings.Split(strings.TrimSuffix(string(line[1]), ","), ", ")...)
	}
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
