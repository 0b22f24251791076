package videoroom

import (
	"github.com/bifrons-rtc/bifrons/client"
)

// plan is what is to be done so that a subscription is as wanted.
type plan struct {
	add    []Subscription
	drop   []Unsubscription
	adjust []ConfigureStream
	of     uint64 // the handle's id that made the subscription; 0: there was none
}

// relayed is what an m-line was told to relay how.
type relayed struct {
	feed  client.ID
	mid   string
	relay Relay
}

// planner is what a plan is made from.
type planner struct {
	targets []target
	streams []SubscriberStream // what there is
	relay   map[client.ID]Relay
	applied map[string]relayed // by mid of the subscription
	refused map[client.ID]error
	dataMID func(feed client.ID) string // "" for none
}

// source is an m-line of a feed.
type source struct {
	feed client.ID
	mid  string // "" for data, which has one m-line for all
}

func (t *target) source() source {
	if t.kind == "data" {
		return source{feed: t.feed}
	}
	return source{t.feed, t.mid}
}

// sources returns what an m-line of the subscription brings.
func (s *SubscriberStream) sources() (list []source) {
	switch {
	case !s.Active:
	case s.Type == "data":
		for _, id := range s.SourceIDs {
			list = append(list, source{feed: id})
		}
	default:
		list = append(list, source{s.FeedID, s.FeedMID})
	}
	return list
}

// plan compares what is wanted with what there is.
func (p *planner) plan() plan {
	there := map[source]*SubscriberStream{}
	for i := range p.streams {
		for _, s := range p.streams[i].sources() {
			there[s] = &p.streams[i]
		}
	}
	wanted := map[source]bool{}
	var out plan
	for _, t := range p.targets {
		wanted[t.source()] = true
		switch s := there[t.source()]; {
		case s == nil && p.refused[t.feed] == nil:
			out.add = append(out.add, Subscription{Feed: t.feed, MID: t.mid, Relay: p.relayOf(t)})
		case s != nil && t.kind != "data":
			p.adjust(&out, t, s)
		}
	}
	for i := range p.streams {
		p.drop(&out, &p.streams[i], wanted)
	}
	return out
}

// relayOf is how a stream is to be relayed: sound has no layers.
func (p *planner) relayOf(t target) Relay {
	r := p.relay[t.feed]
	if t.kind != "video" {
		r = Relay{Send: r.Send}
	}
	return r
}

func (p *planner) adjust(out *plan, t target, s *SubscriberStream) {
	want := relayed{t.feed, t.mid, p.relayOf(t)}
	have, known := p.applied[s.MID]
	if !known || have.feed != t.feed || have.mid != t.mid {
		have.relay = Relay{}
	}
	if !want.relay.equal(&have.relay) {
		out.adjust = append(out.adjust, ConfigureStream{MID: s.MID, Relay: want.relay})
	}
}

func (p *planner) drop(out *plan, s *SubscriberStream, wanted map[source]bool) {
	for _, from := range s.sources() {
		switch {
		case wanted[from]:
		case s.Type != "data":
			out.drop = append(out.drop, Unsubscription{SubMID: s.MID})
		case p.dataMID(from.feed) != "":
			out.drop = append(out.drop, Unsubscription{Feed: from.feed, MID: p.dataMID(from.feed)})
		}
		// Data of a feed that has gone is taken out by the gateway itself.
	}
}

// equal compares what is set.
func (r *Relay) equal(o *Relay) bool {
	return same(r.Send, o.Send) && same(r.Substream, o.Substream) && same(r.Temporal, o.Temporal) &&
		same(r.Fallback, o.Fallback) && same(r.SpatialLayer, o.SpatialLayer) &&
		same(r.TemporalLayer, o.TemporalLayer) && same(r.MinDelay, o.MinDelay) && same(r.MaxDelay, o.MaxDelay)
}

func same[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

// merge returns r with what is set in over.
func (r Relay) merge(over *Relay) Relay {
	set(&r.Send, over.Send)
	set(&r.Substream, over.Substream)
	set(&r.Temporal, over.Temporal)
	set(&r.Fallback, over.Fallback)
	set(&r.SpatialLayer, over.SpatialLayer)
	set(&r.TemporalLayer, over.TemporalLayer)
	set(&r.MinDelay, over.MinDelay)
	set(&r.MaxDelay, over.MaxDelay)
	return r
}

// set copies a value that is there, so that the caller may reuse its own.
func set[T any](dst **T, src *T) {
	if src != nil {
		*dst = new(*src)
	}
}
