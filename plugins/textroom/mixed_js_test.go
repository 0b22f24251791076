package textroom_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

// TestBrowserMixedChat has the page and somebody native in one room.
func TestBrowserMixedChat(t *testing.T) {
	ctx := bounded(t)
	gw := page.Janus(t).WS
	h, c := connect(ctx, t, gw)
	room := rand.Uint64N(1<<50) + 1
	newRoom(ctx, t, c.Rooms, textroom.CreateRequest{Room: client.NumID(room)})
	_, err := c.Join(ctx, textroom.JoinRequest{Room: client.NumID(room), Username: "ann"})
	require.NoError(t, err)
	require.Equal(t, "ann", await[*textroom.Joined](ctx, t, h).Username)
	bob := page.NewGuest(t, page.GuestOptions{Plugin: textroom.Plugin, URL: gw, Room: room, Name: "bob"})
	require.Equal(t, "bob", await[*textroom.Joined](ctx, t, h).Username)
	for _, text := range []string{"hello", "grüß dich, \"bob\"\n🙂"} {
		_, err = c.Message(ctx, textroom.MessageRequest{Room: client.NumID(room), Text: text})
		require.NoError(t, err)
		require.Equal(t, "ann", await[*textroom.Message](ctx, t, h).From)
		bob.Heard(t, text)
		bob.Say(t, "you said "+text)
		m := await[*textroom.Message](ctx, t, h)
		require.Equal(t, []string{"bob", "you said " + text}, []string{m.From, m.Text})
	}
}
