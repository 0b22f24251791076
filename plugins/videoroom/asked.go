package videoroom

import "github.com/bifrons-rtc/bifrons/client"

// want remembers how streams were asked for, so that the same can be asked again.
// What it knows of feeds that are not there any more it forgets.
func (s *Subscriber) want(list []Subscription) {
	if s.inRoom != nil {
		return // which knows it better
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	there := map[client.ID]bool{}
	for i := range s.streams {
		for _, from := range s.streams[i].sources() {
			there[from.feed] = true
		}
	}
	for from := range s.asked {
		if !there[from.feed] && len(s.streams) > 0 {
			delete(s.asked, from)
		}
	}
	for _, sub := range list {
		sub.Relay = Relay{}.merge(&sub.Relay)
		s.asked[source{sub.Feed, sub.MID}] = sub
	}
}

// unwant forgets what was given up.
func (s *Subscriber) unwant(list []Unsubscription) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range list {
		if u.SubMID != "" {
			if from := streamOf(s.streams, u.SubMID); from != nil {
				u.Feed, u.MID = from.FeedID, from.FeedMID
			}
		}
		for from := range s.asked {
			if from.feed == u.Feed && (u.MID == "" || from.mid == u.MID) {
				delete(s.asked, from)
			}
		}
	}
}

// configured remembers how m-lines are relayed.
func (s *Subscriber) configured(list []ConfigureStream) {
	if s.inRoom != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range list {
		if from := streamOf(s.streams, list[i].MID); from != nil && !from.FeedID.IsZero() {
			sub := s.askedFor(source{from.FeedID, from.FeedMID})
			sub.Relay = sub.Relay.merge(&list[i].Relay)
			s.asked[source{sub.Feed, sub.MID}] = sub
		}
	}
}

// askedFor returns how to ask for a stream. s.mu is held.
func (s *Subscriber) askedFor(from source) Subscription {
	sub, own := s.asked[from]
	if !own {
		sub = s.asked[source{feed: from.feed}]
		sub.Feed, sub.MID = from.feed, from.mid
	}
	return sub
}

// again returns what there was before the connection was lost, to be asked for
// once more, in the order of the m-lines. Of data it is not told which m-line of
// the feed it was: either the whole feed was asked for, or that one by name.
func (s *Subscriber) again() (list []Subscription) {
	s.mu.Lock()
	defer s.mu.Unlock()
	whole, known := map[client.ID]bool{}, map[source]bool{}
	for i := range s.was {
		for _, from := range s.was[i].sources() {
			known[from] = true
			if _, all := s.asked[source{feed: from.feed}]; all && from.mid == "" {
				whole[from.feed] = true
			}
		}
	}
	for i := range s.was {
		for _, from := range s.was[i].sources() {
			switch {
			case from.mid != "" && !whole[from.feed]:
				list = append(list, s.askedFor(from))
			case whole[from.feed]:
				if known[source{feed: from.feed}] {
					list = append(list, s.asked[source{feed: from.feed}])
					delete(known, source{feed: from.feed}) // once
				}
			default:
				for other, sub := range s.asked {
					if other.feed == from.feed && !known[other] {
						list = append(list, sub)
					}
				}
			}
		}
	}
	return list
}
