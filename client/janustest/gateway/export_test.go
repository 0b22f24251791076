//go:build !js

package gateway

import "github.com/bifrons-rtc/bifrons/client/janustest"

// LateHangups has the video room of g hear of hangups when the result is called,
// as a busy machine may.
func LateHangups(g *Gateway) (release func()) {
	v := &lateVideoRooms{videoRooms: newVideoRooms(g), late: make(chan *janustest.Attachment, 16)}
	g.Handle(videoRoom, v)
	return func() {
		for len(v.late) > 0 {
			v.videoRooms.HungUp(<-v.late)
		}
	}
}

type lateVideoRooms struct {
	*videoRooms
	late chan *janustest.Attachment
}

// HungUp implements janustest.HangupHandler.
func (v *lateVideoRooms) HungUp(at *janustest.Attachment) { v.late <- at }
