package publish

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"dateline/aggregator/news"
)

func TestPerSourceMinimum(t *testing.T) {
	of := func(source, title string, at time.Time) news.Item {
		it := dated(title, at)
		it.Source, it.Key = source, news.Key{}
		it.GUID = source + title
		return item(it)
	}
	// Two sources: tass with five old items, belta with a hundred since.
	both := func() *world {
		w := newWorld(t)
		var all []news.Item
		for i := range 5 {
			all = append(all, of("tass", fmt.Sprintf("tass %d", i), day.Add(time.Duration(i)*time.Second)))
		}
		for i := range 195 {
			all = append(all, of("belta", fmt.Sprintf("belta %d", i), day.Add(time.Hour)))
		}
		w.publishEach(all...)
		return w
	}
	o := options()
	o.Entries, o.AtLeast = 10, 3
	tass := func(t *testing.T, o Options, w *world) (mine []string, all int) {
		t.Helper()
		got := titles(t, o, w)
		return slices.DeleteFunc(slices.Clone(got), func(s string) bool { return s[:4] != "tass" }), len(got)
	}
	t.Run("a source that has too few gets its newest", func(t *testing.T) {
		if got, all := tass(t, o, both()); !slices.Equal(got, []string{"tass 4", "tass 3", "tass 2"}) || all != 13 {
			t.Errorf("%q, %d altogether", got, all)
		}
	})
	t.Run("those that are there count", func(t *testing.T) {
		w := both()
		w.publish(of("tass", "tass new", day.Add(2*time.Hour)))
		if got, _ := tass(t, o, w); !slices.Equal(got, []string{"tass new", "tass 4", "tass 3"}) {
			t.Errorf("%q", got)
		}
	})
	t.Run("so do those that it carries", func(t *testing.T) {
		w := both()
		for i := range 3 {
			w.publish(of("belta", fmt.Sprintf("both %d", i), day.Add(2*time.Hour)), of("tass", fmt.Sprintf("copy %d", i), day.Add(2*time.Hour)))
		}
		if got, _ := tass(t, o, w); len(got) != 0 {
			t.Errorf("%q", got)
		}
	})
	t.Run("nothing held, withdrawn or past retention makes up for it", func(t *testing.T) {
		w := both()
		for i, state := range []news.EntryState{news.Held, news.Withdrawn} {
			it := of("tass", fmt.Sprintf("tass %d", 4-i), day.Add(time.Duration(4-i)*time.Second))
			e := w.entry(it.Key)
			e.State = state
			w.putEntry(e)
		}
		if got, _ := tass(t, o, w); !slices.Equal(got, []string{"tass 2", "tass 1", "tass 0"}) {
			t.Errorf("%q", got)
		}
	})
	t.Run("a source that was removed gets nothing", func(t *testing.T) {
		o := o
		o.Sources = slices.Clone(o.Sources)
		for i := range o.Sources {
			o.Sources[i].Removed = o.Sources[i].ID == "tass"
		}
		if got, _ := tass(t, o, both()); len(got) != 0 {
			t.Errorf("%q", got)
		}
	})
	t.Run("nothing is added to other feeds, or where the options do not ask for it", func(t *testing.T) {
		none := o
		none.AtLeast = 0
		if got, all := tass(t, none, both()); len(got) != 0 || all != 10 {
			t.Errorf("%q, %d altogether", got, all)
		}
		doc, err := New(o).Feed(both(), Listing{Source: "belta"}, Atom)
		if err != nil || doc.Entries != 10 {
			t.Errorf("%d entries, %v", doc.Entries, err)
		}
	})
	t.Run("an error of the store is told", func(t *testing.T) {
		w := both()
		w.err = errors.New("no")
		if _, err := New(o).Atom(w); !errors.Is(err, ErrRead) {
			t.Error(err)
		}
	})
}
