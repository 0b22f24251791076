package videoroom_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// prints returns what is told of things in every way.
func prints(things ...any) (text string) {
	for _, v := range things {
		text += fmt.Sprintf("%v\n%+v\n%#v\n", v, v, v)
	}
	return text
}

// TestSecretsArePrivate prints what holds them.
func TestSecretsArePrivate(t *testing.T) {
	const canary = "canary"
	join := videoroom.JoinRequest{Room: client.NumID(1), Display: "Ann", PIN: canary, Token: canary, Secret: canary}
	text := prints(join, &join, videoroom.RoomOptions{Join: join},
		videoroom.CreateRequest{Secret: canary, PIN: canary, AdminKey: canary, Allowed: &[]string{canary}},
		videoroom.EditRequest{Secret: canary, NewSecret: new(canary), PIN: new(canary)},
		videoroom.AllowedRequest{Allowed: []string{canary}},
		videoroom.SubscribeRequest{Room: client.NumID(1), PIN: canary, PrivateID: 987654321},
		videoroom.JoinReply{ID: client.NumID(3), PrivateID: 987654321},
		videoroom.ForwardRequest{Secret: canary, Streams: []videoroom.ForwardStream{{MID: "0", SRTPCrypto: canary}}},
		videoroom.ForwardStream{SRTPCrypto: canary}, videoroom.PublishRequest{Secret: canary})
	require.NotContains(t, text, canary)
	require.NotContains(t, text, "987654321")
	require.Contains(t, text, `"display":"Ann"`)
}

// TestSecretsStayInside prints what was made with them.
func TestSecretsStayInside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const canary = "canary"
		f := &fakeRoom{feeds: []uint64{7}}
		_, s := fakeSession(t, f, nil)
		m := &menders{}
		join := videoroom.JoinRequest{Room: client.NumID(1), PIN: canary, Token: canary, Secret: canary}
		r, err := videoroom.Join(t.Context(), s, videoroom.RoomOptions{Join: join, NewPeer: m.peer, Wanted: videoroom.Wanted{All: true}})
		require.NoError(t, err)
		require.NoError(t, r.Sync(t.Context()))
		_, err = r.Publish(t.Context(), videoroom.PublishRequest{Secret: canary}, m.peer)
		require.NoError(t, err)
		h, err := videoroom.Attach(t.Context(), s, nil)
		require.NoError(t, err)
		p, _, err := h.Join(t.Context(), join)
		require.NoError(t, err)
		_, err = p.Publish(t.Context(), videoroom.PublishRequest{Secret: canary}, &peer{})
		require.NoError(t, err)
		other, err := videoroom.Attach(t.Context(), s, nil)
		require.NoError(t, err)
		sub, err := other.Subscribe(t.Context(), videoroom.SubscribeRequest{Room: client.NumID(1), PIN: canary, Token: canary,
			PrivateID: 987654321, Streams: []videoroom.Subscription{feed(7)}}, &peer{})
		require.NoError(t, err)
		require.NoError(t, sub.Detach(t.Context()))
		require.NoError(t, p.Leave(t.Context()))
		require.NoError(t, r.Leave(t.Context()))
		require.NoError(t, s.Client().Close())
		synctest.Wait()
		text := prints(r, p, sub, h)
		require.NotContains(t, text, canary)
		require.NotContains(t, text, "987654321")
	})
}
