package entries

import (
	"errors"
	"slices"
	"time"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
	"dateline/store"
)

// A held item is stored and not published: what a source that was added later had before (feed.first_poll), what a flood brought up
// (dedup/flood.go), and what is under embargo (embargo.go). The operator releases or drops it.

// isFirstOfLateSource reports whether this is the first document of a source that the store did not begin with.
func (doc *Document) isFirstOfLateSource(s store.View, st news.State, setup *Setup) bool {
	id := doc.Source.ID
	switch {
	case id == "" || st.Items > 0:
		return false
	case s.HasInitialSources():
		return !s.IsInitialSource(id)
	}
	return !slices.Contains(setup.InitialSources, id)
}

// holdOld holds the new items but for the newest ones, at most as many as most says. An item without a date counts as
// published at the visit; of items with the same date the first in the document is the newest.
func (doc *Document) holdOld(decided []dedup.Decision, most int) {
	var added []int
	for i, d := range decided {
		if d.Action == dedup.New {
			added = append(added, i)
		}
	}
	at := func(i int) time.Time {
		it := doc.Items[doc.places[i]]
		it.FirstSeen = doc.At
		it.ClampDates(doc.At)
		return it.Date()
	}
	slices.SortStableFunc(added, func(a, b int) int { return at(b).Compare(at(a)) })
	for _, i := range added[min(len(added), most):] {
		decided[i].Hold()
	}
}

// holdFlood decides again where too much of the document is new.
func (doc *Document) holdFlood(s store.View, st news.State, setup *Setup, decided []dedup.Decision) error {
	before := st.Newest
	if st.LastSuccess.Before(before) { // what is dated after the last visit cannot have been there
		before = st.LastSuccess
	}
	excluded := 0
	for _, d := range decided {
		if d.Action == dedup.Excluded {
			excluded++
		}
	}
	return doc.items.Flood(s, decided, dedup.Flood{
		Size: doc.Total - excluded, Standing: doc.stays, Before: before, Thresholds: setup.Thresholds,
		Text:  func(i int) *dedup.Text { return doc.Prepare(doc.places[i]).Text },
		Last:  func() ([]news.Item, error) { return lastItems(s, doc.Source.ID) },
		Known: func() ([]news.Item, error) { return ownItems(s, doc.Source.ID) },
	})
}

// lastItems returns the items of a source's last document.
func lastItems(s store.View, source string) (all []news.Item, err error) {
	window, err := s.Window(source)
	if err != nil {
		return nil, err
	}
	for _, w := range window {
		it, found, err := s.Item(w.Item)
		if err != nil {
			return nil, err
		}
		if found {
			all = append(all, it)
		}
	}
	return all, nil
}

// maxOwn is how many items of a source are looked through: as many as the largest document has.
const maxOwn = 2_000

// ownItems returns the items of a source's last document, those that are held, and those of its newest log records; no more
// of them once there are maxOwn.
func ownItems(s store.View, source string) ([]news.Item, error) {
	all, err := lastItems(s, source)
	if err != nil {
		return nil, err
	}
	have := make(map[news.Key]bool, len(all))
	for _, it := range all {
		have[it.Key] = true
	}
	add := func(e news.Entry) error {
		for _, k := range e.Members() {
			if have[k] {
				continue
			}
			have[k] = true
			if it, found, err := s.Item(k); err != nil {
				return err
			} else if found && it.Source == source {
				all = append(all, it)
			}
		}
		return nil
	}
	for e, err := range s.HeldBy(source) {
		if len(all) >= maxOwn {
			return all, nil
		}
		if err := errors.Join(err, add(e)); err != nil {
			return nil, err
		}
	}
	for rec, err := range s.Tagged("source:"+source, 0) {
		if err != nil {
			return nil, err
		}
		if len(all) >= maxOwn {
			break
		}
		e, _, err := s.Entry(rec.Entry)
		if err != nil {
			return nil, err
		}
		if err := add(e); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// heldState returns the state of the entry of an item that is held.
func heldState(it news.Item) news.EntryState {
	if it.UnderEmbargo() {
		return news.Embargoed
	}
	return news.Held
}

// hold stores a new item without publishing it. What it takes back is taken back at once.
func (d *tx) hold(it news.Item, text *dedup.Text) error {
	if it.Credits.Kill != nil {
		if err := d.applyKill(&it, text); err != nil {
			return err
		}
	}
	e, err := d.newEntry(it)
	if err != nil {
		return err
	}
	it.Held = true
	e.State = heldState(it)
	d.out.Held++
	if err := d.putItem(it); err != nil {
		return err
	}
	return d.PutEntry(e)
}

// Release publishes those of the items that are still held. An item joins the entry that has its text or its address. The outcome counts
// them as New or Joined. It returns the errors of the store.
func Release(t *store.Tx, setup *Setup, items []news.Key) (Outcome, error) {
	return decideHeld(t, setup, items, (*tx).release)
}

// Drop decides that those of the items that are still held are never published. Their text is destroyed, but they do not come back as
// news while their identity keys are kept. The outcome counts them as Dropped. It returns the errors of the store.
func Drop(t *store.Tx, setup *Setup, items []news.Key) (Outcome, error) {
	return decideHeld(t, setup, items, (*tx).drop)
}

// decideHeld makes the decision for each item that is still held: another decision, or retention, may have come before.
func decideHeld(t *store.Tx, setup *Setup, items []news.Key, decide func(*tx, news.Item) error) (Outcome, error) {
	return update(t, setup, func(d *tx) error {
		for _, k := range items {
			it, found, err := d.Item(k)
			if err != nil {
				return err
			}
			if !found || !it.Held {
				continue
			}
			if err := decide(d, it); err != nil {
				return err
			}
		}
		return nil
	})
}

// release publishes a held item.
func (d *tx) release(it news.Item) error {
	e, err := d.entry(it.Key)
	if err != nil {
		return err
	}
	it.Held = false
	if it.Embargo != nil && it.Embargo.Ended.IsZero() {
		it.Embargo = ended(it.Embargo, d.Now())
	}
	if it.Withdrawn { // by its source
		if err := d.putItem(it); err != nil {
			return err
		}
		e.State = news.Withdrawn
		return d.PutEntry(e)
	}
	found, err := dedup.Address(d, it)
	if err != nil {
		return err
	}
	if found.Join != nil {
		it.Join, it.Entry = found.Join, found.Entry
	}
	others, err := d.findDuplicate(&it, dedup.NewText(it))
	if err != nil {
		return err
	}
	if it.Join == nil {
		if err := d.putItem(it); err != nil {
			return err
		}
		d.out.New++
		return d.publishEntry(e)
	}
	if err := d.DropEntry(e.Key); err != nil {
		return err
	}
	return d.carry(it, others)
}

// drop destroys the text of a held item.
func (d *tx) drop(it news.Item) error {
	d.out.Dropped++
	d.erase(it)
	return nil
}
