package videoroom_test

import (
	"context"
	"fmt"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// Somebody enters a room and receives everybody, against a gateway in memory. A
// real program dials a URL and makes its peers with media.NewPeer.
func ExampleJoin() {
	ctx := context.Background()
	gw := janustest.NewServer(nil)
	defer gw.Close()
	gw.Handle(videoroom.Plugin, &fakeRoom{feeds: []uint64{7, 8}})
	c, err := gw.Client(ctx, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	s, err := c.NewSession(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	room, err := videoroom.Join(ctx, s, videoroom.RoomOptions{
		Join:    videoroom.JoinRequest{Room: client.NumID(1), Display: "me"},
		NewPeer: func(*client.Handle) (client.Negotiator, error) { return &peer{}, nil },
		Wanted:  videoroom.Wanted{All: true},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := room.Sync(ctx); err != nil {
		fmt.Println(err)
		return
	}
	for _, stream := range room.Streams() {
		fmt.Println("m-line", stream.MID, "brings the", stream.Type, "of", stream.FeedID)
	}
	if err := room.Leave(ctx); err != nil {
		fmt.Println(err)
	}
	// Output:
	// m-line 0 brings the video of 7
	// m-line 1 brings the video of 8
}
