package entries

import (
	"slices"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
)

// publishItem stores a new item in its own entry or in the one that it joins.
func (d *tx) publishItem(it news.Item, text *dedup.Text) error {
	others, err := d.findDuplicate(&it, text)
	if err != nil {
		return err
	}
	if it.Join != nil {
		return d.carry(it, others)
	}
	if err := d.putItem(it); err != nil {
		return err
	}
	d.out.New++
	return d.publishEntry(news.Entry{Key: it.Key})
}

// carry puts an item into the entry that it joins, and merges the others, which have its text, with that.
func (d *tx) carry(it news.Item, others []news.Key) error {
	if err := d.putItem(it); err != nil {
		return err
	}
	d.out.Joined++
	e, err := d.entry(it.Entry)
	if err != nil {
		return err
	}
	e.Items = append(slices.Clone(e.Members()), it.Key)
	if err := d.PutEntry(e); err != nil {
		return err
	}
	return d.merge(it.Key, others)
}

// publishEntry publishes an entry for the first time, or again under the id that it had. The entry of an item that is withdrawn stays
// withdrawn.
func (d *tx) publishEntry(e news.Entry) error {
	it, _, err := d.Item(e.Key)
	if err != nil {
		return err
	}
	if it.Withdrawn {
		e.State = news.Withdrawn
		return d.PutEntry(e)
	}
	merged := e.State == news.Merged
	e.State, e.Into = news.Public, news.Key{}
	if e.First > 0 {
		if merged {
			if err := d.rejoinStory(&e, it); err != nil {
				return err
			}
		}
		e.Updated = after(e.Updated, d.Now())
		return d.appendLog(news.RecordRestored, e)
	}
	fresh, err := d.newEntry(it)
	if err != nil {
		return err
	}
	fresh.Items = e.Items
	if err := d.linkStory(&fresh, it); err != nil {
		return err
	}
	return d.appendLog(news.RecordNew, fresh)
}

// newEntry returns the entry of an item that was never published.
func (d *tx) newEntry(it news.Item) (news.Entry, error) {
	id, err := d.atomID(it)
	e := news.Entry{Key: it.Key, ID: id, Published: it.Date()}
	e.Updated = news.Latest(e.Published, it.Updated).Truncate(second)
	return e, err
}

// atomID returns the source's own id where RFC 4287 section 4.2.6 asks for it: in an Atom document, if it is a canonical URI and no
// other entry has it. Empty: the entry is named by its key.
func (d *tx) atomID(it news.Item) (string, error) {
	if !it.OwnID {
		return "", nil
	}
	if e, taken, err := d.EntryByID(it.GUID); err != nil || taken && e.Key != it.Key {
		return "", err
	}
	return it.GUID, nil
}
