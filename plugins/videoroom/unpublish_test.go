package videoroom_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// breakingRoom loses the connection as it is asked to unpublish.
type breakingRoom struct {
	fakeRoom
	gw *janustest.Server
}

func (b *breakingRoom) Message(ctx context.Context, m *janustest.Message) (*janustest.Answer, error) {
	if strings.Contains(string(m.Body), `"unpublish"`) {
		if err := b.gw.Push(m.Session, m.Handle, "hangup", map[string]string{"reason": "ICE failed"}, nil); err != nil {
			return nil, err
		}
	}
	return b.fakeRoom.Message(ctx, m)
}

// What broke as it was to end has ended.
func TestUnpublishWhatBreaks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		room := &breakingRoom{}
		gw, s := fakeSession(t, room, nil)
		room.gw = gw
		h, err := videoroom.Attach(t.Context(), s, nil)
		require.NoError(t, err)
		pub, _, err := h.Join(t.Context(), videoroom.JoinRequest{Room: client.NumID(1)})
		require.NoError(t, err)
		_, err = pub.Publish(t.Context(), videoroom.PublishRequest{}, &peer{})
		require.NoError(t, err)
		require.NoError(t, pub.Unpublish(t.Context()))
		require.ErrorIs(t, pub.Unpublish(t.Context()), videoroom.ErrNotPublished)
	})
}
