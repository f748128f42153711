package entries

import (
	"slices"
	"time"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
)

// Two entries that turn out to have the same text are merged: the earlier one stays and gets the items of the other. The other keeps
// its id, which leads to the first from then on, and the list of its items, so that it can be split off again.

const second = time.Second

// remerge merges the entry of a known item with the others that have its text or its address.
func (d *tx) remerge(it news.Item, text *dedup.Text) error {
	found, err := text.Find(d, d.setup.Thresholds)
	if err != nil {
		return err
	}
	there, err := dedup.Address(d, it)
	if err != nil {
		return err
	}
	var others []news.Key
	for _, m := range []dedup.Match{there, found} {
		if m.Join != nil {
			others = append(append(others, m.Entry), m.Others...)
		}
	}
	return d.merge(it.Key, others)
}

// merge merges the others with the entry of an item, if the texts of their representatives agree.
func (d *tx) merge(item news.Key, others []news.Key) error {
	for _, k := range others {
		it, _, err := d.Item(item)
		if err != nil {
			return err
		}
		one, err := d.entry(it.Entry)
		if err != nil {
			return err
		}
		other, found, err := d.Entry(k)
		if err != nil {
			return err
		}
		if !found || one.Key == other.Key || one.State != news.Public || other.State != news.Public {
			continue
		}
		into, from := inOrder(one, other)
		j, err := dedup.Alike(d, into, from, d.setup.Thresholds)
		if err != nil {
			return err
		}
		if j == nil {
			continue
		}
		j.At = d.Now()
		if err := d.mergeInto(into, from, j); err != nil {
			return err
		}
	}
	return nil
}

// inOrder returns the entry that was published earlier, then the other.
func inOrder(a, b news.Entry) (news.Entry, news.Entry) {
	switch {
	case a.First > 0 && (b.First == 0 || a.First < b.First):
		return a, b
	case b.First > 0:
		return b, a
	}
	if c := a.Updated.Compare(b.Updated); c < 0 || c == 0 && slices.Compare(a.Key[:], b.Key[:]) < 0 {
		return a, b
	}
	return b, a
}

// mergeInto moves the items of one entry into another. j is the evidence for its representative.
func (d *tx) mergeInto(into, from news.Entry, j *news.Join) error {
	items, err := from.Load(d.Item)
	if err != nil {
		return err
	}
	into.Items = slices.Clone(into.Members())
	for _, it := range items {
		it.Entry = into.Key
		if it.Key == from.Key {
			it.Join = j
		}
		if err := d.putItem(it); err != nil {
			return err
		}
		into.Items = append(into.Items, it.Key)
		if err := d.repoint(it.Key, into.Key); err != nil {
			return err
		}
	}
	if err := d.moveStory(&into, from); err != nil {
		return err
	}
	if err := d.PutEntry(into); err != nil {
		return err
	}
	from.State, from.Into = news.Merged, into.Key
	return d.appendLog(news.RecordMerged, from)
}

// repoint makes the merged entry under the key of an item lead to the entry that the item belongs to now, so that no entry leads to
// one that was merged itself.
func (d *tx) repoint(item, to news.Key) error {
	e, found, err := d.Entry(item)
	if err != nil || !found || e.State != news.Merged || e.Key == to {
		return err
	}
	e.Into = to
	return d.PutEntry(e)
}

// split makes an entry of some items of another one and returns its key: the key of an entry that was published under one of them
// before, else that of their representative.
func (d *tx) split(e news.Entry, leaving []news.Key) (news.Key, error) {
	e.Items = slices.DeleteFunc(slices.Clone(e.Members()), func(k news.Key) bool { return slices.Contains(leaving, k) })
	if len(e.Items) == 1 {
		e.Items = nil
	}
	if err := d.PutEntry(e); err != nil {
		return news.Key{}, err
	}
	items, err := news.Entry{Items: leaving}.Load(d.Item)
	if err != nil {
		return news.Key{}, err
	}
	standing := slices.DeleteFunc(slices.Clone(items), func(it news.Item) bool { return it.Withdrawn })
	if len(standing) == 0 {
		standing = items
	}
	rep := d.setup.represent(standing)
	entry := news.Entry{Key: rep.Key}
	for _, it := range standing {
		was, found, err := d.Entry(it.Key)
		if err != nil {
			return news.Key{}, err
		}
		if found && was.State == news.Merged && (entry.First == 0 || was.First < entry.First) {
			entry, rep = was, it
		}
	}
	return entry.Key, d.setRepresentative(entry, rep, items)
}

// after returns at, but at least one second after was, so that a change shows.
func after(was, at time.Time) time.Time {
	if at = at.Truncate(second); at.After(was) {
		return at
	}
	return was.Add(second)
}
