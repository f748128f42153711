package entries_test

import (
	"fmt"
	"slices"
	"testing"

	"dateline/aggregator/entries"
	"dateline/aggregator/news"
	"dateline/store"
)

func TestSameTextJoins(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	r.visit("alpha", bridge("a"))
	if out := r.visit("bravo", bridge("b")); out.Joined != 1 || out.New != 0 {
		t.Errorf("%+v", out)
	}
	a, b := key("alpha", "a"), key("bravo", "b")
	r.inEntry(a, a, b)
	same(t, "records: a carrier takes no position", len(r.log()), 1)
	if j := r.item(b).Join; j == nil || j.With != a || j.Level != "L4" || !j.At.Equal(r.item(b).FirstSeen) {
		t.Errorf("joined by %+v", j)
	}
	// A revision of the carrier is no news of the entry.
	changed := bridge("b")
	changed.Title, changed.Hash = "Ozerny has its footbridge again", 1
	r.visit("bravo", changed)
	same(t, "records after a revision of the carrier", len(r.log()), 1)
}

// TestInOneDocument: an item finds those of its own document that were stored before it.
func TestInOneDocument(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	r.visit("alpha", item("second", "The footbridge of Ozerny is open to residents again", footbridge), bridge("first"))
	j := r.item(key("alpha", "second")).Supersedes
	if j == nil || j.With != key("alpha", "first") || r.item(key("alpha", "first")).Supersedes != nil {
		t.Errorf("the second supersedes %+v", j)
	}
}

// TestTurnsOutToBeOne: entries that have the same text since one of them was revised become one, unless an editor has set them
// apart.
func TestTurnsOutToBeOne(t *testing.T) {
	t.Parallel()
	a, b := key("alpha", "a"), key("bravo", "b")
	short := item("b", "Details follow", "Details follow.")
	t.Run("by a revision", func(t *testing.T) {
		t.Parallel()
		r := newNewsroom(t)
		r.visit("alpha", bridge("a"))
		r.visit("bravo", short)
		r.inEntry(b, b)
		r.visit("bravo", bridge("b"))
		r.inEntry(a, a, b)
		if e := r.entry(b); e.State != news.Merged || e.Into != a {
			t.Errorf("the entry that was merged: %q, into %s", e.State, e.Into)
		}
		same(t, "the last record", r.log()[0], news.LogRecord{Entry: b, Kind: news.RecordMerged})
		if j := r.item(b).Join; j == nil || j.Level != "L4" || j.With != a {
			t.Errorf("joined by %+v", j)
		}
	})
	t.Run("not where an editor set them apart", func(t *testing.T) {
		t.Parallel()
		r := newNewsroom(t)
		r.visit("alpha", bridge("a"))
		r.visit("bravo", bridge("b"))
		same(t, "entry of its own", r.split(a, b), b)
		changed := item("b", "Footbridge opens", footbridge+" The mayor spoke.")
		r.visit("bravo", changed)
		r.inEntry(a, a)
		r.inEntry(b, b)
	})
}

// TestAnyOrderOfItemsThatAreAlike: whichever comes first, items that are all alike are one entry, two of one source among them.
func TestAnyOrderOfItemsThatAreAlike(t *testing.T) {
	t.Parallel()
	type arrival struct{ source, guid string }
	all := []arrival{{"alpha", "a1"}, {"alpha", "a2"}, {"bravo", "b"}, {"charlie", "c"}}
	var orders [][]arrival
	var permute func(done, left []arrival)
	permute = func(done, left []arrival) {
		if len(left) == 0 {
			orders = append(orders, done)
		}
		for i := range left {
			permute(append(slices.Clone(done), left[i]), slices.Delete(slices.Clone(left), i, i+1))
		}
	}
	permute(nil, all)
	for _, order := range orders {
		t.Run(fmt.Sprint(order), func(t *testing.T) {
			t.Parallel()
			r := newNewsroom(t)
			for _, a := range order {
				it := bridge(a.guid)
				if a.guid == "a2" {
					it = item("a2", "Footbridge of Ozerny opens again", footbridge+" The mayor thanked all who had helped.")
				}
				r.visit(a.source, it)
			}
			in := r.item(key("alpha", "a1")).Entry
			for _, a := range all {
				if it := r.item(key(a.source, a.guid)); it.Entry != in {
					t.Errorf("%s of %s is in another entry", a.guid, a.source)
				}
			}
			if n := len(r.entry(in).Members()); n != len(all) {
				t.Errorf("%d items in the entry, want %d", n, len(all))
			}
		})
	}
}

// TestWithdrawnStaysApart: no entry becomes one with an entry that was withdrawn, though it has its address now.
func TestWithdrawnStaysApart(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	first, second := bridge("a"), item("b", "Weather", "Rain is expected in the south.")
	first.URL = "https://alpha.example/bridge"
	r.visit("alpha", first)
	r.visit("bravo", second)
	a, b := key("alpha", "a"), key("bravo", "b")
	r.must(func(tx *store.Tx) error { _, err := entries.Withdraw(tx, r.setup, a, false, ""); return err })
	second.URL, second.Hash = first.URL, second.Hash+1
	r.visit("bravo", second)
	r.inEntry(b, b)
	same(t, "state of the other", r.entry(a).State, news.Withdrawn)
	r.must(func(tx *store.Tx) error { _, err := entries.Restore(tx, r.setup, a, ""); return err })
	r.inEntry(a, a, b)
}

// TestRepresentative: of items that become an entry together, the originator's represents it, else the one of the source with the
// highest priority, else the fullest, else the earliest.
func TestRepresentative(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact   string
		change func(sources []news.Source, bravo, charlie *news.Item)
		want   string
	}{
		{"the originator", func(sources []news.Source, bravo, _ *news.Item) {
			sources[1].Priority, sources[2].Agency = 9, "belta"
			bravo.Credits.Agency = &news.Credit{Agency: "belta", Evidence: news.Evidence{Field: "text"}}
		}, "charlie"},
		{"what the config says names no originator", func(sources []news.Source, bravo, _ *news.Item) {
			sources[1].Priority, sources[2].Agency = 9, "belta"
			bravo.Credits.Agency = &news.Credit{Agency: "belta", Evidence: news.Evidence{Field: "config"}}
		}, "bravo"},
		{"the highest priority", func(sources []news.Source, _, _ *news.Item) { sources[2].Priority = 1 }, "charlie"},
		{"the fullest", func(_ []news.Source, _, charlie *news.Item) {
			*charlie = item("c", charlie.Title, footbridge+" The mayor thanked everyone.")
		}, "charlie"},
		{"the earliest", func([]news.Source, *news.Item, *news.Item) {}, "bravo"},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			r := newNewsroom(t)
			bravo, charlie := bridge("b"), bridge("c")
			c.change(r.setup.Sources, &bravo, &charlie)
			r.visit("alpha", bridge("a"))
			r.visit("bravo", bravo)
			r.visit("charlie", charlie)
			a := key("alpha", "a")
			own := r.split(a, a) // the others are published as an entry
			for _, k := range r.entry(own).Members()[1:] {
				if j := r.item(k).Join; j == nil || j.With != own {
					t.Errorf("%s joined by %+v, want with %s", k, j, own)
				}
			}
			if it := r.item(own); it.Source != c.want || len(r.entry(own).Members()) != 2 {
				t.Errorf("%s represents %v, want %s", it.Source, r.entry(own).Members(), c.want)
			}
		})
	}
}
