package entries

import (
	"slices"
	"time"

	"dateline/aggregator/attribute"
	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
)

// item stores what one decision says.
func (c *documentTx) item(d Decision) error {
	if d.Action == dedup.Twin {
		return nil
	}
	if err := c.refresh(&d); err != nil {
		return err
	}
	if d.Action == dedup.Same {
		return c.reinstateUnchanged(*d.Was)
	}
	if d.Action == dedup.Alias && len(d.Was.Aliases)+len(d.Was.IdentityKeys) >= maxNames {
		d.IdentityKeys = nil
		if !d.Changed {
			return c.reinstateUnchanged(*d.Was)
		}
	}
	if d.Was != nil {
		if err := c.AddKeys(d.Key, d.IdentityKeys...); err != nil {
			return err
		}
	}
	if !d.Changed { // an alias alone: the content is what it was
		return c.rename(d)
	}
	ready := c.doc.Prepare(d.Place)
	it, text := ready.Item, ready.Text
	it.Key, it.Entry, it.Join, it.Revised = d.Key, d.Entry, d.Join, c.Now()
	c.texts[it.Key] = text
	c.written = append(c.written, it.Key)
	if d.Was != nil {
		return c.revise(it, d, ready)
	}
	it.FirstSeen, it.Revision = c.Now(), 1
	it.ClampDates(c.Now())
	text, put := text.Of(it), c.publishItem
	if c.underEmbargo(&it, d.Held) || d.Held {
		it.Entry, it.Join, put = it.Key, nil, c.hold
	}
	if err := put(it, text); err != nil {
		return err
	}
	if err := c.AddKeys(it.Key, d.IdentityKeys...); err != nil {
		return err
	}
	return c.addTerms(it, text.Fingerprint().Terms, ready.Terms)
}

// refresh updates a decision on a known item with what this transaction has already changed of it.
func (c *documentTx) refresh(d *Decision) error {
	if d.Was == nil {
		return nil
	}
	it, found, err := c.Item(d.Key)
	if err == nil && found {
		d.Was, d.Entry, d.Join = &it, it.Entry, it.Join
	}
	return err
}

// reinstateUnchanged publishes an item again that its source withdrew and now publishes unchanged. An item that carries a kill mark
// stays withdrawn.
func (c *documentTx) reinstateUnchanged(it news.Item) error {
	if !it.Withdrawn || it.Credits.Kill != nil {
		return nil
	}
	return c.reinstate(it, dedup.NewText(it))
}

// rename remembers that an item has been published under one more guid.
func (c *documentTx) rename(d Decision) error {
	it := *d.Was
	if it.Erased {
		it.IdentityKeys = append(it.IdentityKeys[:len(it.IdentityKeys):len(it.IdentityKeys)], d.IdentityKeys...) // to be forgotten with it
	} else {
		it.Aliases = also(it.Aliases, it.GUID, c.doc.Items[d.Place].GUID)
	}
	if err := c.putItem(it); err != nil {
		return err
	}
	return c.reinstateUnchanged(it)
}

// revise writes a new revision of a known item.
func (c *documentTx) revise(it news.Item, d Decision, ready Prepared) error {
	was := d.Was
	it.Supersedes, it.Story, it.OwnID = was.Supersedes, was.Story, was.OwnID
	it.GUID, it.Aliases = was.GUID, also(was.Aliases, was.GUID, it.GUID)
	it.FirstSeen, it.Revision = was.FirstSeen, was.Revision+1
	it.Held, it.Withdrawn, it.Withdrawal = was.Held, was.Withdrawn, was.Withdrawal
	lifted := c.reviseEmbargo(&it, *was)
	addPage(&it, was.Page)
	switch {
	case attribute.Corrects(was.Credits.Marker, it.Credits.Marker):
		it.Corrected = c.Now()
	case it.Credits.Marker == was.Credits.Marker:
		it.Corrected = was.Corrected
	}
	it.ClampDates(it.FirstSeen)
	if it.Published.IsZero() {
		it.Published, it.PublishedRaw = was.Published, was.PublishedRaw
	}
	text := ready.Text.Of(it)
	if err := c.putItem(it); err != nil {
		return err
	}
	if err := c.republish(it, d, text); err != nil {
		return err
	}
	c.out.Updated++
	var fingerprint, stems []uint32
	if dedup.Significant(*was, it) {
		fingerprint = text.Fingerprint().Terms
	}
	if !slices.Equal(ready.Terms, c.setup.Terms(*was, nil)) {
		stems = ready.Terms
	}
	if err := c.addTerms(it, fingerprint, stems); err != nil || !lifted {
		return err
	}
	out := c.out // the item was counted when it was held
	err := c.endEmbargo(it.Key)
	c.out.New, c.out.Joined = out.New, out.Joined
	return err
}

// republish updates the entry of a revised item. The entry that it represents takes a new position in the log only if readers see a
// difference.
func (c *documentTx) republish(it news.Item, d Decision, text *dedup.Text) error {
	e, err := c.entry(it.Entry)
	if err != nil {
		return err
	}
	if e.State == news.Held || e.State == news.Embargoed {
		e.State = heldState(it)
	}
	// After any change its documents are to be rendered again.
	if err := c.PutEntry(e); err != nil {
		return err
	}
	switch {
	case it.Credits.Kill != nil:
		return c.withdrawItem(it, byMarker, it.Credits.Kill.Words)
	case it.Withdrawn:
		return c.reinstate(it, text)
	}
	was := *d.Was
	significant, corrected := dedup.Significant(was, it), attribute.Corrects(was.Credits.Marker, it.Credits.Marker)
	if it.Entry == it.Key && e.State == news.Public && (significant || corrected) && !d.NoUpdate {
		e.Updated = news.Latest(after(e.Updated, e.Updated), c.revised(was, it))
		if err := c.appendLog(news.RecordUpdated, e); err != nil {
			return err
		}
	}
	if !significant && it.URL == was.URL || e.State != news.Public {
		return nil
	}
	if err := c.remerge(it, text); err != nil || !significant {
		return err
	}
	return c.findStory(it.Key)
}

// revised returns when a significant change was made: as the source says, where that lies after the last revision and not after this
// visit; else the time of the visit.
func (c *documentTx) revised(was, is news.Item) time.Time {
	at := c.Now()
	if u := is.Updated; u.After(was.Updated) && u.After(was.Revised) && !u.After(at) {
		return u.Truncate(time.Second)
	}
	return at
}

// maxNames is how many guids an item is remembered by: some feeds give every item another guid at every request.
const maxNames = 32

// also returns aliases with guid, unless guid is empty, is the first one of the item, or is among them.
func also(aliases []string, first, guid string) []string {
	if guid == "" || guid == first || len(aliases) >= maxNames || slices.Contains(aliases, guid) {
		return aliases
	}
	return append(slices.Clone(aliases), guid)
}
