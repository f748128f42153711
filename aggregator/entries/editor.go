package entries

import (
	"fmt"
	"slices"
	"time"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
	"dateline/store"
)

// An editor's decision is kept as a rule beside the items that it is about, and holds against every later visit, revision and
// comparison, until another decision takes it back. Who decides may give a reason, which is kept with it and shown to editors alone.

// EditError says why a decision cannot be carried out. Nothing was changed.
type EditError struct {
	Entry  news.Key // that the decision is about
	Reason string   // follows the entry in a sentence, such as "is not there"
}

func (e *EditError) Error() string { return fmt.Sprintf("entry %s %s", e.Entry, e.Reason) }

// Split takes an item out of its entry for good. It gets its own entry, together with the items that came with it when that entry was
// merged. The representative keeps the entry, and the other items get one. Split returns the two entries, the old one first. It
// returns an [*EditError] where there is no such item in the entry, or no other.
func Split(t *store.Tx, setup *Setup, entry, item news.Key, reason string) (old, own news.Key, err error) {
	_, err = update(t, setup, func(d *tx) error {
		e, it, err := d.named(entry, item)
		if err != nil {
			return err
		}
		if len(e.Members()) < 2 {
			return &EditError{e.Key, "has one item, which cannot be split off"}
		}
		leaving, err := d.leaving(e, it)
		if err != nil {
			return err
		}
		d.decision = news.Decision{At: d.decidedAt(), Name: "split", Entry: e.Key, Other: it.Key, Reason: reason}
		if err := d.setApart(e, leaving); err != nil {
			return err
		}
		old = e.Key
		own, err = d.split(e, leaving)
		return err
	})
	return old, own, err
}

// decidedAt returns the time of a decision: the second of the transaction, and in microseconds the log position before it, so that those
// of one second are in order.
func (d *tx) decidedAt() time.Time {
	return d.Now().Add(time.Duration(d.Head()%1_000_000) * time.Microsecond)
}

// named returns an entry and an item of it. The entry may be named by any of its items.
func (d *tx) named(entry, item news.Key) (news.Entry, news.Item, error) {
	e, err := d.entryOf(entry)
	if err != nil {
		return e, news.Item{}, err
	}
	it, found, err := d.Item(item)
	if err == nil && (!found || it.Entry != e.Key) {
		err = &EditError{e.Key, "has no item " + item.String()}
	}
	return e, it, err
}

// entryOf returns the entry that the item named k belongs to.
func (d *tx) entryOf(k news.Key) (news.Entry, error) {
	it, found, err := d.Item(k)
	if err != nil {
		return news.Entry{}, err
	}
	e := news.Entry{Key: k}
	if found {
		if e, found, err = d.Entry(it.Entry); err != nil {
			return e, err
		}
	}
	switch {
	case !found:
		return e, &EditError{k, "is not there"}
	case e.State == news.Held, e.State == news.Embargoed:
		return e, &EditError{e.Key, "is held back: `sources release` or `sources drop-held` decides on it"}
	}
	return e, nil
}

// leaving returns the items that leave e when it is split off.
func (d *tx) leaving(e news.Entry, it news.Item) ([]news.Key, error) {
	if it.Key == e.Key {
		return slices.Clone(e.Members()[1:]), nil
	}
	out := []news.Key{it.Key}
	was, found, err := d.Entry(it.Key)
	if err != nil || !found || was.State != news.Merged {
		return out, err
	}
	for _, k := range was.Members() {
		if k != it.Key && k != e.Key && slices.Contains(e.Members(), k) {
			out = append(out, k)
		}
	}
	return out, nil
}

// setApart makes rules by which the items that leave never share an entry with the others of e again.
func (d *tx) setApart(e news.Entry, leaving []news.Key) error {
	for _, k := range e.Members() {
		if slices.Contains(leaving, k) {
			continue
		}
		for _, other := range leaving {
			if err := d.decide(k, other, func(r *news.Rule, k news.Key) {
				r.Apart, r.With = with(r.Apart, k), without(r.With, k)
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// decide changes the rules of two items about each other.
func (d *tx) decide(a, b news.Key, change func(r *news.Rule, about news.Key)) error {
	for _, pair := range [][2]news.Key{{a, b}, {b, a}} {
		r, err := d.Rule(pair[0])
		if err != nil {
			return err
		}
		change(&r, pair[1])
		if err := d.putRule(r); err != nil {
			return err
		}
	}
	return nil
}

func with(all []news.Key, k news.Key) []news.Key { return append(without(all, k), k) }

func without(all []news.Key, k news.Key) []news.Key {
	return slices.DeleteFunc(slices.Clone(all), func(o news.Key) bool { return o == k })
}

// Join merges two entries for good, into the one that was published earlier, which it returns. It returns an [*EditError] where one
// of them is not there or not public.
func Join(t *store.Tx, setup *Setup, one, other news.Key, reason string) (into news.Key, err error) {
	_, err = update(t, setup, func(d *tx) error {
		a, err := d.entryOf(one)
		if err != nil {
			return err
		}
		b, err := d.entryOf(other)
		if err != nil {
			return err
		}
		for _, e := range []news.Entry{a, b} {
			if e.State != news.Public {
				return &EditError{e.Key, "is withdrawn: restore it first"}
			}
		}
		if into = a.Key; a.Key == b.Key {
			return nil
		}
		a, b = inOrder(a, b)
		d.decision = news.Decision{At: d.decidedAt(), Name: "join", Entry: a.Key, Other: b.Key, Reason: reason}
		into, err = d.joinByHand(a, b)
		return err
	})
	return into, err
}

func (d *tx) joinByHand(into, from news.Entry) (news.Key, error) {
	for _, k := range into.Members() {
		for _, other := range from.Members() {
			hand := k == into.Key && other == from.Key
			if err := d.decide(k, other, func(r *news.Rule, k news.Key) {
				if r.Apart = without(r.Apart, k); hand {
					r.With = with(r.With, k)
				}
			}); err != nil {
				return into.Key, err
			}
		}
	}
	a, _, err := d.Item(from.Key)
	if err != nil {
		return into.Key, err
	}
	b, _, err := d.Item(into.Key)
	if err != nil {
		return into.Key, err
	}
	j, err := dedup.Compare(d, a, b, d.setup.Thresholds)
	if err != nil {
		return into.Key, err
	}
	j.Level, j.Rule, j.With, j.At = "editor", "join", into.Key, d.Now()
	if err := d.mergeInto(into, from, j); err != nil {
		return into.Key, err
	}
	it, _, err := d.Item(from.Key)
	return it.Entry, err
}

// Withdraw withdraws an entry for good, regardless of what its sources publish; with erase it also destroys what is stored of its text and
// credits. It returns the entry, and an [*EditError] where that is not there or held.
func Withdraw(t *store.Tx, setup *Setup, entry news.Key, erase bool, reason string) (k news.Key, err error) {
	_, err = update(t, setup, func(d *tx) error {
		e, err := d.entryOf(entry)
		if err != nil {
			return err
		}
		k = e.Key
		d.decision = news.Decision{At: d.decidedAt(), Name: "withdraw", Entry: k, Reason: reason}
		items, err := e.Load(d.Item)
		if err != nil {
			return err
		}
		for _, it := range items {
			if err := d.rule(it.Key, news.StandWithdrawn); err != nil {
				return err
			}
			if !it.Withdrawn {
				it.Withdrawn, it.Withdrawal = true, &news.Withdrawal{By: news.ByEditor, At: d.Now()}
				if err := d.putItem(it); err != nil {
					return err
				}
			}
			if erase && !it.Erased {
				d.erase(it)
			}
		}
		if e.State == news.Withdrawn {
			return d.PutEntry(e)
		}
		return d.withdrawEntry(e)
	})
	return k, err
}

// Restore publishes a withdrawn entry again, also against its sources where they had withdrawn it. It returns the entry, and an
// [*EditError] where that is not withdrawn or was erased.
func Restore(t *store.Tx, setup *Setup, entry news.Key, reason string) (k news.Key, err error) {
	_, err = update(t, setup, func(d *tx) error {
		e, err := d.entryOf(entry)
		if err != nil {
			return err
		}
		k = e.Key
		d.decision = news.Decision{At: d.decidedAt(), Name: "restore", Entry: k, Reason: reason}
		items, err := e.Load(d.Item)
		switch {
		case err != nil:
			return err
		case e.State != news.Withdrawn:
			return &EditError{e.Key, "is not withdrawn"}
		case len(items) == 0 || items[0].Erased:
			return &EditError{e.Key, "has no text left that could be restored"}
		}
		for _, it := range items {
			stand := news.StandOpen
			if it.Withdrawal != nil && it.Withdrawal.By == news.BySource { // which may go on to say so
				stand = news.StandRestored
			}
			if err := d.rule(it.Key, stand); err != nil {
				return err
			}
			if err := d.clearWithdrawal(it, news.ByEditor); err != nil {
				return err
			}
		}
		if err := d.publishEntry(e); err != nil {
			return err
		}
		it, _, err := d.Item(e.Key)
		if err != nil {
			return err
		}
		return d.remerge(it, dedup.NewText(it))
	})
	return k, err
}

// rule stores an editor's decision whether an item is published.
func (d *tx) rule(k news.Key, s news.Stand) error {
	r, err := d.Rule(k)
	if err == nil {
		r.Stand = s
		if err := d.putRule(r); err != nil {
			return err
		}
	}
	return err
}
