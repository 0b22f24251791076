//go:build !js

package gateway_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest/gateway"
)

// FuzzRooms sends any body to the plugins with rooms, from a handle that has
// joined and from one that has not: all of them are still there afterwards.
func FuzzRooms(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"request":"create","room":1e400}`, `{"request":"create","allowed":[{}],"audiocodec":",","videocodec":"vp8,,"}`,
		`{"request":"edit","room":1,"new_publishers":99999999999999999999}`, `{"request":"list","admin_key":[]}`,
		`{"request":"join","ptype":"publisher","room":1,"id":-1}`, `{"request":"join","ptype":"subscriber","room":1,"streams":[[],{"feed":2,"mid":null}]}`,
		`{"request":"configure","streams":[{"mid":"0","send":null}],"descriptions":[null],"bitrate":9223372036854775807}`,
		`{"request":"switch","streams":[{"feed":2,"mid":"0","sub_mid":"0"}]}`, `{"request":"update","subscribe":[0],"unsubscribe":[0]}`,
		`{"request":"kick","room":1,"id":2}`, `{"request":"moderate","room":1,"id":2,"mid":"0","mute":true}`,
		`{"request":"allowed","room":1,"action":"add","allowed":["a","a"]}`, `{"request":"leave"}`, `{"request":"unpublish"}`,
		`{"request":"create","history":9223372036854775807}`, `{"request":"announcement","room":1,"text":"x"}`,
		`{"request":"setup"}`, `{"request":"restart"}`, `{"request":"ack"}`, `{"request":"destroy","room":1}`,
	} {
		f.Add(seed)
	}
	gw := gateway.New(f, nil)
	c, err := gw.Client(f.Context(), nil)
	require.NoError(f, err)
	f.Cleanup(func() { require.NoError(f, c.Close()) })
	f.Fuzz(func(t *testing.T, text string) {
		var object map[string]json.RawMessage
		if json.Unmarshal([]byte(text), &object) != nil || object == nil {
			return // the core takes objects only
		}
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		s, err := c.NewSession(ctx)
		require.NoError(t, err)
		alive := func(h *client.Handle) {
			_, err := h.Request(ctx, json.RawMessage(`{"request":"exists","room":1}`), nil)
			require.NoError(t, err)
		}
		for plugin, first := range map[string]string{
			videoRoom: `{"request":"join","ptype":"publisher","room":1,"id":2}`,
			textRoom:  `{"request":"setup"}`,
		} {
			for _, prepare := range []string{`{"request":"create","room":1}`, first} {
				h, err := s.Attach(ctx, plugin, nil)
				require.NoError(t, err)
				_, _ = h.Request(ctx, json.RawMessage(prepare), nil) // it may be there already
				_ = h.Send(ctx, json.RawMessage(text), nil)          // it may be refused
				alive(h)
			}
		}
		require.NoError(t, s.Destroy(ctx))
	})
}
