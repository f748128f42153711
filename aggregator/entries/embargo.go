package entries

import (
	"time"

	"dateline/aggregator/news"
	"dateline/store"
)

// An item under embargo is held until the moment that its source names, and goes out in a transaction of its own then, or with the
// update that lifts the embargo, or when the operator releases it. What its source published already stays public: an update under
// embargo cannot call it back.

// EndEmbargoes publishes the items, whose embargo is over, in this order. Those that are held for another reason too stay held. It
// returns the errors of the store.
func EndEmbargoes(t *store.Tx, setup *Setup, items []news.Key) (Outcome, error) {
	return update(t, setup, func(d *tx) error {
		for _, k := range items {
			if err := d.endEmbargo(k); err != nil {
				return err
			}
		}
		return nil
	})
}

// underEmbargo reports whether a new item may not be published yet, and notes when its embargo ended if it may. held: it is held
// without it too.
func (d *tx) underEmbargo(it *news.Item, held bool) bool {
	if it.Embargo == nil {
		return false
	}
	if !it.Embargo.InForce(d.Now()) {
		it.Embargo = ended(it.Embargo, d.Now())
		return false
	}
	e := *it.Embargo
	e.Held, it.Embargo = held, &e
	return true
}

// reviseEmbargo has a new revision of an item keep the embargo that it asks for while the item is held, and reports whether the
// revision lifts the one that the item was under.
func (d *tx) reviseEmbargo(it *news.Item, was news.Item) (lifted bool) {
	under := was.UnderEmbargo()
	switch {
	case !was.Held:
		if it.Embargo != nil {
			it.Embargo = ended(it.Embargo, d.Now())
		}
		return false
	case d.underEmbargo(it, !under || was.Embargo.Held):
		return false
	case !under:
		return false
	}
	e := *was.Embargo // it holds until endEmbargo
	if it.Embargo != nil {
		e.Evidence, e.Until = it.Embargo.Evidence, it.Embargo.Until
	}
	it.Embargo = &e
	return true
}

func ended(e *news.Embargo, at time.Time) *news.Embargo {
	over := *e
	over.Ended = at
	return &over
}

// endEmbargo publishes an item whose embargo is over, unless it is held without it too.
func (d *tx) endEmbargo(k news.Key) error {
	it, found, err := d.Item(k)
	if err != nil || !found || !it.UnderEmbargo() {
		return err
	}
	if !it.Embargo.Held {
		return d.release(it)
	}
	e, err := d.entry(it.Key)
	if err != nil {
		return err
	}
	it.Embargo = ended(it.Embargo, d.Now())
	if err := d.putItem(it); err != nil {
		return err
	}
	e.State = news.Held
	return d.PutEntry(e)
}
