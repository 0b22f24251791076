package videoroom_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// nonsense are events that Janus never sends.
var nonsense = []string{
	`{}`, `{"videoroom":"event"}`, `{"videoroom":5}`, `{"videoroom":"event","publishers":[{}]}`,
	`{"videoroom":"event","publishers":[{"id":"x","streams":[{"type":"video","mid":"0"},{"type":"video","mid":"0"}]}]}`,
	`{"videoroom":"event","publishers":[{"id":7,"streams":null},{"id":7,"streams":[{}]}]}`,
	`{"videoroom":"event","publishers":[{"id":18446744073709551615,"streams":[{"type":"data","mid":""}]}]}`,
	`{"videoroom":"event","publishers":{"id":1}}`, `{"videoroom":"event","unpublished":"7"}`, `{"videoroom":"event","leaving":7}`,
	`{"videoroom":"event","joining":{}}`, `{"videoroom":"event","joining":{"id":null}}`, `{"videoroom":"event","kicked":0}`,
	`{"videoroom":"event","id":7,"mid":"9","moderation":"muted"}`, `{"videoroom":"talking","id":7}`, `{"videoroom":"talking"}`,
	`{"videoroom":"event","error_code":-1}`, `{"videoroom":"event","error_code":499,"error":"no"}`,
	`{"videoroom":"updated","streams":[]}`, `{"videoroom":"updated","streams":[{"mid":"0","active":true,"type":"data"}]}`,
	`{"videoroom":"updated","streams":[{"mid":"0","active":true,"feed_id":7},{"mid":"0","active":true,"feed_id":7}]}`,
	`{"videoroom":"updated","streams":[{"mid":"x","active":true,"type":"data","source_ids":[7,7,null,"y"]}]}`,
	`{"videoroom":"attached","streams":7}`, `{"videoroom":"slow_link","current-bitrate":"x"}`, `{"videoroom":"event","substream":-5}`,
}

// TestHostileGateway sends nonsense, repeated and in any order, with offers and
// without. The room stays usable.
func TestHostileGateway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gw, f, m, r := inRoom(t, 7)
		require.NoError(t, r.Sync(t.Context()))
		session := gw.Sessions()[0]
		var many []string
		for range 2000 {
			many = append(many, `{"id":9,"streams":[{"type":"video","mid":"1"}]}`)
		}
		huge := `{"videoroom":"event","publishers":[` + strings.Join(many, ",") + `]}`
		dice := rand.New(rand.NewPCG(1, 2))
		for range 500 {
			data := nonsense[dice.IntN(len(nonsense))]
			if dice.IntN(100) == 0 {
				data = huge
			}
			var offer *client.JSEP
			if dice.IntN(5) == 0 {
				offer = &client.JSEP{Type: []string{"offer", "answer", ""}[dice.IntN(3)], SDP: description(0)}
			}
			for _, h := range gw.Handles(session) {
				require.NoError(t, gw.Push(session, h, "event", json.RawMessage(data), offer))
			}
		}
		synctest.Wait()
		require.NoError(t, r.Err())
		gone := map[string]any{"videoroom": "event", "room": 1}
		pub := gw.Handles(session)[0]
		for _, feed := range r.Feeds() {
			gone["unpublished"] = feed.ID
			require.NoError(t, gw.Push(session, pub, "event", gone, nil))
		}
		f.set(func() { f.open, f.pending, f.streams = false, false, nil })
		require.NoError(t, gw.Push(session, m.handles()[len(m.handles())-1].ID(), "hangup", nil, nil))
		<-time.After(time.Minute)
		require.NoError(t, gw.Push(session, pub, "event", map[string]any{"videoroom": "event", "room": 1, "publishers": published(5)}, nil))
		synctest.Wait()
		require.NoError(t, r.Sync(t.Context()))
		require.Contains(t, received(r), "5")
	})
}

// TestRoomEndsWithTheClient leaves nothing behind when nobody says goodbye.
func TestRoomEndsWithTheClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, _, m, r := inRoom(t, 7)
		require.NoError(t, r.Sync(t.Context()))
		require.NoError(t, m.handles()[0].Session().Client().Close())
		<-r.Done()
		require.ErrorIs(t, r.Err(), client.ErrClosed)
		_, err := r.Publish(t.Context(), videoroom.PublishRequest{}, m.peer)
		require.ErrorIs(t, err, client.ErrClosed)
	})
}
