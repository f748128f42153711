package store

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
	"dateline/store/postings"
)

// TestErasedTextIsNotFound: of an erased item nothing is kept that it was found by, in the memtable and in what is sealed;
// its neighbours are found as before.
func TestErasedTextIsNotFound(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	at := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	first := withTerms("alpha", at, 1, []uint32{1, 7, 9}, []uint32{7, 8})
	first.Items[0].Published, first.Items[0].Language = at, "be"
	commit(t, s, first)
	seal(t, s, iStem, postings.SealDocs)
	commit(t, s, withTerms("alpha", at, 3, []uint32{7, 20}, []uint32{1, 20}))
	want := []string{"alpha-2 [7]", "alpha-4 [1 20]"}
	erased := visited{Now: at}
	for _, guid := range []string{"1", "3"} {
		erased.Erase = append(erased.Erase, news.Erasure{Item: news.ItemKey("alpha", guid), IdentityKeys: []news.IdentityKey{{9}}})
	}
	commit(t, s, erased)
	for _, when := range []string{"at once", "after a restart"} {
		if d := cmp.Diff(want, find(t, s, 9, 1, 7, 9, 20)); d != "" {
			t.Errorf("%s: %s", when, d)
		}
		s = reopened(t, s)
	}
	view(t, s, func(v View) {
		it, found, err := v.Item(news.ItemKey("alpha", "1"))
		if err != nil || !found || !it.Erased || it.Title+it.GUID != "" || !it.Published.Equal(at) || it.Language != "be" ||
			!slices.Equal(it.IdentityKeys, []news.IdentityKey{{9}}) {
			t.Errorf("%+v, %v, %v", it, found, err)
		}
	})
	// Once more, as retention does: what it is recognised by stays.
	commit(t, s, visited{Now: at, Erase: []news.Erasure{{Item: news.ItemKey("alpha", "1")}}})
	view(t, s, func(v View) {
		if it, _, _ := v.Item(news.ItemKey("alpha", "1")); len(it.IdentityKeys) != 1 {
			t.Errorf("claims %v", it.IdentityKeys)
		}
	})
}

func TestRulesAreKept(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	at := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	commit(t, s, withTerms("alpha", at, 1, nil, nil))
	a, b := news.ItemKey("alpha", "1"), news.ItemKey("alpha", "2")
	want := news.Rule{Item: a, Apart: []news.Key{b}, Stand: news.StandWithdrawn, At: at}
	rule := func(k news.Key) (r news.Rule) {
		view(t, s, func(v View) {
			var err error
			if r, err = v.Rule(k); err != nil {
				t.Error(err)
			}
		})
		return r
	}
	if r := rule(a); !r.IsZero() {
		t.Errorf("before: %+v", r)
	}
	commit(t, s, visited{Now: at, Rules: []news.Rule{want}})
	s = reopened(t, s)
	if d := cmp.Diff(want, rule(a)); d != "" {
		t.Error(d)
	}
	if r := rule(b); !r.IsZero() {
		t.Errorf("of another: %+v", r)
	}
	commit(t, s, visited{Now: at, Rules: []news.Rule{{Item: a, At: at}}})
	if r := rule(a); !r.At.IsZero() {
		t.Errorf("taken back: %+v", r)
	}
}

// TestDropped: an entry that is dropped is not there; one that never was is no error.
func TestDropped(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	at := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	w := withTerms("alpha", at, 1, nil, nil)
	commit(t, s, w)
	commit(t, s, visited{Now: at, Dropped: []news.Key{w.Entries[0].Key, {1}}})
	view(t, s, func(v View) {
		for i, want := range []bool{false, true} {
			if _, found, err := v.Entry(w.Entries[i].Key); found != want || err != nil {
				t.Errorf("entry %d: found %v, want %v; %v", i, found, want, err)
			}
		}
	})
}

// TestMergedIDLeadsOn: the id of an entry that was merged finds the one that it was merged into.
func TestMergedIDLeadsOn(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	at := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	w := withTerms("alpha", at, 1, nil, nil)
	w.Entries[1].ID = "urn:example:2"
	commit(t, s, w)
	w.Entries[1].State, w.Entries[1].Into = news.Merged, w.Entries[0].Key
	commit(t, s, visited{Now: at, Entries: w.Entries[1:]})
	view(t, s, func(v View) {
		if e, found, err := v.EntryByID("urn:example:2"); err != nil || !found || e.Key != w.Entries[0].Key {
			t.Errorf("%v, %v, %v", e.Key, found, err)
		}
	})
}

// TestErasedTextMayComeBack: a later revision has a text again, and what it is searched for by stays with it.
func TestErasedTextMayComeBack(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	w := wrote("belta", "1")
	commit(t, s, w)
	for _, erased := range []bool{true, false} {
		if erased {
			commit(t, s, visited{Erase: []news.Erasure{{Item: w.Items[0].Key}}})
		} else {
			commit(t, s, revised("belta", "1", 2))
		}
		view(t, s, func(v View) {
			gone, err := horizon(0).expired(v)[iStem](postings.Doc{ID: 1})
			if gone != erased || err != nil {
				t.Errorf("erased %v: its stems have expired: %v, %v", erased, gone, err)
			}
		})
		if faults := check(t, s); len(faults) > 0 {
			t.Error(faults)
		}
	}
}
