//go:build !js

package gateway_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/media"
)

const textRoom = "janus.plugin.textroom"

// chatter is a handle with a data channel.
type chatter struct {
	*actor
	channel *media.DataChannel
}

// connects sets the connection up.
func (a *actor) connects(verb string) *chatter {
	a.f.t.Helper()
	a.ask(`{"request":"` + verb + `"}`)
	require.NotNil(a.f.t, a.offer, "the gateway offered nothing")
	a.fresh()
	channel, err := a.peer.OpenData(a.f.t.Context(), "JanusDataChannel", nil)
	require.NoError(a.f.t, err)
	answer, err := a.peer.Answer(a.f.t.Context(), a.offer)
	require.NoError(a.f.t, err)
	a.request(`{"request":"ack"}`, answer)
	a.sees(1)
	return &chatter{a, channel}
}

// says sends a text, and records what comes: so many texts.
func (c *chatter) says(text string, n int) *chatter {
	c.f.t.Helper()
	ctx, cancel := context.WithTimeout(c.f.t.Context(), 30*time.Second)
	defer cancel()
	c.f.line("%s>> %s", c.name, text)
	require.NoError(c.f.t, c.channel.SendText(ctx, text))
	return c.hears(n)
}

func (c *chatter) hears(n int) *chatter {
	c.f.t.Helper()
	ctx, cancel := context.WithTimeout(c.f.t.Context(), 30*time.Second)
	defer cancel()
	for ; n > 0; n-- {
		text, err := c.channel.ReceiveText(ctx)
		if err != nil {
			c.f.t.Fatalf("%s waits for a text: %v; so far:\n%s", c.name, err, c.f.out.String())
		}
		c.f.line("%s<< %s", c.name, normal(json.RawMessage(text)))
	}
	return c
}

// hushed records what else came before the answer to another request.
func (c *chatter) hushed() {
	c.f.t.Helper()
	c.says(`{"textroom":"exists","transaction":"hush","room":77}`, 1)
}

// textRoomFlows are conversations with the text room.
var textRoomFlows = map[string]func(*flow){
	"chat": func(f *flow) {
		a := f.on("a").connects("setup")
		b := f.on("b").connects("setup")
		for _, text := range []string{
			`{}`, `{"textroom":"list"}`, `{"transaction":"1"}`, `{"textroom":7,"transaction":"1"}`, `{"textroom":"list","transaction":7}`,
			`{"textroom":"dance","transaction":"1"}`,
			`{"textroom":"create","transaction":"1","room":1,"description":"first","secret":"s","pin":"p","history":2}`,
			`{"textroom":"create","transaction":"1","room":1}`, `{"textroom":"create","transaction":"1","room":"x"}`,
			`{"textroom":"list","transaction":"1"}`,
			`{"textroom":"exists","transaction":"1","room":1}`, `{"textroom":"edit","transaction":"1","room":1,"secret":"s","new_description":"x"}`,
			`{"textroom":"allowed","transaction":"1","room":1,"secret":"s","action":"add","allowed":["t"]}`,
			`{"textroom":"allowed","transaction":"1","room":1,"secret":"s","action":"disable"}`,
			`{"textroom":"listparticipants","transaction":"1","room":1}`,
			`{"textroom":"join","transaction":"1"}`, `{"textroom":"join","transaction":"1","room":9,"username":"ann"}`,
			`{"textroom":"join","transaction":"1","room":1}`, `{"textroom":"join","transaction":"1","room":1,"username":"ann"}`,
			`{"textroom":"join","transaction":"1","room":1,"username":"ann","pin":"x"}`,
			`{"textroom":"join","transaction":"1","room":1,"username":7,"pin":"p"}`,
			`{"textroom":"leave","transaction":"1","room":1}`, `{"textroom":"leave","transaction":"1"}`, `{"textroom":"leave","transaction":"1","room":9}`,
			`{"textroom":"message","transaction":"1","room":1,"text":"x"}`, `{"textroom":"message","transaction":"1","room":9,"text":"x"}`,
			`{"textroom":"message","transaction":"1","room":1}`,
		} {
			a.says(text, 1)
		}
		a.says(`{"textroom":"join","transaction":"2","room":1,"username":"ann","pin":"p","display":"Ann"}`, 2)
		a.says(`{"textroom":"join","transaction":"2","room":1,"username":"bob","pin":"p"}`, 1)
		b.says(`{"textroom":"join","transaction":"3","room":1,"username":"ann","pin":"p"}`, 1)
		a.says(`{"textroom":"message","transaction":"4","room":1,"text":"one"}`, 2)
		a.says(`{"textroom":"message","transaction":"4","room":1,"text":"two","ack":false}`, 1)
		a.says(`{"textroom":"message","transaction":"4","room":1,"text":7}`, 1)
		a.says(`{"textroom":"announcement","transaction":"5","room":1,"text":"x"}`, 1)
		a.says(`{"textroom":"announcement","transaction":"5","room":1,"secret":"s","text":"hear"}`, 2)
		b.says(`{"textroom":"join","transaction":"6","room":1,"username":"bob","pin":"p"}`, 4)
		a.hears(1)
		a.says(`{"textroom":"listparticipants","transaction":"7","room":1}`, 1)
		a.says(`{"textroom":"message","transaction":"8","room":1,"text":"psst","to":"bob"}`, 1)
		b.hears(1)
		a.says(`{"textroom":"message","transaction":"8","room":1,"text":"psst","to":"eve"}`, 1)
		a.says(`{"textroom":"message","transaction":"8","room":1,"text":"all","tos":["bob","eve","ann"]}`, 2)
		b.hears(1)
		a.says(`{"textroom":"message","transaction":"8","room":1,"text":"all","to":"bob","tos":["ann"]}`, 1)
		b.says(`{"textroom":"leave","transaction":"9","room":1}`, 2)
		a.hears(1)
		b.says(`{"textroom":"join","transaction":"10","room":1,"username":"bob","pin":"p","history":false}`, 2)
		a.hears(1)
		a.says(`{"textroom":"kick","transaction":"11","room":1,"secret":"s","username":"bob"}`, 2)
		b.hears(1)
		b.says(`{"textroom":"message","transaction":"12","room":1,"text":"x"}`, 1)
		b.says(`{"textroom":"join","transaction":"13","room":1,"username":"bob","pin":"p","history":false}`, 2)
		a.hears(1)
		b.says(`{"textroom":"create","transaction":"14","room":2}`, 1)
		b.says(`{"textroom":"join","transaction":"14","room":2,"username":"bob"}`, 2)
		require.NoError(f.t, b.h.Hangup(f.t.Context()))
		b.sees(1)
		a.hears(1)
		a.says(`{"textroom":"listparticipants","transaction":"15","room":2}`, 1)
		b.ask(`{"request":"setup"}`)
		b = b.actor.connects("restart")
		b.says(`{"textroom":"join","transaction":"16","room":1,"username":"bob","pin":"p","history":false}`, 2)
		a.hears(1)
		a.says(`{"textroom":"destroy","transaction":"17","room":1,"secret":"s"}`, 3)
		b.hears(1)
		a.hushed()
		b.hushed()
		a.says(`{"textroom":"destroy","transaction":"18","room":2}`, 2)
		b.hushed()
		a.says(`{"textroom":"create","transaction":"19","room":3}`, 1)
		a.says(`{"textroom":"join","transaction":"19","room":3,"username":"ann"}`, 2)
		b.says(`{"textroom":"join","transaction":"20","room":3,"username":"bob"}`, 2)
		a.hears(1)
		require.NoError(f.t, b.h.Detach(f.t.Context()))
		a.hears(1)
		a.ask(`{"request":"announcement","room":3,"text":"x"}`)
		a.hears(1)
		a.ask(`{"request":"kick","room":3,"username":"ann"}`)
		a.hears(1)
		a.ask(`{"request":"destroy","room":3}`)
		a.hears(1)
		a.hushed()
	},
}

func TestJanusTextRoomFlows(t *testing.T) {
	for name, play := range textRoomFlows {
		t.Run(name, func(t *testing.T) {
			c, err := client.Dial(t.Context(), janustesting.New(t, nil).WS(), nil)
			require.NoError(t, err)
			defer func() { require.NoError(t, c.Close()) }()
			f := newFlow(t, c, textRoom)
			play(f)
			f.check("textroom_"+name, true)
		})
	}
}

func TestTextRoomFlows(t *testing.T) {
	for name, play := range textRoomFlows {
		t.Run(name, func(t *testing.T) {
			_, gw, _ := newGateway(t, nil)
			c, err := gw.Client(t.Context(), nil)
			require.NoError(t, err)
			defer func() { require.NoError(t, c.Close()) }()
			f := newFlow(t, c, textRoom)
			play(f)
			f.check("textroom_"+name, false)
		})
	}
}
