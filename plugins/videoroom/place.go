package videoroom

import "slices"

// inPlace orders subscriptions so that each gets the m-line it had: a gateway makes
// one after the other.
func inPlace(list []Subscription, was []SubscriberStream) (ordered []Subscription) {
	rest := slices.Clone(list)
	take := func(match func(*Subscription) bool) {
		for i := range rest {
			if match(&rest[i]) {
				ordered = append(ordered, rest[i])
				rest = slices.Delete(rest, i, i+1)
				return
			}
		}
	}
	had := func(sub *Subscription) bool {
		return slices.ContainsFunc(was, func(s SubscriberStream) bool { return s.brings(sub) })
	}
	for i := range was {
		n := len(ordered)
		take(was[i].brings)
		if len(ordered) == n { // a gap: what is new goes there
			take(func(sub *Subscription) bool { return !had(sub) })
		}
	}
	return append(ordered, rest...)
}

// brings reports whether an m-line of a subscription is what is asked for.
func (s *SubscriberStream) brings(sub *Subscription) bool {
	return s.Active && s.Type != "data" && s.FeedID == sub.Feed && (sub.MID == "" || s.FeedMID == sub.MID)
}

// displaced returns the m-lines on which something else comes now.
func displaced(was, now []SubscriberStream) (mids []string) {
	for i := range was {
		s := streamOf(now, was[i].MID)
		if was[i].Type != "data" && (s == nil || s.FeedID != was[i].FeedID || s.FeedMID != was[i].FeedMID) {
			mids = append(mids, was[i].MID)
		}
	}
	return mids
}
