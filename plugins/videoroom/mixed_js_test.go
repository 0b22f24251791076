package videoroom_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/browsertest/page"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// TestBrowserMixedRoom has two participants in the page and two native ones in
// one room: each sees and hears the three others.
func TestBrowserMixedRoom(t *testing.T) {
	ctx := bounded(t)
	gw := gateway(t)
	room := rand.Uint64N(1<<50) + 1
	newRoom(ctx, t, session(ctx, t, gw), videoroom.CreateRequest{Room: client.NumID(room)})
	var guests []*page.Guest
	var native, here []client.ID
	bring := func(name string) {
		t.Helper()
		g := page.NewGuest(t, page.GuestOptions{Plugin: videoroom.Plugin, URL: gw, Room: room, Name: name})
		guests = append(guests, g)
		native = append(native, client.NumID(g.Self(t)))
	}
	var screens []*screen
	var rooms []*videoroom.Room
	enterPage := func() {
		t.Helper()
		s := newScreen(t)
		r := enter(ctx, t, session(ctx, t, gw), videoroom.RoomOptions{
			Join: videoroom.JoinRequest{Room: client.NumID(room)}, Wanted: videoroom.Wanted{All: true}, NewPeer: s.receiving})
		_, err := r.Publish(ctx, videoroom.PublishRequest{}, sending(ctx, t))
		require.NoError(t, err)
		screens, rooms, here = append(screens, s), append(rooms, r), append(here, r.Self())
	}
	bring("first")
	enterPage()
	enterPage()
	bring("late")
	for i, s := range screens {
		s.show(ctx, t, rooms[i], 6)
		for _, feed := range append(native, here[1-i]) {
			s.check(ctx, t, feed)
		}
	}
	for i, g := range guests {
		for _, feed := range append(here, native[1-i]) {
			g.Sees(t, feed.String(), 320, 240)
		}
	}
}
