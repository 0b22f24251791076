//go:build !js

package tsgen_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/pagejson"
	"github.com/bifrons-rtc/bifrons/internal/tsgen"
	"github.com/bifrons-rtc/bifrons/internal/tsgen/testdata/radio"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// What is sent to a page is of the types that are written for it.
func TestCrosses(t *testing.T) {
	files, err := tsgen.Generate(t.Context(), &tsgen.Options{
		Dir: "../..", Packages: []string{"./plugins/echotest", "./internal/tsgen/testdata/radio", "./client"}})
	require.NoError(t, err)
	dir := t.TempDir()
	for _, f := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, f.Name), f.Text, 0o600))
	}

	base := func(kind string) client.EventBase { return client.EventBase{Kind: kind, Session: 1, Handle: 2} }
	jsep := &client.JSEP{Type: "offer", Trickle: new(false), SVC: []client.SVC{{MIndex: new(0)}}}
	var text strings.Builder
	text.WriteString("import type * as client from './client.js';\nimport type * as echotest from './echotest.js';\nimport type * as radio from './radio.js';\n")
	for i, v := range []any{
		&client.Hangup{EventBase: base("hangup")},
		&client.MediaState{EventBase: base("media"), Media: "audio", Substream: new(1)},
		&client.RemoteCandidate{EventBase: base("trickle"), Candidate: &client.Candidate{}},
		&client.PluginEvent{EventBase: base("event"), Data: []byte(`{}`), JSEP: jsep},
		&client.Interrupted{EventBase: base("interrupted")},
		&client.ServerInfo{}, &client.ServerInfo{Plugins: map[string]client.Component{"a": {}}, WebRTCEncryption: new(true)},
		&client.Response{},
		&echotest.Done{EventBase: base("echotest.done")},
		&echotest.LayerChanged{EventBase: base("echotest.layer_changed"), Temporal: new(0)},
		&echotest.Config{Audio: new(true), Bitrate: new(1)},
		&radio.Station{ID: client.NumID(7), Band: radio.FM},
		&radio.Station{ID: client.StrID("a"), Band: radio.AM, Owner: &radio.Person{}, Key: []byte{1}, Relays: []client.ID{client.NumID(1)}, JSEP: jsep},
		&radio.Reading{Level: radio.High, Crystal: new(radio.Crystal)}, &radio.Reading{
			Level: radio.Low, Side: radio.Right, Crystal: new(radio.Crystal), Tuner: new(radio.Tuner), Noise: new(0.5),
			Time: time.Now(), RTT: time.Second, Mood: radio.Good, Month: time.May},
		&radio.Options{Servers: []radio.Server{{Protocol: "ice"}}}, &radio.Portable{}, &radio.Renamed{},
		&radio.Tuned{EventBase: base("radio.in_tune"), Station: radio.Station{ID: client.NumID(7), Band: radio.FM}},
		&radio.SignalLost{EventBase: base("radio.signal_lost")},
	} {
		sent := pagejson.Append(nil, v, nil)
		require.True(t, json.Valid(sent), string(sent))
		// Bytes go beside the JSON, which has a list of numbers instead.
		sent = bytes.ReplaceAll(sent, []byte(`"bytes":[]`), []byte(`"bytes":new Uint8Array()`))
		fmt.Fprintf(&text, "export const v%d: %s = %s;\n", i, strings.TrimPrefix(fmt.Sprintf("%T", v), "*"), sent)
	}
	t.Log(text.String())
	file := filepath.Join(dir, "values.ts")
	require.NoError(t, os.WriteFile(file, []byte(text.String()), 0o600))
	tsc(t, file)
}
