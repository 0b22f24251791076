package videoroom

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
)

func id(n uint64) client.ID { return client.NumID(n) }

// av is a feed with sound and a picture.
func av(n uint64) Feed {
	return Feed{ID: id(n), Streams: []Stream{{Type: "audio", MID: "0"}, {Type: "video", MIndex: 1, MID: "1"}}}
}

func with(feeds ...Feed) *roster {
	var r roster
	r.reset(&JoinReply{Feeds: feeds})
	return &r
}

func TestWanted(t *testing.T) {
	r := with(av(1), av(2), Feed{ID: id(3), Streams: []Stream{{Type: "data", MID: "0"}, {Type: "video", MID: "1", Disabled: true}}})
	all := []target{{id(1), "0", "audio"}, {id(1), "1", "video"}, {id(2), "0", "audio"}, {id(2), "1", "video"}, {id(3), "0", "data"}}
	for name, test := range map[string]struct {
		wanted Wanted
		want   []target
	}{
		"none":         {Wanted{}, nil},
		"all":          {Wanted{All: true}, all},
		"some":         {Wanted{Feeds: []client.ID{id(2), id(9)}}, all[2:4]},
		"pictures":     {Wanted{All: true, Kinds: []string{"video"}}, []target{all[1], all[3]}},
		"sound":        {Wanted{AllAudio: true}, []target{all[0], all[2]}},
		"sound and 2":  {Wanted{AllAudio: true, Feeds: []client.ID{id(2)}, Kinds: []string{"video"}}, []target{all[0], all[2], all[3]}},
		"one speaker":  {Wanted{Speakers: 1}, all[:2]},
		"many":         {Wanted{Speakers: 9}, all},
		"negative":     {Wanted{Speakers: -1}, nil},
		"2 and 1 more": {Wanted{Speakers: 1, Feeds: []client.ID{id(2)}}, all[:4]},
	} {
		require.Equal(t, test.want, test.wanted.targets(r), name)
	}
	speak := func(n uint64, on bool) bool { return r.apply(&Talking{Feed: id(n), Talking: on}) }
	require.True(t, speak(2, true))
	require.False(t, speak(2, false), "who stops stays until somebody else begins")
	require.False(t, speak(9, true), "who does not publish here")
	w := Wanted{Speakers: 1}
	require.Equal(t, all[2:4], w.targets(r))
	require.True(t, speak(1, true))
	require.Equal(t, all[:2], w.targets(r))
	w.Speakers = 2
	require.Equal(t, all[:4], w.targets(r))
	require.True(t, r.apply(&Left{Feed: id(1)}))
	require.Equal(t, all[2:5], w.targets(r), "the next in the order they came")
}

func TestRoster(t *testing.T) {
	r := with(av(1), av(2))
	r.apply(&Joined{Attendee: Attendee{ID: id(5), Display: "x"}})
	require.Len(t, r.audience(), 1)
	r.apply(&Changed{Feed: id(5), Display: new("y")})
	require.Equal(t, "y", r.audience()[0].Display)
	require.True(t, r.apply(&Published{Feeds: []Feed{av(5)}}))
	require.Empty(t, r.audience())
	require.Equal(t, []client.ID{id(1), id(2), id(5)}, r.order)
	old := r.list()
	r.apply(&Moderated{Feed: id(1), MID: "1", Muted: true})
	require.True(t, r.list()[0].Streams[1].Moderated)
	require.False(t, old[0].Streams[1].Moderated, "what was handed out stays")
	r.apply(&Changed{Feed: id(2), Display: new("z"), Metadata: []byte("{}")})
	require.Equal(t, "z", r.list()[1].Display)
	require.True(t, r.apply(&Unpublished{Feed: id(5)}))
	require.False(t, r.apply(&Unpublished{Feed: id(5)}), "it comes twice")
	require.Len(t, r.audience(), 1)
	r.apply(&Left{Feed: id(5)})
	require.Empty(t, r.audience())
	require.True(t, r.apply(&Kicked{Feed: id(2)}))
	require.Equal(t, []client.ID{id(1)}, r.order)
	f := av(1)
	f.Talking = new(true)
	r.apply(&Published{Feeds: []Feed{f}})
	require.Equal(t, []client.ID{id(1)}, r.speakers)
}

func TestPlan(t *testing.T) {
	data := Feed{ID: id(3), Streams: []Stream{{Type: "data", MID: "2"}}}
	r := with(av(1), av(2), data)
	w := Wanted{All: true}
	p := planner{targets: w.targets(r), dataMID: r.dataMID, applied: map[string]relayed{}}
	out := p.plan()
	require.Len(t, out.add, 5)
	require.Empty(t, out.drop)
	p.refused = map[client.ID]error{id(2): ErrMixedE2EE}
	require.Len(t, p.plan().add, 3)

	p.streams = []SubscriberStream{
		{MID: "0", Type: "audio", Active: true, FeedID: id(1), FeedMID: "0"},
		{MID: "1", Type: "video", Active: true, FeedID: id(1), FeedMID: "1"},
		{MID: "2", Type: "data", Active: true, SourceIDs: []client.ID{id(3), id(8)}},
		{MID: "3", Type: "video", Active: true, FeedID: id(7), FeedMID: "0"},
		{MID: "4", Type: "video"},
	}
	require.Equal(t, plan{drop: []Unsubscription{{SubMID: "3"}}}, p.plan(),
		"the gateway takes data of those who left out by itself")
	w = Wanted{Feeds: []client.ID{id(1)}, Kinds: []string{"video"}}
	p.targets = w.targets(r)
	require.Equal(t, []Unsubscription{{SubMID: "0"}, {Feed: id(3), MID: "2"}, {SubMID: "3"}}, p.plan().drop)

	p.relay = map[client.ID]Relay{id(1): {Substream: new(1), Send: new(true)}}
	adjust := p.plan().adjust
	require.Equal(t, []ConfigureStream{{MID: "1", Relay: Relay{Substream: new(1), Send: new(true)}}}, adjust)
	p.applied["1"] = relayed{id(1), "1", adjust[0].Relay}
	require.Empty(t, p.plan().adjust)
	p.applied["1"] = relayed{id(2), "1", adjust[0].Relay}
	require.Len(t, p.plan().adjust, 1, "the m-line was another feed's")
	require.Equal(t, Relay{Send: new(true)}, p.relayOf(target{id(1), "0", "audio"}), "sound has no layers")
}

func TestRelay(t *testing.T) {
	var arg *client.ArgumentError
	require.ErrorAs(t, (&Relay{Substream: new(3)}).check("x"), &arg)
	require.ErrorAs(t, (&Relay{TemporalLayer: new(-1)}).check("x"), &arg)
	require.NoError(t, (&Relay{Substream: new(2), Fallback: new(1000)}).check("x"))
	a := Relay{Substream: new(2), Send: new(false)}
	b := a.merge(&Relay{Substream: new(0), MinDelay: new(4)})
	require.Equal(t, Relay{Substream: new(0), Send: new(false), MinDelay: new(4)}, b)
	require.Equal(t, 2, *a.Substream)
	require.False(t, a.equal(&b))
	require.True(t, b.equal(&Relay{Substream: new(0), Send: new(false), MinDelay: new(4)}))
}
