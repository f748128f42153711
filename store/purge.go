package store

import (
	"slices"

	"dateline/aggregator/news"
)

// Purged counts what a [Store.Purge] did.
type Purged struct {
	Items int // that went, with their entries and all that they were recognised by
	Kept  int // that stay: they represent entries which other sources carry too
}

// Purge removes what is remembered of a source, prints included, in small transactions. An item goes out of the entries of others that it
// stands in; its own entry goes with it, without a notice. One that represents an entry which others carry stays until
// those go, and the source stays credited for it. Whatever was done before an error stays done.
func (s *Store) Purge(source string, identityKeys func(news.Item) []news.IdentityKey) (Purged, error) {
	var total Purged
	for from := uint64(0); ; {
		step := purge{source: source, identityKeys: identityKeys, from: from}
		if err := s.Commit(step.decide); err != nil {
			return total, err
		}
		total.Items += step.done.Items
		total.Kept += step.done.Kept
		if from = step.next; from == 0 {
			break
		}
	}
	return total, s.Commit(func(v View) (Writes, error) { return Writes{pruned: true}, v.forgetSource(source, total.Kept > 0) })
}

// purgeStep bounds the items of one transaction. Removing their postings rewrites every segment that has some, so that few large
// steps take less time than many small ones.
const purgeStep = 2000

// purge is one step.
type purge struct {
	source       string
	identityKeys func(news.Item) []news.IdentityKey
	from         uint64 // the number of an item, to begin with
	next         uint64 // for the next step; 0: there is none
	done         Purged
}

func (p *purge) decide(v View) (Writes, error) {
	p.next, p.done = 0, Purged{}
	gone := map[uint64]bool{}
	last := v.tx.Bucket(bItem).Sequence()
	for n, looked := max(p.from, 1), 0; n <= last; n, looked = n+1, looked+1 {
		if looked == 10*purgeStep || len(gone)+p.done.Kept == purgeStep {
			p.next = n
			break
		}
		it, found, err := v.current(n)
		if err != nil {
			return Writes{}, err
		}
		if !found || it.Source != p.source {
			continue
		}
		went, err := p.remove(v, n, it)
		if err != nil {
			return Writes{}, err
		}
		if went {
			gone[n] = true
		}
	}
	p.done.Items = len(gone)
	if len(gone) == 0 {
		return Writes{pruned: true}, nil
	}
	return Writes{pruned: true}, v.dropPostings(gone)
}

// remove reports whether the item went.
func (p *purge) remove(v View, number uint64, it news.Item) (went bool, err error) {
	e, found, err := v.Entry(it.Entry)
	if err != nil {
		return false, err
	}
	if found && e.Key == it.Key && len(e.Members()) > 1 {
		p.done.Kept++
		return false, nil
	}
	if found && e.Key != it.Key {
		e.Items = slices.DeleteFunc(slices.Clone(e.Members()), func(k news.Key) bool { return k == it.Key })
		if err := v.putEntry(e); err != nil {
			return false, err
		}
	}
	if err := v.erase(number, p.identityKeys); err != nil {
		return false, err
	}
	return true, (&pruner{}).forget(v, number)
}

// forgetSource removes the state of a source; called says that it stays known how it was called.
func (v View) forgetSource(source string, called bool) error {
	old, err := v.State(source)
	if err != nil {
		return err
	}
	if err := v.putState(source, old.Called()); err != nil { // it is due no more
		return err
	}
	b := v.tx.Bucket(bSource)
	if err := b.Delete(windowKey(source)); err != nil {
		return err
	}
	if f := v.tx.Bucket(bInitialSource); f != nil {
		if err := f.Delete([]byte(source)); err != nil {
			return err
		}
	}
	if called {
		return nil
	}
	return b.Delete([]byte(source))
}
