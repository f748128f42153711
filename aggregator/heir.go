package aggregator

import (
	"slices"

	"dateline/aggregator/news"
	"dateline/store"
)

// A source carries on what it published under former ids (sources[].was): its items keep their keys and entries. With
// its first visit it takes over what is remembered of them. Each item that still stands in the feed is then read once
// more and known under the new id as well, so that the former one may be forgotten one day.

// remembered returns what is known of a source, and which former ids it has yet to take over. It is taken for the
// first of them until it is visited itself.
func remembered(s store.View, src news.Source) (st news.State, window []news.Seen, heirOf []string, err error) {
	if st, err = s.State(src.ID); err != nil {
		return st, nil, nil, err
	}
	if window, err = s.Window(src.ID); err != nil {
		return st, nil, nil, err
	}
	for _, id := range src.Was {
		old, err := s.State(id)
		if err != nil {
			return st, nil, nil, err
		}
		if old.LastVisit.IsZero() {
			continue
		}
		heirOf = append(heirOf, id)
		if st.LastVisit.IsZero() {
			st, st.Hash = old, 0 // the items are read again, to be known under this id
		} else {
			st.Items, st.Newest = st.Items+old.Items, latest(st.Newest, old.Newest)
		}
		theirs, err := s.Window(id)
		if err != nil {
			return st, nil, nil, err
		}
		for _, w := range theirs {
			if !slices.ContainsFunc(window, func(o news.Seen) bool { return o.Item == w.Item }) {
				window = append(window, news.Seen{Item: w.Item})
			}
		}
	}
	return st, window, heirOf, nil
}

// inherit takes over former ids: what is held of them is held of the source.
func (c *composer) inherit() error {
	c.w.HeirOf = c.v.heirOf
	for _, id := range c.v.heirOf {
		for e, err := range c.HeldBy(id) {
			if err != nil {
				return err
			}
			it, found, err := c.Item(e.Key)
			if err != nil {
				return err
			}
			if found {
				it.Source = c.v.src.ID
				c.putItem(it)
			}
		}
	}
	return nil
}
