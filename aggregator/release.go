package aggregator

import (
	"slices"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
	"dateline/store"
)

// heldStep is how much of what is held is decided on in one transaction: visits wait for it.
const heldStep = 100

// Released counts what became of the items that were held back of a source.
type Released struct {
	Published int // as entries of their own
	Joined    int // published as carriers of entries that were there
	Dropped   int // their text is gone; what they are recognised by stays
}

// Release publishes what is held of a source, the oldest first. An item whose text another source has published joins
// its entry. It returns an [*UnknownSourceError] for a source that is neither configured nor remembered; what was
// released before another error stays so.
func (a *Aggregator) Release(source string) (Released, error) {
	return a.decideHeld(source, (*tx).release)
}

// DropHeld decides that what is held of a source is never published: its text goes, and it does not come back as
// news while its keys are kept. Its errors are those of [Aggregator.Release].
func (a *Aggregator) DropHeld(source string) (Released, error) {
	return a.decideHeld(source, (*tx).drop)
}

func (a *Aggregator) decideHeld(source string, decide func(*tx, news.Item) error) (done Released, err error) {
	held, err := a.heldOf(source)
	if err != nil {
		return done, err
	}
	for some := range slices.Chunk(held, heldStep) {
		var out outcome
		err := a.edit(func(d *tx) error {
			for _, e := range some {
				it, found, err := d.Item(e.Key)
				if err != nil {
					return err
				}
				if !found || !it.Held { // somebody else decided, or its text is past retention
					continue
				}
				if err := decide(d, it); err != nil {
					return err
				}
			}
			out = d.out
			return nil
		})
		if err != nil {
			return done, err
		}
		done.Published += out.New
		done.Joined += out.Joined
		done.Dropped += out.Dropped
	}
	return done, nil
}

// heldOf returns what is held of the source named id, the oldest first.
func (a *Aggregator) heldOf(id string) (held []news.Entry, err error) {
	err = a.store.View(func(s store.View) error {
		all, err := KnownSources(s, a.Sources())
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(all, func(o news.Source) bool { return o.ID == id }) {
			return &UnknownSourceError{IDs: []string{id}}
		}
		for e, err := range s.HeldBy(id) {
			if err != nil {
				return err
			}
			held = append(held, e)
		}
		return nil
	})
	slices.SortStableFunc(held, func(x, y news.Entry) int { return x.Published.Compare(y.Published) })
	return held, err
}

// release publishes an item that was held.
func (d *tx) release(it news.Item) error {
	e, err := d.entry(it.Key)
	if err != nil {
		return err
	}
	it.Held = false
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

// drop has an item that was held never be published.
func (d *tx) drop(it news.Item) error {
	d.out.Dropped++
	d.erase(it)
	return nil
}
