package aggregator

import (
	"slices"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
	"dateline/store"
)

// match looks whether a new item has the text of another one, and keeps what it is found by.
func (c *composer) match(it *news.Item, text *dedup.Text) error {
	defer c.print(text.Print(), true)
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

// print keeps what an item is found by, and has new items be found by those of the same document that follow.
func (c *composer) print(p news.Print, isNew bool) {
	if isNew {
		for _, m := range p.Marks {
			c.marks[m] = append(c.marks[m], len(c.w.Prints))
		}
	}
	c.w.Prints = append(c.w.Prints, p)
}

// unstored is added to the place of a print in Writes where a stored item has its number.
const unstored = 1 << 62

// composed is the store as it will be after what was composed so far.
type composed struct {
	store.View
	c *composer
}

// Sighted returns the items with one of the marks: the store's, then the visit's own new ones.
func (s composed) Sighted(marks []uint32, most int) ([]news.Sighting, error) {
	all, err := s.View.Sighted(marks, most)
	stored := len(all)
	for _, m := range marks {
		for _, at := range s.c.marks[m][:min(len(s.c.marks[m]), most+1)] {
			n := uint64(unstored + at)
			i := slices.IndexFunc(all[stored:], func(o news.Sighting) bool { return o.Number == n })
			if i < 0 {
				i = len(all) - stored
				all = append(all, news.Sighting{Number: n, Source: s.c.v.src.ID, At: s.c.w.Prints[at].At})
			}
			all[stored+i].Marks = append(all[stored+i].Marks, m)
		}
	}
	return all, err
}

// Numbered returns the item that a sighting is of.
func (s composed) Numbered(n uint64) (news.Item, bool, error) {
	if n >= unstored {
		return s.Item(s.c.w.Prints[n-unstored].Item)
	}
	return s.View.Numbered(n)
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
