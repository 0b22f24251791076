package admin

import (
	"bytes"
	"embed"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
)

// captures are answers of a real Janus, with their secrets redacted.
//
//go:embed testdata/handle-info-*.json
var captures embed.FS

func capture(t testing.TB, name string) []byte {
	data, err := captures.ReadFile("testdata/handle-info-1.1.2-" + name + ".json")
	require.NoError(t, err)
	return data
}

func TestParseHandleInfo(t *testing.T) {
	data := capture(t, "media")
	info, err := ParseHandleInfo(data)
	require.NoError(t, err)
	require.Equal(t, data, []byte(info.Raw))
	require.Equal(t, "192.0.2.2", info.WebRTC.ICE.SelectedPair[:9])
	require.Equal(t, "UDP/TLS/RTP/SAVPF", info.SDPs.Profile)
	require.Equal(t, 90000, info.WebRTC.Media["0"].RTCP.Main.Base)
	require.EqualValues(t, 34458, info.WebRTC.Media["0"].Stats.In.Bytes)
	require.EqualValues(t, 9, info.WebRTC.Media["2"].Stats.Out.Packets)
	require.Equal(t, 4, info.WebRTC.BWE.TWCCExtID)

	// No field of the capture is unknown to the types.
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(new(HandleInfo)))

	info, err = ParseHandleInfo(capture(t, "idle"))
	require.NoError(t, err)
	require.Nil(t, info.WebRTC)
	require.Equal(t, Flags{}, info.Flags)
	info, err = ParseHandleInfo(capture(t, "plugin-only"))
	require.NoError(t, err)
	require.Equal(t, "app-8", info.OpaqueID)
	require.Contains(t, string(info.PluginSpecific), "bitrate")
}

// TestSimulcast reads what the capture has not.
func TestSimulcast(t *testing.T) {
	info, err := ParseHandleInfo([]byte(`{"webrtc":{"too-large":2,"media":{"1":{"rid-simulcast":{"rid":["h","m","l"],"rid-ext-id":10,"ridrtx-ext-id":11,"rid-order":"hml","rid-syntax":"legacy"},
		"ssrc":{"ssrc-peer":1,"ssrc-peer-sim-1":2,"ssrc-peer-sim-2":4294967295,"ssrc-peer-sim-2-rtx":3},"rtcp":{"main":{"rtt":12},"sim2":{"lost":5}},
		"stats":{"in":{"packets":1,"video-simulcast-2":{"packets":7,"nacks":3}}}}}},"new":{"field":1}}`))
	require.NoError(t, err)
	require.Equal(t, 2, info.WebRTC.TooLarge)
	m := info.WebRTC.Media["1"]
	require.Equal(t, &RIDSimulcast{RIDs: []string{"h", "m", "l"}, RIDExtID: 10, RTXExtID: 11, RIDOrder: "hml", RIDSyntax: "legacy"}, m.RIDSimulcast)
	require.Equal(t, SSRC{Peer: 1, PeerSim1: 2, PeerSim2: 4294967295, PeerSim2RTX: 3}, m.SSRC)
	require.Equal(t, 12, m.RTCP.Main.RTT)
	require.Nil(t, m.RTCP.Sim1)
	require.Equal(t, 5, m.RTCP.Sim2.Lost)
	require.Nil(t, m.Stats.In.Simulcast1)
	require.Equal(t, &Traffic{Packets: 7, NACKs: 3}, m.Stats.In.Simulcast2)
	require.Contains(t, string(info.Raw), `"new"`)
}

func TestStrangeHandleInfo(t *testing.T) {
	for _, data := range []string{``, `null`, `5`, `[]`, `"x"`, `{`, `{"a":}`, `{"a":1}x`} {
		_, err := ParseHandleInfo([]byte(data))
		var bad *client.ProtocolError
		require.ErrorAs(t, err, &bad, data)
	}
	// A field of another type is no field; the others count.
	info, err := ParseHandleInfo([]byte(`{"session_id":-1,"flags":[],"sdps":5,"webrtc":{"media":{"0":null,"1":5,"2":{"stats":[]}},"ice":{"local-candidates":{},"state":7}},"handle_id":3}`))
	require.NoError(t, err)
	require.EqualValues(t, 3, info.HandleID)
	require.Zero(t, info.SessionID)
	for _, m := range info.WebRTC.Media {
		require.Zero(t, m)
	}
}

func FuzzHandleInfo(f *testing.F) {
	for _, name := range []string{"media", "idle", "plugin-only"} {
		f.Add(capture(f, name))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		info, err := ParseHandleInfo(data)
		if err != nil {
			if info != nil {
				t.Fatal("an error and an info")
			}
			return
		}
		if string(info.Raw) != string(data) {
			t.Fatal("Raw is not what came")
		}
		if !json.Valid(data) {
			t.Fatalf("read what is no JSON: %q", data)
		}
		if w := info.WebRTC; w != nil {
			for mid := range w.Media {
				_ = w.Media[mid].Stats.In.Packets
			}
		}
		_ = info.CurrentTime.Sub(info.Created)
	})
}
