package store

import (
	"slices"
	"time"

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
func (s *Store) Purge(now time.Time, source string, identityKeys func(news.Item) []news.IdentityKey) (Purged, error) {
	var total Purged
	for from := uint64(0); ; {
		step := purge{source: source, identityKeys: identityKeys, from: from}
		if err := s.Update(now, step.do); err != nil {
			return total, err
		}
		total.Items += step.done.Items
		total.Kept += step.done.Kept
		if from = step.next; from == 0 {
			break
		}
	}
	return total, s.Update(now, func(t *Tx) error { return t.forgetSource(source, total.Kept > 0) })
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

func (p *purge) do(t *Tx) error {
	p.next, p.done = 0, Purged{}
	var gone []news.Erasure
	var numbers []uint64
	last := t.memo.totals.number
	for n, looked := max(p.from, 1), 0; n <= last; n, looked = n+1, looked+1 {
		if looked == 10*purgeStep || len(gone)+p.done.Kept == purgeStep {
			p.next = n
			break
		}
		it, found, err := t.current(n)
		if err != nil {
			return err
		}
		if !found || it.Source != p.source {
			continue
		}
		goes, err := p.takeOut(t, it)
		if err != nil {
			return err
		}
		if goes {
			gone, numbers = append(gone, news.Erasure{Item: it.Key, IdentityKeys: p.identityKeys(it)}), append(numbers, n)
		}
	}
	p.done.Items = len(gone)
	if err := t.Erase(gone...); err != nil {
		return err
	}
	if len(numbers) == 0 {
		return nil
	}
	return t.change(&forget{Numbers: numbers})
}

// takeOut takes an item out of the entry of another, and reports whether it goes.
func (p *purge) takeOut(t *Tx, it news.Item) (goes bool, err error) {
	e, found, err := t.Entry(it.Entry)
	switch {
	case err != nil:
		return false, err
	case found && e.Key == it.Key && len(e.Members()) > 1:
		p.done.Kept++
		return false, nil
	case found && e.Key != it.Key:
		e.Items = slices.DeleteFunc(slices.Clone(e.Members()), func(k news.Key) bool { return k == it.Key })
		return true, t.PutEntry(e)
	}
	return true, nil
}

// forgetSource removes the state of a source; called says that it stays known how it was called.
func (t *Tx) forgetSource(source string, called bool) error {
	if err := t.change(&dropSource{Source: source}); err != nil {
		return err
	}
	old, err := t.State(source)
	if err != nil {
		return err
	}
	if called {
		return t.PutState(source, old.Called()) // it is due no more
	}
	return t.dropState(source)
}

// dropSource removes the window of a source that is configured no more. The store did not begin with it.
type dropSource struct {
	_      struct{} `cbor:",toarray"`
	Source string
}

func (o *dropSource) do(t *Tx) error {
	if t.HasInitialSources() {
		if err := t.table(bInitialSource).delete([]byte(o.Source)); err != nil {
			return err
		}
	}
	return t.table(bSource).delete(windowKey(o.Source))
}
