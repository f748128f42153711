package aggregator

import (
	"slices"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
	"dateline/store"
)

// match looks whether a new item has the text of another one, and keeps what it is found by.
func (c *composer) match(it *news.Item, text *dedup.Text) error {
	c.w.Prints = append(c.w.Prints, text.Print())
	if it.Join == nil {
		found, err := text.Find(composed{c.s, c}, c.v.setup.Match)
		if err != nil {
			return err
		}
		it.Join, it.Supersedes = found.Join, found.Supersedes
		if it.Join != nil {
			it.Entry = found.Entry
		}
	}
	for _, j := range []*news.Join{it.Join, it.Supersedes} {
		if j != nil {
			j.At = c.v.at
		}
	}
	return nil
}

// composed is the store as it will be after what was composed so far.
type composed struct {
	store.View
	c *composer
}

// Item returns the item as the visit has it, else as the store has it.
func (s composed) Item(k news.Key) (news.Item, bool, error) {
	if i := slices.IndexFunc(s.c.w.Items, func(it news.Item) bool { return it.Key == k }); i >= 0 {
		return s.c.w.Items[i], true, nil
	}
	return s.View.Item(k)
}

// Entry returns the entry as the visit has it, else as the store has it.
func (s composed) Entry(k news.Key) (news.Entry, bool, error) {
	if i, ok := s.c.entries[k]; ok {
		return s.c.w.Entries[i], true, nil
	}
	return s.View.Entry(k)
}
