package aggregator_test

import (
	"errors"
	"fmt"
	"slices"

	"dateline/aggregator/entries"
	"dateline/aggregator/news"
)

func (w *simulation) anItem() (news.Key, bool) {
	all := w.items("")
	if len(all) == 0 {
		return news.Key{}, false
	}
	all = all[max(0, len(all)-60):]
	return all[w.r.IntN(len(all))].Key, true
}

func (w *simulation) members(k news.Key) []news.Key {
	it, _ := w.itemOf(k)
	return w.entry(it.Entry).Members()
}

// refused fails for an error that is no refusal, and reports whether there was one.
func (w *simulation) refused(err error) bool {
	var refused *entries.EditError
	if err != nil && !errors.As(err, &refused) {
		w.t.Error(err)
	}
	return err != nil
}

func (w *simulation) splitOne() string {
	k, some := w.anItem()
	if !some {
		return "nothing"
	}
	for public := range w.entriesIn(news.Public) { // one of several items, where there is one
		if len(w.entries[public].Items) > 1 && public.String() > k.String() {
			k = public
			break
		}
	}
	in := w.members(k)
	item := in[w.r.IntN(len(in))]
	if _, _, err := w.engine.Split(k, item, ""); w.refused(err) {
		return err.Error()
	}
	for _, a := range in {
		for _, b := range in {
			one, _ := w.itemOf(a)
			other, _ := w.itemOf(b)
			if one.Entry != other.Entry {
				w.apart[[2]news.Key{a, b}] = true
			}
		}
	}
	return item.String()
}

func (w *simulation) joinTwo() string {
	a, some := w.anItem()
	if !some {
		return "nothing"
	}
	b, _ := w.anItem()
	one, other := w.members(a), w.members(b)
	if _, err := w.engine.Join(a, b, ""); w.refused(err) {
		return err.Error()
	}
	for _, x := range one {
		for _, y := range other {
			delete(w.apart, [2]news.Key{x, y})
			delete(w.apart, [2]news.Key{y, x})
		}
	}
	return fmt.Sprint(a, " and ", b)
}

func (w *simulation) withdrawOne() string {
	k, some := w.anItem()
	if !some {
		return "nothing"
	}
	in := w.members(k)
	erase := w.r.IntN(3) == 0
	if _, err := w.engine.Withdraw(k, erase, ""); w.refused(err) {
		return err.Error()
	}
	for _, item := range in {
		w.withdrawn[item] = true
	}
	return fmt.Sprint(k, ", erased ", erase)
}

func (w *simulation) restoreOne() string {
	for k := range w.entriesIn(news.Withdrawn) {
		in := w.members(k)
		if _, err := w.engine.Restore(k, ""); w.refused(err) {
			continue
		}
		for _, item := range in {
			delete(w.withdrawn, item)
		}
		return k.String()
	}
	return "nothing"
}

// entriesIn yields the entries in a state, by key.
func (w *simulation) entriesIn(state news.EntryState) func(func(news.Key) bool) {
	return func(yield func(news.Key) bool) {
		var all []news.Key
		for k, e := range w.entries {
			if e.State == state {
				all = append(all, k)
			}
		}
		slices.SortFunc(all, func(a, b news.Key) int { return slices.Compare(a[:], b[:]) })
		for _, k := range all {
			if !yield(k) {
				return
			}
		}
	}
}
