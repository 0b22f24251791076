//go:build !js

package gateway_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/rawpeer"
	"github.com/bifrons-rtc/bifrons/media"
)

const videoRoom = "janus.plugin.videoroom"

// videoRoomFlows are conversations with the video room.
var videoRoomFlows = map[string]func(*flow){
	"rooms": func(f *flow) {
		a := f.on("a")
		for _, body := range []string{
			`{}`, `{"request":7}`, `{"request":"dance"}`,
			`{"request":"create","room":-1}`, `{"request":"create","room":"x"}`,
			`{"request":"create","room":0}`,
			`{"request":"create","publishers":"many"}`,
			`{"request":"create","room":1234,"description":"first","secret":"s","pin":"p","publishers":2,"bitrate":1000,"bitrate_cap":true,"fir_freq":10,"audiocodec":"opus,pcmu","videocodec":"vp8,h264","vp9_profile":"2","h264_profile":"42e01f","notify_joining":true,"audiolevel_event":true,"rec_dir":"/tmp"}`,
			`{"request":"create","room":1234}`,
			`{"request":"create","room":2,"audiocodec":"mp3"}`,
			`{"request":"create","room":2,"videocodec":"vp8,divx"}`,
			`{"request":"create","room":2,"audiocodec":"opus,pcmu,pcma,g722,multiopus,l16-48"}`,
			`{"request":"create","room":2,"is_private":true,"allowed":["t"],"require_pvtid":true,"signed_tokens":false,"permanent":true}`,
			`{"request":"create","room":2,"is_private":true,"allowed":["t"],"require_pvtid":true}`,
			`{"request":"create","room":3,"allowed":[7]}`,
			`{"request":"create","room":3,"audiolevel_event":true,"audio_active_packets":0}`,
			`{"request":"create","room":4,"audio_level_average":200,"opus_dtx":true,"opus_fec":false,"record":true,"lock_record":true,"require_e2ee":true,"video_svc":true}`,
			`{"request":"create","room":5,"secret":""}`,
			`{"request":"list"}`,
			`{"request":"exists"}`, `{"request":"exists","room":1234}`, `{"request":"exists","room":99}`,
			`{"request":"edit","room":99}`, `{"request":"edit","room":1234}`, `{"request":"edit","room":1234,"secret":"x"}`,
			`{"request":"edit","room":1234,"secret":"s","new_description":"second","new_secret":"t","new_pin":"","new_bitrate":64,"new_publishers":5,"new_fir_freq":3,"new_is_private":false,"new_require_pvtid":true,"new_lock_record":true,"new_rec_dir":"/x"}`,
			`{"request":"edit","room":1234,"secret":"t","new_publishers":"many"}`,
			`{"request":"list","admin_key":7}`, `{"request":"list"}`,
			`{"request":"allowed","room":2}`, `{"request":"allowed","room":2,"action":"dance"}`,
			`{"request":"allowed","room":2,"action":"add"}`, `{"request":"allowed","room":2,"action":"add","allowed":[7]}`,
			`{"request":"allowed","room":2,"action":"add","allowed":["t"]}`,
			`{"request":"allowed","room":2,"action":"remove","allowed":["t"]}`,
			`{"request":"allowed","room":2,"action":"disable"}`, `{"request":"allowed","room":2,"action":"enable"}`,
			`{"request":"kick","room":2}`, `{"request":"kick","room":2,"id":7}`, `{"request":"kick","room":1234,"id":7}`,
			`{"request":"moderate","room":2}`, `{"request":"moderate","room":2,"id":7,"mid":"0","mute":true}`,
			`{"request":"moderate","room":2,"id":7,"mid":0,"mute":true}`,
			`{"request":"enable_recording","room":2}`, `{"request":"enable_recording","room":2,"record":true}`,
			`{"request":"listparticipants","room":2}`, `{"request":"listparticipants","room":99}`,
			`{"request":"listforwarders","room":2}`,
			`{"request":"destroy","room":99}`, `{"request":"destroy","room":2}`, `{"request":"destroy","room":1234,"secret":"s"}`,
			`{"request":"destroy","room":1234,"secret":"t"}`,
			`{"request":"join"}`, `{"request":"configure"}`, `{"request":"join","ptype":"dancer","room":4}`,
		} {
			a.ask(body)
		}
	},
	"members": func(f *flow) {
		a, b, c := f.on("a"), f.on("b"), f.on("c")
		a.ask(`{"request":"create","room":1,"notify_joining":true,"secret":"s","pin":"p","publishers":1}`)
		a.ask(`{"request":"join","ptype":"publisher"}`)
		a.ask(`{"request":"join","ptype":"publisher","room":9}`)
		a.ask(`{"request":"join","ptype":"publisher","room":1}`)
		a.ask(`{"request":"join","ptype":"publisher","room":1,"pin":"x"}`)
		a.ask(`{"request":"join","ptype":"publisher","room":1,"pin":"p","id":"x"}`)
		a.ask(`{"request":"join","ptype":"publisher","room":1,"pin":"p","id":10,"display":"ann"}`)
		a.ask(`{"request":"join","ptype":"publisher","room":1,"pin":"p","id":10}`)
		b.ask(`{"request":"join","ptype":"publisher","room":1,"pin":"p","id":10}`)
		b.ask(`{"request":"join","ptype":"publisher","room":1,"pin":"p","id":11}`)
		a.sees(1)
		a.ask(`{"request":"listparticipants","room":1}`)
		a.ask(`{"request":"configure"}`)
		a.ask(`{"request":"configure","display":"anna"}`)
		b.sees(1)
		b.ask(`{"request":"configure","display":"bob"}`)
		b.ask(`{"request":"configure","bitrate":"x"}`)
		b.ask(`{"request":"publish"}`)
		b.ask(`{"request":"unpublish"}`)
		b.ask(`{"request":"start"}`)
		b.ask(`{"request":"subscribe","streams":[{"feed":1}]}`)
		b.ask(`{"request":"leave"}`)
		a.sees(1)
		b.ask(`{"request":"leave"}`)
		b.ask(`{"request":"join","ptype":"publisher","room":1,"pin":"p","id":11}`)
		b.ask(`{"request":"configure"}`)
		c.ask(`{"request":"join","ptype":"publisher","room":1,"pin":"p","id":12}`)
		a.sees(1)
		require.NoError(f.t, c.h.Detach(f.t.Context()))
		a.sees(3)
		d := f.on("d")
		d.ask(`{"request":"join","ptype":"publisher","room":1,"pin":"p","id":13}`)
		a.sees(1)
		e := f.on("e")
		e.ask(`{"request":"kick","room":1,"id":13}`)
		e.ask(`{"request":"kick","room":1,"secret":"s","id":13}`)
		a.sees(1)
		d.sees(1)
		a.quiet()
		d.ask(`{"request":"leave"}`)
		e.ask(`{"request":"destroy","room":1,"secret":"s"}`)
		a.sees(1)
		a.quiet()
		a.ask(`{"request":"configure","display":"x"}`)
		a.ask(`{"request":"leave"}`)
		a.ask(`{"request":"join","ptype":"publisher","room":4}`)
	},
	"publish": func(f *flow) {
		a, b, c := f.on("a"), f.on("b"), f.on("c")
		a.ask(`{"request":"create","room":1,"secret":"s","publishers":1}`)
		a.ask(`{"request":"join","ptype":"publisher","room":1,"id":10,"display":"ann"}`)
		b.ask(`{"request":"join","ptype":"publisher","room":1,"id":11}`)
		a.sends(media.Audio, media.Video).offers(`{"request":"publish","bitrate":256000,"descriptions":[{"mid":"1","description":"camera"}]}`)
		a.sees(1)
		b.sees(1)
		c.ask(`{"request":"join","ptype":"publisher","room":1,"id":12}`)
		c.ask(`{"request":"listparticipants","room":1}`)
		c.sends(media.Video).offers(`{"request":"publish"}`)
		a.offers(`{"request":"publish"}`)
		a.ask(`{"request":"configure","bitrate":128000,"keyframe":true,"streams":[{"mid":"1","send":false}]}`)
		c.ask(`{"request":"moderate","room":1,"secret":"s","id":10,"mid":"0","mute":true}`)
		c.sees(1)
		c.ask(`{"request":"moderate","room":1,"secret":"s","id":10,"mid":"0","mute":true}`)
		c.ask(`{"request":"moderate","room":1,"secret":"s","id":10,"mid":"9","mute":true}`)
		a.sees(1)
		b.sees(1)
		d := f.on("d")
		d.ask(`{"request":"join","ptype":"publisher","room":1,"id":14}`)
		a.quiet()
		a.ask(`{"request":"unpublish"}`)
		a.sees(1)
		b.sees(2)
		a.ask(`{"request":"unpublish"}`)
		a.ask(`{"request":"listparticipants","room":1}`)
		a.sends(media.Video).offers(`{"request":"publish","display":"anna","audiocodec":"opus","videocodec":"vp8"}`)
		a.sees(1)
		b.sees(2)
		a.ask(`{"request":"leave"}`)
		b.sees(1)
		b.quiet()
		require.NoError(f.t, a.h.Detach(f.t.Context()))
		b.quiet()
		b.sends(media.Video).offers(`{"request":"publish","videocodec":"h264"}`)
		c.quiet()
		e := f.on("e")
		e.sends(media.Audio).proposes(`{"request":"joinandconfigure","ptype":"publisher","room":1,"id":15,"audio":false}`)
		require.NoError(f.t, e.h.Detach(f.t.Context()))
		b.sees(3)
	},
	"ends": func(f *flow) {
		a, b, c := f.on("a"), f.on("b"), f.on("c")
		a.ask(`{"request":"create","room":1,"secret":"s","publishers":9}`)
		b.ask(`{"request":"join","ptype":"publisher","room":1,"id":11}`)
		a.sends(media.Video).offers(`{"request":"joinandconfigure","ptype":"publisher","room":1,"id":10,"display":"ann"}`)
		a.sees(1)
		b.sees(1)
		a.offers(`{"request":"configure"}`)
		b.sees(1)
		require.NoError(f.t, a.h.Hangup(f.t.Context()))
		a.sees(1)
		b.sees(1)
		a.quiet()
		b.quiet()
		a.sends(media.Video).offers(`{"request":"configure"}`)
		a.sees(1)
		b.sees(1)
		require.NoError(f.t, a.h.Detach(f.t.Context()))
		b.sees(3)
		b.quiet()
		d := f.on("d")
		d.sends(media.Video).offers(`{"request":"joinandconfigure","ptype":"publisher","room":1,"id":13}`)
		d.sees(1)
		b.sees(1)
		h := f.on("h")
		h.ask(`{"request":"join","ptype":"subscriber","room":1,"streams":[{"feed":13}]}`)
		h.answers()
		h.sees(1)
		c.ask(`{"request":"kick","room":1,"secret":"s","id":13}`)
		d.sees(2)
		b.sees(1)
		b.quiet()
		d.quiet()
		h.quiet()
		e := f.on("e")
		e.sends(media.Video).offers(`{"request":"joinandconfigure","ptype":"publisher","room":1,"id":14}`)
		e.sees(1)
		b.sees(1)
		g := f.on("g")
		g.ask(`{"request":"join","ptype":"subscriber","room":1,"streams":[{"feed":14}]}`)
		g.answers()
		g.sees(1)
		c.ask(`{"request":"destroy","room":1,"secret":"s"}`)
		b.sees(1)
		e.sees(2)
		e.quiet()
		g.quiet()
		e.ask(`{"request":"configure"}`)
		e.ask(`{"request":"unpublish"}`)
		g.ask(`{"request":"configure"}`)
		g.ask(`{"request":"leave"}`)
		g.ask(`{"request":"unsubscribe"}`)
	},
	"subscribe": func(f *flow) {
		a, b, s := f.on("a"), f.on("b"), f.on("s")
		a.ask(`{"request":"create","room":1,"publishers":9,"pin":"p"}`)
		a.sends(media.Audio, media.Video).offers(`{"request":"joinandconfigure","ptype":"publisher","room":1,"pin":"p","id":10,"display":"ann","descriptions":[{"mid":"1","description":"camera"}]}`)
		a.sees(1)
		b.ask(`{"request":"join","ptype":"publisher","room":1,"pin":"p","id":11}`)
		for _, body := range []string{
			`{"request":"join","ptype":"subscriber","room":1}`,
			`{"request":"join","ptype":"subscriber","room":1,"pin":"p"}`,
			`{"request":"join","ptype":"subscriber","room":1,"pin":"p","streams":[]}`,
			`{"request":"join","ptype":"subscriber","room":1,"pin":"p","streams":[7]}`,
			`{"request":"join","ptype":"subscriber","room":1,"pin":"p","streams":[{}]}`,
			`{"request":"join","ptype":"subscriber","room":1,"pin":"p","streams":[{"feed":99}]}`,
			`{"request":"join","ptype":"subscriber","room":1,"pin":"p","streams":[{"feed":11}]}`,
			`{"request":"join","ptype":"subscriber","room":1,"pin":"p","streams":[{"feed":10,"mid":"9"}]}`,
			`{"request":"join","ptype":"subscriber","room":1,"pin":"p","streams":[{"feed":10,"mid":9}]}`,
			`{"request":"join","ptype":"subscriber","room":1,"pin":"p","streams":[{"feed":10,"substream":3}]}`,
			`{"request":"join","ptype":"subscriber","room":1,"pin":"p","use_msid":true,"streams":[{"feed":10,"mid":"1"},{"feed":10,"mid":"0","crossrefid":"x","send":false}]}`,
		} {
			s.ask(body)
		}
		for _, body := range []string{
			`{"request":"join","ptype":"subscriber","room":1,"pin":"p","streams":[{"feed":10}]}`,
			`{"request":"subscribe"}`, `{"request":"subscribe","streams":[]}`, `{"request":"subscribe","streams":[{"feed":99}]}`,
			`{"request":"unsubscribe","streams":[]}`, `{"request":"update"}`, `{"request":"update","subscribe":[]}`,
			`{"request":"switch"}`, `{"request":"switch","streams":[]}`, `{"request":"switch","streams":[{"feed":10}]}`,
			`{"request":"switch","streams":[{"feed":99,"mid":"0","sub_mid":"0"}]}`,
			`{"request":"switch","streams":[{"feed":10,"mid":"9","sub_mid":"0"}]}`,
			`{"request":"switch","streams":[{"feed":10,"mid":"0","sub_mid":"0"}]}`,
			`{"request":"switch","streams":[{"feed":10,"mid":"1","sub_mid":"9"}]}`,
			`{"request":"publish"}`, `{"request":"dance"}`,
			`{"request":"pause"}`, `{"request":"start"}`,
			`{"request":"configure"}`, `{"request":"configure","streams":[{"mid":"9","send":false}]}`,
			`{"request":"configure","streams":[{"mid":"0","substream":5}]}`,
			`{"request":"configure","streams":[{"mid":"0","send":false}]}`,
		} {
			s.ask(body)
		}
		s.answers()
		s.sees(1)
		s.ask(`{"request":"pause"}`).ask(`{"request":"start"}`)
		s.ask(`{"request":"subscribe","streams":[{"feed":10,"mid":"1"}]}`)
		s.ask(`{"request":"subscribe","streams":[{"feed":10,"mid":"0"}]}`)
		s.answers()
		s.sees(1)
		s.answers()
		s.ask(`{"request":"unsubscribe","streams":[{"feed":99}]}`)
		s.ask(`{"request":"unsubscribe","streams":[{"sub_mid":"9"}]}`)
		s.ask(`{"request":"unsubscribe","streams":[{"sub_mid":"2"}]}`)
		s.ask(`{"request":"unsubscribe","streams":[{"feed":10,"mid":"0"}]}`)
		s.answers()
		s.sees(1)
		s.answers()
		s.ask(`{"request":"update","unsubscribe":[{"feed":10}],"subscribe":[{"feed":10,"mid":"0"}]}`)
		s.answers()
		s.ask(`{"request":"configure","restart":true}`)
		s.answers()
		s.ask(`{"request":"configure","update":true}`)
		s.answers()
		s.ask(`{"request":"configure","streams":[{"mid":"1","send":false,"min_delay":1,"max_delay":2}]}`)
		s.ask(`{"request":"leave"}`)
		s.sees(1)
		s.quiet()
		s.ask(`{"request":"configure"}`)
		s.ask(`{"request":"join","ptype":"subscriber","room":1,"pin":"p","streams":[{"feed":10}]}`)
		s.ask(`{"request":"leave"}`)
	},
	"autoupdate": func(f *flow) {
		a, b, s := f.on("a"), f.on("b"), f.on("s")
		a.ask(`{"request":"create","room":1,"publishers":9}`)
		a.sends(media.Audio, media.Video).offers(`{"request":"joinandconfigure","ptype":"publisher","room":1,"id":10,"display":"ann"}`)
		a.sees(1)
		b.sends(media.Video).offers(`{"request":"joinandconfigure","ptype":"publisher","room":1,"id":11}`)
		b.sees(1)
		a.sees(1)
		s.ask(`{"request":"join","ptype":"subscriber","room":1,"streams":[{"feed":10},{"feed":11}]}`)
		s.answers()
		s.sees(1)
		a.ask(`{"request":"unpublish"}`)
		a.sees(1)
		s.sees(1)
		b.ask(`{"request":"unpublish"}`)
		b.sees(3)
		s.ask(`{"request":"subscribe","streams":[{"feed":11}]}`)
		s.answers()
		s.sees(1)
		s.answers()
		b.sends(media.Video).offers(`{"request":"publish"}`)
		b.sees(1)
		s.ask(`{"request":"subscribe","streams":[{"feed":11}]}`)
		s.answers()
		a.sees(3)
		a.sends(media.Video).offers(`{"request":"publish"}`)
		a.sees(1)
		s.ask(`{"request":"switch","streams":[{"feed":10,"mid":"0","sub_mid":"1"}]}`)
		s.quiet()
		a.offers(`{"request":"configure"}`)
		s.quiet()
		require.NoError(f.t, a.h.Detach(f.t.Context()))
		s.sees(1)
		s.answers()
		require.NoError(f.t, s.h.Hangup(f.t.Context()))
		s.sees(1)
		s.quiet()
		s.ask(`{"request":"configure"}`)
		s.ask(`{"request":"unsubscribe","streams":[{"feed":11}]}`)
	},
	"leave": func(f *flow) {
		a, b, s, u := f.on("a"), f.on("b"), f.on("s"), f.on("u")
		a.ask(`{"request":"create","room":1,"publishers":9}`)
		a.sends(media.Video).offers(`{"request":"joinandconfigure","ptype":"publisher","room":1,"id":10}`)
		a.sees(1)
		b.ask(`{"request":"join","ptype":"publisher","room":1,"id":11}`)
		s.ask(`{"request":"join","ptype":"subscriber","room":1,"streams":[{"feed":10}]}`)
		s.answers()
		s.sees(1)
		u.ask(`{"request":"join","ptype":"subscriber","room":1,"streams":[{"feed":10}]}`)
		u.answers()
		u.sees(1)
		a.ask(`{"request":"leave"}`)
		b.sees(1)
		s.quiet()
		require.NoError(f.t, a.h.Hangup(f.t.Context()))
		a.sees(1)
		b.quiet()
		u.ask(`{"request":"unsubscribe","streams":[{"sub_mid":"0"}]}`)
		u.ask(`{"request":"unsubscribe","streams":[{"sub_mid":"0"}]}`)
		b.sends(media.Video).offers(`{"request":"publish"}`)
		b.sees(1)
		s.quiet()
		s.ask(`{"request":"switch","streams":[{"feed":11,"mid":"0","sub_mid":"9"}]}`)
		require.NoError(f.t, a.h.Detach(f.t.Context()))
		s.quiet()
		s.ask(`{"request":"switch","streams":[{"feed":11,"mid":"0","sub_mid":"0"}]}`)
		s.sees(1)
		s.answers()
		s.ask(`{"request":"leave"}`)
		s.sees(1)
	},
	"data": func(f *flow) {
		a, b, s := f.on("a"), f.on("b"), f.on("s")
		a.ask(`{"request":"create","room":1,"publishers":9}`)
		a.sends(media.Video).opens("x").offers(`{"request":"joinandconfigure","ptype":"publisher","room":1,"id":10,"display":"ann","descriptions":[{"mid":"1","description":"chat"}]}`)
		a.sees(1)
		b.fresh()
		b.opens("y").offers(`{"request":"joinandconfigure","ptype":"publisher","room":1,"id":11}`)
		b.sees(1)
		a.sees(1)
		s.ask(`{"request":"join","ptype":"subscriber","room":1,"streams":[{"feed":10},{"feed":11}]}`)
		s.opens("any").answers()
		s.sees(1)
		s.ask(`{"request":"unsubscribe","streams":[{"feed":11}]}`)
		s.ask(`{"request":"subscribe","streams":[{"feed":11,"mid":"0"}]}`)
		s.ask(`{"request":"subscribe","streams":[{"feed":11,"mid":"0"}]}`)
		s.ask(`{"request":"unsubscribe","streams":[{"feed":10,"mid":"1"}]}`)
		require.NoError(f.t, b.h.Detach(f.t.Context()))
		s.quiet()
		a.sees(3)
		a.ask(`{"request":"unpublish"}`)
		s.sees(1)
		s.answers()
		s.quiet()
	},
	"roles": func(f *flow) {
		a, b, s := f.on("a"), f.on("b"), f.on("s")
		a.ask(`{"request":"create","room":1,"publishers":2,"require_pvtid":true,"allowed":["t"]}`)
		a.ask(`{"request":"join","room":1}`)
		a.ask(`{"request":"joinandconfigure","ptype":"publisher","room":1,"id":10}`)
		a.ask(`{"request":"joinandconfigure","ptype":"publisher","room":1,"id":10,"token":"x"}`)
		a.ask(`{"request":"joinandconfigure","ptype":"publisher","room":1,"id":10,"token":"t"}`)
		a.ask(`{"request":"configure","descriptions":[{"mid":"0"}]}`)
		a.ask(`{"request":"configure","descriptions":[7]}`)
		a.ask(`{"request":"configure","streams":[{"mid":"0","send":"no"}]}`)
		a.ask(`{"request":"configure","update":true,"bitrate":5,"audiocodec":"mp3","record":false}`)
		b.ask(`{"request":"join","ptype":"publisher","room":1,"token":"t","id":11,"display":"bob"}`)
		require.NoError(f.t, b.h.Hangup(f.t.Context()))
		a.sees(1)
		a.quiet()
		a.sends(media.Audio, media.Video).offers(`{"request":"configure","audiocodec":"pcmu"}`)
		require.NoError(f.t, a.h.Hangup(f.t.Context()))
		a.quiet()
		a.sends(media.Audio, media.Video).offers(`{"request":"configure"}`)
		a.sees(1)
		s.ask(`{"request":"join","ptype":"subscriber","room":1,"streams":[{"feed":10}]}`)
		s.ask(`{"request":"join","ptype":"subscriber","room":1,"private_id":7,"streams":[{"feed":10}]}`)
		s.ask(`{"request":"join","ptype":"subscriber","room":1,"feed":10}`)
		s.ask(`{"request":"joinandconfigure","ptype":"subscriber","room":1,"streams":[{"feed":10}]}`)
		s.fresh()
		c := f.on("c")
		c.ask(`{"request":"create","room":2,"publishers":9}`)
		c.ask(`{"request":"join","ptype":"publisher","room":2,"id":12}`)
		c.sends(media.Audio, media.Video).offers(`{"request":"publish"}`)
		c.sees(1)
		s.ask(`{"request":"join","ptype":"subscriber","room":2,"feed":12,"offer_audio":false}`)
		s.answers()
		s.sees(1)
		s.ask(`{"request":"configure","video":false}`)
		s.ask(`{"request":"switch","feed":12}`)
		s.ask(`{"request":"switch","streams":[{"feed":12,"mid":"0","sub_mid":"0"}]}`)
		s.ask(`{"request":"pause"}`)
		require.NoError(f.t, s.h.Detach(f.t.Context()))
		d := f.on("d")
		d.ask(`{"request":"join","ptype":"subscriber","room":2,"autoupdate":false,"streams":[{"feed":12,"mid":"1"}]}`)
		d.answers()
		d.sees(1)
		c.ask(`{"request":"unpublish"}`)
		c.sees(1)
		d.quiet()
		d.ask(`{"request":"configure","streams":[{"mid":"0","send":false}]}`)
		d.ask(`{"request":"subscribe","streams":[{"feed":12}]}`)
	},
	"levels": func(f *flow) {
		a, b, c := f.on("a"), f.on("b"), f.on("c")
		a.ask(`{"request":"create","room":1,"publishers":9}`)
		a.raw = rawpeer.New(f.t, rawpeer.Options{})
		a.offers(`{"request":"joinandconfigure","ptype":"publisher","room":1,"id":10}`)
		a.sees(1)
		b.ask(`{"request":"join","ptype":"publisher","room":1,"id":11}`)
		b.ask(`{"request":"listparticipants","room":1}`)
		b.ask(`{"request":"create","room":2,"audiolevel_event":true,"audio_active_packets":5}`)
		c.raw = rawpeer.New(f.t, rawpeer.Options{})
		c.offers(`{"request":"joinandconfigure","ptype":"publisher","room":2,"id":12}`)
		c.sees(1)
		b.ask(`{"request":"listparticipants","room":2}`)
		c.raw.(*rawpeer.Peer).Level(10)
		c.sees(1)
		c.raw.(*rawpeer.Peer).Level(127)
		c.sees(1)
		d := f.on("d")
		d.ask(`{"request":"join","ptype":"publisher","room":2,"id":13}`)
		e := f.on("e")
		e.sends(media.Video).proposes(`{"request":"joinandconfigure","ptype":"publisher","room":1,"id":14,"videocodec":"h264"}`)
		e.ask(`{"request":"configure"}`)
		b.ask(`{"request":"listparticipants","room":1}`)
	},
	"simulcast": func(f *flow) {
		a, s := f.on("a"), f.on("s")
		a.ask(`{"request":"create","room":1,"publishers":9}`)
		a.raw = rawpeer.New(f.t, rawpeer.Options{Simulcast: true})
		a.offers(`{"request":"joinandconfigure","ptype":"publisher","room":1,"id":10,"display":"ann"}`)
		a.sees(1)
		s.ask(`{"request":"join","ptype":"subscriber","room":1,"streams":[{"feed":10,"substream":1}]}`)
	},
}

func TestJanusVideoRoomFlows(t *testing.T) {
	for name, play := range videoRoomFlows {
		t.Run(name, func(t *testing.T) {
			c, err := client.Dial(t.Context(), janustesting.New(t, nil).WS(), nil)
			require.NoError(t, err)
			defer func() { require.NoError(t, c.Close()) }()
			f := newFlow(t, c, videoRoom)
			play(f)
			f.check("videoroom_"+name, true)
		})
	}
}

func TestVideoRoomFlows(t *testing.T) {
	for name, play := range videoRoomFlows {
		t.Run(name, func(t *testing.T) {
			_, gw, _ := newGateway(t, nil)
			c, err := gw.Client(t.Context(), nil)
			require.NoError(t, err)
			defer func() { require.NoError(t, c.Close()) }()
			f := newFlow(t, c, videoRoom)
			play(f)
			f.check("videoroom_"+name, false)
		})
	}
}
