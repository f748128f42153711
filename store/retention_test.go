package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
	"dateline/store/postings"
	"dateline/store/storetest"
)

const day = 24 * time.Hour

var kept = Retention{Text: 90 * day, Keys: 730 * day}

func keep(t *testing.T, s *Store, at time.Time) PruneStats {
	t.Helper()
	u, err := s.Prune(at, kept, func(it news.Item) []news.IdentityKey {
		return []news.IdentityKey{news.NewIdentityKey("address", it.GUID)}
	}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// published stores n items, one after the other, each pushing the one before out of the feed.
func published(t *testing.T, s *Store, n int) []news.Key {
	var keys []news.Key
	for i := range n {
		w := wrote("belta", fmt.Sprint(i))
		k := w.Items[0].Key
		w.Items[0].Summary, w.Items[0].Feed = "Text", news.Feed{Title: "Wire"}
		w.Entries[0].ID = fmt.Sprint("tag:belta.example,2026:", i)
		w.Keys = []storetest.KeyedItem{{Key: news.NewIdentityKey("address", fmt.Sprint(i)), Item: k}}
		commit(t, s, w)
		keys = append(keys, k)
	}
	return keys
}

func TestTextGoesKeysStay(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	keys := published(t, s, 3) // the last one is in the feed still
	commit(t, s, visited{Source: "belta", State: &news.State{LastSuccess: noon.Add(89 * day)}})
	if u := keep(t, s, noon.Add(89*day)); u != (PruneStats{}) {
		t.Errorf("a day before retention ends: %+v", u)
	}
	if u := keep(t, s, noon.Add(91*day)); u.Texts != 2 || u.Keys != 0 {
		t.Errorf("a day after: %+v, want 2 texts", u)
	}
	view(t, s, func(v View) {
		for i, k := range keys {
			it, found, err := v.Item(k)
			if err != nil || !found {
				t.Fatalf("item %d: %v, %v", i, found, err)
			}
			if gone := i < 2; it.Erased != gone || (it.Title+it.Summary+it.Feed.Title == "") != gone {
				t.Errorf("item %d: erased %v, title %q", i, it.Erased, it.Title)
			}
			if all, err := v.ItemsByKey(news.NewIdentityKey("address", fmt.Sprint(i))); err != nil || len(all) != 1 {
				t.Errorf("item %d is recognised by %d, %v", i, len(all), err)
			}
		}
	})
}

func TestKeysGoLast(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	keys := published(t, s, 3)
	commit(t, s, visited{Source: "belta", State: &news.State{LastSuccess: noon.Add(731 * day)}})
	if u := keep(t, s, noon.Add(731*day)); u.Texts != 2 || u.Keys != 2 {
		t.Errorf("%+v, want 2 texts and 2 keys", u)
	}
	type left struct {
		Item, Entry, ByID bool
		IdentityKeys      int
	}
	var got []left
	view(t, s, func(v View) {
		for i, k := range keys {
			_, item, err1 := v.Item(k)
			_, entry, err2 := v.Entry(k)
			_, byID, err3 := v.EntryByID(fmt.Sprint("tag:belta.example,2026:", i))
			all, err4 := v.ItemsByKey(news.NewIdentityKey("address", fmt.Sprint(i)))
			if err := errors.Join(err1, err2, err3, err4); err != nil {
				t.Fatal(err)
			}
			got = append(got, left{item, entry, byID, len(all)})
		}
	})
	if d := cmp.Diff([]left{{}, {}, {true, true, true, 1}}, got); d != "" {
		t.Error(d)
	}
	again := wrote("belta", "0")
	commit(t, s, again) // after two years it may be news again
	view(t, s, func(v View) {
		if it, found, err := v.Item(again.Items[0].Key); err != nil || !found || it.Title != "One" {
			t.Errorf("%v, %v, %v", it.Title, found, err)
		}
	})
}

func TestSourceThatIsReadNoMoreLeaves(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	keys := published(t, s, 1)
	commit(t, s, visited{Source: "belta", State: &news.State{LastSuccess: noon}})
	if u := keep(t, s, noon.Add(92*day)); u.Texts != 1 {
		t.Errorf("%+v, want 1 text", u)
	}
	if got, want := departedOn(t, s, keys[0]), dayOf(noon); got != want {
		t.Errorf("left on day %d, want %d", got, want)
	}
}

func TestLogGoesInWholePages(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	published(t, s, 2*PageSize+10)
	commit(t, s, visited{Source: "belta", State: &news.State{LastSuccess: noon.Add(100 * day)}})
	u := keep(t, s, noon.Add(100*day))
	if u.Texts != 2*PageSize+9 || u.Records != 2*PageSize {
		t.Errorf("%+v, want %d texts and %d records", u, 2*PageSize+9, 2*PageSize)
	}
	view(t, s, func(v View) {
		if v.Head() != 2*PageSize+10 {
			t.Errorf("head is %d", v.Head())
		}
		first, _ := v.tx.Bucket(bLog).Cursor().First()
		if num8(first) != 2*PageSize+1 {
			t.Errorf("the log begins at %d", num8(first))
		}
	})
}

func TestPositionsGoOnAfterPrune(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	published(t, s, PageSize)
	commit(t, s, visited{Source: "belta", State: &news.State{LastSuccess: noon}})
	keep(t, s, noon.Add(2000*day))
	commit(t, s, wrote("belta", "new"))
	view(t, s, func(v View) {
		if v.Head() != PageSize+1 {
			t.Errorf("head is %d, want %d: a position was used twice", v.Head(), PageSize+1)
		}
	})
}

func TestPruneKeepsItsBudget(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	var all visited // they leave together
	for i := range pruneStep + 49 {
		w := wrote("belta", fmt.Sprint(i))
		all.Items, all.Entries = append(all.Items, w.Items...), append(all.Entries, w.Entries...)
		all.Window = append(all.Window, w.Window...)
	}
	all.Source, all.Now = "belta", noon
	commit(t, s, all)
	commit(t, s, visited{Source: "belta", Now: noon, Window: []news.Seen{}, State: &news.State{LastSuccess: noon.Add(100 * day)}})
	u, err := s.Prune(noon.Add(100*day), kept, func(news.Item) []news.IdentityKey { return nil }, 0)
	if err != nil || !u.More || u.Texts != pruneStep {
		t.Errorf("%+v, %v: want one step of %d, and more to do", u, err, pruneStep)
	}
	if u := keep(t, s, noon.Add(100*day)); u.More || u.Texts != 49 {
		t.Errorf("%+v: want the rest", u)
	}
}

func TestRepresentativeStaysForItsCarriers(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	one := wrote("belta", "1")
	commit(t, s, one)
	two := wrote("tass", "9")
	two.Log, two.Items[0].Entry = nil, one.Items[0].Key
	e := one.Entries[0]
	e.First, e.Last, e.Items = 1, 1, []news.Key{one.Items[0].Key, two.Items[0].Key}
	two.Entries = []news.Entry{e}
	commit(t, s, two)
	for source, last := range map[string]time.Time{"belta": noon, "tass": noon.Add(900 * day)} {
		commit(t, s, visited{Source: source, State: &news.State{LastSuccess: last}})
	}
	keep(t, s, noon.Add(900*day))
	view(t, s, func(v View) {
		if _, found, err := v.Entry(e.Key); err != nil || !found {
			t.Errorf("the entry went before its carrier: %v, %v", found, err)
		}
	})
}

// TestPurgedTextIsNotFound: of a purged source no fingerprints are kept either, in the memtable and in what is sealed; its
// neighbours are found as before.
func TestPurgedTextIsNotFound(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	at := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	commit(t, s, withTerms("alpha", at, 1, []uint32{1, 7, 9}, []uint32{7, 8}))
	commit(t, s, withTerms("bravo", at, 11, []uint32{7, 9}))
	seal(t, s, iStem, postings.SealDocs)
	commit(t, s, withTerms("alpha", at, 3, []uint32{7, 20}))
	commit(t, s, withTerms("bravo", at, 12, []uint32{20}))
	want := find(t, s, 9, 1, 7, 8, 9, 20)
	want = slices.DeleteFunc(want, func(line string) bool { return line[:5] == "alpha" })
	done, err := s.Purge(noon, "alpha", func(news.Item) []news.IdentityKey { return nil })
	if err != nil || done != (Purged{Items: 3}) {
		t.Fatalf("%+v, %v", done, err)
	}
	for _, when := range []string{"at once", "after a restart"} {
		if d := cmp.Diff(want, find(t, s, 9, 1, 7, 8, 9, 20)); d != "" || len(want) != 2 {
			t.Errorf("%s: %s", when, d)
		}
		s = reopened(t, s)
	}
}

// TestTextGoesAfterTheLastDeparture compares with a model: items leave a feed and come back on random days, and the text of one goes when
// it is gone for so long since it left last.
func TestTextGoesAfterTheLastDeparture(t *testing.T) {
	t.Parallel()
	const items, keptDays = 12, 5
	r := seeded(t)
	s := temp(t, Options{})
	first := visited{Source: "belta", Now: noon, State: &news.State{}}
	for i := range items {
		w := wrote("belta", fmt.Sprint(i))
		first.Items, first.Entries = append(first.Items, w.Items...), append(first.Entries, w.Entries...)
		first.Window = append(first.Window, w.Window...)
	}
	commit(t, s, first)
	left, was, gone := make([]int, items), make([]bool, items), make([]bool, items) // by item
	for i := range was {
		was[i] = true
	}
	for n := 1; n < 60; n++ {
		at := noon.Add(time.Duration(n) * day)
		visit := visited{Source: "belta", Now: at, State: &news.State{LastSuccess: at}, Window: []news.Seen{}}
		for i := range items {
			is := r.IntN(4) == 0 && !gone[i] // what comes back without its text keeps its key alone
			if is {
				visit.Window = append(visit.Window, first.Window[i])
			} else if was[i] {
				left[i] = n
			}
			was[i] = is
		}
		commit(t, s, visit)
		if _, err := s.Prune(at, Retention{Text: keptDays * day}, func(news.Item) []news.IdentityKey { return nil }, time.Minute); err != nil {
			t.Fatal(err)
		}
		view(t, s, func(v View) {
			for i := range items {
				it, _, err := v.ItemByNumber(uint64(i + 1))
				if err != nil {
					t.Fatal(err)
				}
				if gone[i] = !was[i] && left[i] <= n-keptDays; it.Erased != gone[i] {
					t.Errorf("day %d, item %d, which left on day %d: its text is gone: %v", n, i, left[i], it.Erased)
				}
			}
		})
	}
	if n := len(slices.DeleteFunc(gone, func(is bool) bool { return !is })); n == 0 {
		t.Error("no text went: this test shows nothing")
	}
	if faults := check(t, s); len(faults) > 0 {
		t.Error(faults)
	}
}

// TestTextThatOutlivesItsSourceGoes: what stays of a purged source, for the sake of others that carry it, left its feed with that.
func TestTextThatOutlivesItsSourceGoes(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	one, two := wrote("belta", "1"), wrote("tass", "9")
	commit(t, s, one)
	two.Log, two.Items[0].Entry = nil, one.Items[0].Key
	two.Entries = []news.Entry{one.Entries[0]}
	two.Entries[0].First, two.Entries[0].Last, two.Entries[0].Items = 1, 1, []news.Key{one.Items[0].Key, two.Items[0].Key}
	commit(t, s, two)
	commit(t, s, visited{Source: "tass", State: &news.State{LastSuccess: noon.Add(99 * day)}})
	if done, err := s.Purge(noon, "belta", func(news.Item) []news.IdentityKey { return nil }); err != nil || done.Kept != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	if u := keep(t, s, noon.Add(91*day)); u.Texts != 1 {
		t.Errorf("%+v, want 1 text", u)
	}
	if faults := check(t, s); len(faults) > 0 {
		t.Error(faults)
	}
}
