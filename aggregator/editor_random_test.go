package aggregator_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"dateline/aggregator/entries"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/store"
)

// TestEditorLosesNothing: decisions in any order, with polls, revisions and restarts between, lose no item, no credit and no id,
// and what was decided last holds.
func TestEditorLosesNothing(t *testing.T) {
	t.Parallel()
	r := feedtest.Rand(t)
	bubble(t, func(t *testing.T, s *feedtest.Server, rg *harness) {
		documents := map[string][]feedtest.Item{}
		for _, id := range sourceIDs {
			for n := range reports {
				documents[id] = append(documents[id], reportOf(r, id, n))
			}
			s.Set("/"+id, page(id, documents[id]...))
		}
		rg.good()
		items := rg.items("")
		if len(items) != reports*len(sourceIDs) {
			t.Fatalf("%d items", len(items))
		}
		w := newWitness(rg)
		for range scale(20, 40, 400) {
			a, b := items[r.IntN(len(items))].Key, items[r.IntN(len(items))].Key
			time.Sleep(time.Duration(r.IntN(300)) * time.Second)
			w.decide(r.IntN(6), a, b)
			switch r.IntN(12) {
			case 0:
				rg.open()
			case 1:
				id := sourceIDs[r.IntN(len(sourceIDs))]
				p := &documents[id][r.IntN(reports)]
				p.Description += " More of it."
				s.Set("/"+id, page(id, documents[id]...))
				rg.good(id)
			case 2:
				rg.good()
			}
			w.check()
			if t.Failed() {
				return
			}
		}
		rg.sound()
		rg.followed(t)
	}, sourceIDs...)
}

// witness remembers what was decided and published, and checks that it holds.
type witness struct {
	*harness
	apart     map[[2]news.Key]bool
	withdrawn map[news.Key]bool   // items
	ids       map[string]news.Key // atom:ids that were ever published, with the entry that bore each
}

func newWitness(r *harness) *witness {
	w := &witness{harness: r, apart: map[[2]news.Key]bool{}, withdrawn: map[news.Key]bool{}, ids: map[string]news.Key{}}
	w.check()
	return w
}

func (w *witness) members(k news.Key) []news.Key {
	it, _ := w.itemOf(k)
	return w.entry(it.Entry).Members()
}

// decide makes a decision on the entries of two items; what is refused changes nothing.
func (w *witness) decide(what int, a, b news.Key) {
	w.t.Helper()
	before := map[bool][]news.Key{false: w.members(a), true: w.members(b)}
	var err error
	switch what {
	case 0, 1:
		in := w.members(a)
		b = in[len(in)/2]
		if _, _, err = w.engine.Split(a, b, ""); err == nil {
			for _, k := range in {
				for _, o := range in {
					one, _ := w.itemOf(k)
					other, _ := w.itemOf(o)
					if one.Entry != other.Entry {
						w.apart[[2]news.Key{k, o}] = true
					}
				}
			}
		}
	case 2, 3:
		if _, err = w.engine.Join(a, b, ""); err == nil {
			for _, k := range before[false] {
				for _, o := range before[true] {
					delete(w.apart, [2]news.Key{k, o})
					delete(w.apart, [2]news.Key{o, k})
				}
			}
		}
	case 4:
		if _, err = w.engine.Withdraw(a, false, ""); err == nil {
			for _, k := range before[false] {
				w.withdrawn[k] = true
			}
		}
	case 5:
		if _, err = w.engine.Restore(a, ""); err == nil {
			for _, k := range before[false] {
				delete(w.withdrawn, k)
			}
		}
	}
	var refused *entries.EditError
	if err != nil && !errors.As(err, &refused) {
		w.t.Fatal(err)
	}
}

func (w *witness) check() {
	w.t.Helper()
	if err := soundness(w.store); err != nil {
		w.t.Error(err)
	}
	items := w.items("")
	if len(items) != reports*len(sourceIDs) {
		w.t.Errorf("%d items", len(items))
	}
	standsIn := map[news.Key]news.Key{}
	for _, it := range items {
		standsIn[it.Key] = it.Entry
		if it.Withdrawn != w.withdrawn[it.Key] {
			w.t.Errorf("%s: withdrawn %v", it.GUID, it.Withdrawn)
		}
	}
	for pair := range w.apart {
		if standsIn[pair[0]] == standsIn[pair[1]] {
			w.t.Errorf("%v stand together again", pair)
		}
	}
	w.checkIDs()
	feed := readBack(w.t, w.atom())
	credits := credited(feed)
	shown := 0
	for _, it := range feed {
		if it.Title != "Withdrawn" {
			shown += len(credits[it.GUID])
		}
	}
	want := map[string]bool{} // a source is once in the credits of an entry, however many of its items do
	for _, it := range items {
		if !it.Withdrawn {
			want[it.Entry.String()+it.Source] = true
		}
	}
	if shown != len(want) {
		w.t.Errorf("%d sources are credited, want %d", shown, len(want))
	}
}

// checkIDs checks that every id that was ever published leads to an entry that is there, and that none changed hands.
func (w *witness) checkIDs() {
	w.t.Helper()
	w.view(func(v store.View) error {
		for rec, err := range v.Records(0) {
			if err != nil {
				return err
			}
			e, found, err := v.Entry(rec.Entry)
			if err != nil || !found {
				return errors.Join(err, fmt.Errorf("entry %s is gone", rec.Entry))
			}
			if was, known := w.ids[e.AtomID()]; known && was != e.Key {
				w.t.Errorf("the id %s went from %s to %s", e.AtomID(), was, e.Key)
			}
			w.ids[e.AtomID()] = e.Key
		}
		for id, k := range w.ids {
			e, found, err := v.Entry(k)
			if err != nil {
				return err
			}
			if !found || e.AtomID() != id {
				w.t.Errorf("the entry of the id %s: found %v, with the id %q", id, found, e.AtomID())
			}
			if e.State == news.Merged && e.Into.IsZero() {
				w.t.Errorf("the entry of the id %s was merged and leads nowhere", id)
			}
		}
		return nil
	})
}
