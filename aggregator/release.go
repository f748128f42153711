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
	return a.decideHeld(source, (*visitTx).release)
}

// DropHeld decides that what is held of a source is never published: its text goes, and it does not come back as
// news while its keys are kept. Its errors are those of [Aggregator.Release].
func (a *Aggregator) DropHeld(source string) (Released, error) {
	return a.decideHeld(source, (*visitTx).drop)
}

func (a *Aggregator) decideHeld(source string, decide func(*visitTx, news.Item) error) (done Released, err error) {
	src, held, err := a.heldOf(source)
	if err != nil {
		return done, err
	}
	for some := range slices.Chunk(held, heldStep) {
		v := a.newVisit(src)
		v.at = now()
		var c *visitTx
		err := a.store.Commit(func(s store.View) (store.Writes, error) {
			w := store.Writes{Source: source, Now: v.at}
			c = newVisitTx(v, s, &w)
			for _, e := range some {
				it, found, err := s.Item(e.Key)
				if err != nil {
					return w, err
				}
				if !found || !it.Held { // somebody else decided, or its text is past retention
					continue
				}
				if err := decide(c, it); err != nil {
					return w, err
				}
			}
			return w, nil
		})
		if err != nil {
			return done, err
		}
		done.Published += c.out.new
		done.Joined += c.out.joined
		done.Dropped += len(c.w.Erase)
	}
	return done, nil
}

// heldOf returns the source of that name and what is held of it, the oldest first.
func (a *Aggregator) heldOf(id string) (src news.Source, held []news.Entry, err error) {
	err = a.store.View(func(s store.View) error {
		all, err := KnownSources(s, a.Sources())
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(o news.Source) bool { return o.ID == id })
		if i < 0 {
			return &UnknownSourceError{IDs: []string{id}}
		}
		src = all[i]
		for e, err := range s.HeldBy(id) {
			if err != nil {
				return err
			}
			held = append(held, e)
		}
		return nil
	})
	slices.SortStableFunc(held, func(x, y news.Entry) int { return x.Published.Compare(y.Published) })
	return src, held, err
}

// release publishes an item that was held.
func (c *visitTx) release(it news.Item) error {
	e, err := c.entry(it.Key)
	if err != nil {
		return err
	}
	it.Held = false
	found, err := dedup.Address(c, it)
	if err != nil {
		return err
	}
	if found.Join != nil {
		it.Join, it.Entry = found.Join, found.Entry
	}
	others, err := c.findDuplicate(&it, dedup.NewText(it))
	if err != nil {
		return err
	}
	if it.Join == nil {
		c.putItem(it)
		c.out.new++
		return c.publishEntry(e)
	}
	c.dropEntry(e.Key)
	return c.carry(it, others)
}

// drop has an item that was held never be published.
func (c *visitTx) drop(it news.Item) error {
	c.w.Erase = append(c.w.Erase, store.Erasure{Item: it.Key, IdentityKeys: dedup.IdentityKeys(it)})
	return nil
}
