package entries

import (
	"slices"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
)

// A text is withdrawn by its source or by an editor. A source withdraws its own item and no other source's: if that item represents
// others, these become an entry of their own. An editor withdraws the entry with all its carriers.

// The rules by which a source withdraws an item.
const (
	byTombstone = "deleted-entry" // RFC 6721
	byMarker    = "mark"          // a mark in the title or at the head of the text
)

// withdrawItem withdraws an item because its source says so, unless an editor has restored it.
func (d *tx) withdrawItem(it news.Item, rule, words string) error {
	decided, err := d.Rule(it.Key)
	if err != nil || decided.Stand == news.StandRestored || it.Withdrawn || it.Erased {
		return err
	}
	d.out.Withdrawn = append(d.out.Withdrawn, news.Retraction{Entry: it.Entry, Title: it.Title, URL: it.URL})
	it.Withdrawn = true
	it.Withdrawal = &news.Withdrawal{By: news.BySource, Rule: rule, Words: words, At: d.Now()}
	if err := d.putItem(it); err != nil {
		return err
	}
	e, err := d.entry(it.Entry)
	if err != nil {
		return err
	}
	if e.Key != it.Key || e.State != news.Public {
		return d.PutEntry(e)
	}
	others, err := e.Load(d.Item)
	if err != nil {
		return err
	}
	var leaving []news.Key
	for _, o := range others {
		if !o.Withdrawn && !o.Erased {
			leaving = append(leaving, o.Key)
		}
	}
	if len(leaving) > 0 {
		own, err := d.split(e, leaving)
		if err != nil {
			return err
		}
		if err := d.keepStory(it.Key, own); err != nil {
			return err
		}
		if e, err = d.entry(it.Key); err != nil {
			return err
		}
	}
	return d.withdrawEntry(e)
}

// withdrawEntry publishes that an entry was withdrawn.
func (d *tx) withdrawEntry(e news.Entry) error {
	e.State = news.Withdrawn
	if e.First == 0 { // it was never published
		return d.PutEntry(e)
	}
	e.Updated = after(e.Updated, d.Now())
	return d.appendLog(news.RecordWithdrawn, e)
}

// reinstate publishes an item again that its source withdrew and now publishes again, unless an editor has withdrawn it.
func (d *tx) reinstate(it news.Item, text *dedup.Text) error {
	decided, err := d.Rule(it.Key)
	if err != nil || decided.Stand == news.StandWithdrawn || !it.Withdrawn || it.Erased {
		return err
	}
	if err := d.clearWithdrawal(it, news.BySource); err != nil {
		return err
	}
	e, err := d.entry(it.Entry)
	if err != nil {
		return err
	}
	switch {
	case e.State != news.Withdrawn:
		return d.PutEntry(e)
	case e.Key == it.Key:
		err = d.publishEntry(e)
	default: // the entry that it was in stays withdrawn
		_, err = d.split(e, []news.Key{it.Key})
	}
	if err != nil {
		return err
	}
	return d.remerge(it, text)
}

func (d *tx) clearWithdrawal(it news.Item, by news.Decider) error {
	if !it.Withdrawn {
		return nil
	}
	it.Withdrawn = false
	if it.Withdrawal != nil {
		w := *it.Withdrawal
		w.Ended, w.EndedBy = d.Now(), by
		it.Withdrawal = &w
	}
	return d.putItem(it)
}

// applyKill withdraws a new item that carries a kill mark, whether it is held or not, and the earlier item of its source that it takes
// back. The new item is not published and joins no entry.
func (d *tx) applyKill(it *news.Item, text *dedup.Text) (err error) {
	it.Entry, it.Join = it.Key, nil
	it.Withdrawn = true
	it.Withdrawal = &news.Withdrawal{By: news.BySource, Rule: byMarker, Words: it.Credits.Kill.Words, At: d.Now()}
	if it.Supersedes, err = text.TakenBack(d, d.setup.Thresholds); err != nil || it.Supersedes == nil {
		return err
	}
	it.Supersedes.At = d.Now()
	was, found, err := d.Item(it.Supersedes.With)
	if err != nil || !found {
		return err
	}
	return d.withdrawItem(was, byMarker, it.Credits.Kill.Words)
}

// deleted withdraws the items that the document's tombstones name (RFC 6721 section 3), but for those that the document has.
func (c *documentTx) deleted(keys map[int]news.Key) error {
	for _, id := range c.doc.Deleted {
		it, found, err := c.Item(news.ItemKey(c.doc.Source.ID, dedup.Identity(id)))
		if err != nil {
			return err
		}
		if !found || it.Source != c.doc.Source.ID || slices.Contains(c.doc.stays, it.Key) || has(keys, it.Key) {
			continue
		}
		c.gone[it.Key] = true
		if err := c.withdrawItem(it, byTombstone, ""); err != nil {
			return err
		}
	}
	return nil
}

func has(keys map[int]news.Key, k news.Key) bool {
	for _, other := range keys {
		if other == k {
			return true
		}
	}
	return false
}
