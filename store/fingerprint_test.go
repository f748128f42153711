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
)

// withTerms is what a visit at a time writes that brought items with these terms.
func withTerms(source string, at time.Time, guid int, terms ...[]uint32) visited {
	w := visited{Source: source, Now: at, State: &news.State{LastSuccess: at}}
	for i, m := range terms {
		it := news.Item{Source: source, GUID: fmt.Sprint(guid + i), Title: "One", Revision: 1, FirstSeen: at}
		it.Key = news.ItemKey(source, it.GUID)
		it.Entry = it.Key
		w.Items = append(w.Items, it)
		w.Entries = append(w.Entries, news.Entry{Key: it.Key, Published: at})
		w.Fingerprints = append(w.Fingerprints, news.Fingerprint{Item: it.Key, At: at, Terms: m})
	}
	return w
}

// fill adds so many documents of the first item to an index. They are found by nothing.
func (t *Tx) fill(index, docs int) error {
	p, err := t.postings()
	if err != nil {
		return err
	}
	all := make([]postings.Posting, docs)
	for i := range all {
		all[i] = postings.Posting{Index: index, Doc: postings.Doc{ID: 1, Source: "belta", At: minutes(noon)}}
	}
	return p.Add(all...)
}

// seal adds so many documents to an index, so that what is in the memtable is sealed. Other indexes get nothing.
func seal(t *testing.T, s *Store, index, docs int) {
	t.Helper()
	if err := s.Update(noon, func(tx *Tx) error { return tx.fill(index, docs) }); err != nil {
		t.Fatal(err)
	}
}

// find asks and names what comes back: source-guid, with the terms.
func find(t *testing.T, s *Store, most int, terms ...uint32) (all []string) {
	t.Helper()
	view(t, s, func(v View) {
		found, err := v.FindAny(terms, most)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range found {
			it, ok, err := v.ItemByNumber(o.Number)
			if err != nil || !ok || it.Source != o.Source {
				t.Fatalf("number %d: %v, %v, %q", o.Number, ok, err, it.Source)
			}
			all = append(all, fmt.Sprint(o.Source, "-", it.GUID, " ", o.Terms))
		}
	})
	return all
}

func reopened(t *testing.T, s *Store) *Store {
	t.Helper()
	path := s.Path()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { again.Close() })
	return again
}

func TestFingerprintsAreFound(t *testing.T) {
	want := []string{"belta-1 [7 9]", "tass-5 [9]"}
	for _, c := range []struct {
		fact string
		then func(t *testing.T, s *Store) *Store
	}{
		{"in the memtable", func(_ *testing.T, s *Store) *Store { return s }},
		{"after a restart", reopened},
		{"in a segment", func(t *testing.T, s *Store) *Store {
			seal(t, s, iStem, postings.SealDocs)
			return s
		}},
		{"in a segment after a restart", func(t *testing.T, s *Store) *Store {
			seal(t, s, iStem, postings.SealDocs)
			return reopened(t, s)
		}},
		{"in a segment beside a memtable", func(t *testing.T, s *Store) *Store {
			seal(t, s, iStem, postings.SealDocs)
			commit(t, s, withTerms("mfa", noon.Add(26*time.Hour), 2, []uint32{1}))
			return s
		}},
	} {
		t.Run(c.fact, func(t *testing.T) {
			s := temp(t, Options{})
			commit(t, s, withTerms("belta", noon, 1, []uint32{7, 9, 1 << 31}, []uint32{8}))
			commit(t, s, withTerms("tass", noon, 5, []uint32{9, 10}))
			s = c.then(t, s)
			if d := cmp.Diff(want, find(t, s, 60, 7, 9)); d != "" {
				t.Error(d)
			}
			if got := find(t, s, 60, 4, 1<<31+1); got != nil {
				t.Errorf("terms that no item has: %v", got)
			}
			// The writer sees what readers see.
			if err := s.Update(noon, func(v *Tx) error {
				found, err := v.FindAny([]uint32{7, 9}, 60)
				if len(found) != 2 {
					t.Errorf("the writer finds %d items, want 2", len(found))
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestFingerprintsOfOneGroupSeeEachOther(t *testing.T) {
	s := temp(t, Options{})
	commit(t, s, withTerms("belta", noon, 1, []uint32{7}))
	err := s.Update(noon, func(tx *Tx) error {
		w := withTerms("tass", noon, 1, []uint32{7})
		if err := w.Put(tx); err != nil {
			return err
		}
		found, err := s.viewWith(tx.tx, tx.memo).FindAny([]uint32{7}, 60)
		if len(found) != 2 {
			t.Errorf("%d items within the transaction, want 2", len(found))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestFingerprintsOfWhatFailedAreGone: the next transaction has the numbers of the one that failed, in the memtable and in segments.
func TestFingerprintsOfWhatFailedAreGone(t *testing.T) {
	t.Parallel()
	for _, docs := range []int{0, postings.SealDocs} { // into the memtable, and over the sealing of one
		t.Run(fmt.Sprint(docs, " more documents"), func(t *testing.T) {
			t.Parallel()
			s := temp(t, Options{})
			commit(t, s, withTerms("belta", noon, 1, []uint32{7}))
			full := errors.New("disk full")
			err := s.Update(noon, func(tx *Tx) error {
				if err := errors.Join(withTerms("tass", noon, 1, []uint32{7}).Put(tx), tx.fill(iStem, docs)); err != nil {
					return err
				}
				if found, err := tx.FindAny([]uint32{7}, 60); len(found) != 2 || err != nil {
					t.Errorf("within the transaction: %+v, %v; want both", found, err)
				}
				return full
			})
			if !errors.Is(err, full) {
				t.Fatal(err)
			}
			commit(t, s, withTerms("mfa", noon, 1, []uint32{7}))
			if docs > 0 {
				seal(t, s, iStem, docs)
			}
			want := []string{"belta-1 [7]", "mfa-1 [7]"}
			if d := cmp.Diff(want, find(t, s, 60, 7)); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(want, find(t, reopened(t, s), 60, 7)); d != "" {
				t.Errorf("after a restart: %s", d)
			}
		})
	}
}

func TestRevisedItemIsOneHit(t *testing.T) {
	s := temp(t, Options{})
	commit(t, s, withTerms("belta", noon, 1, []uint32{7, 8}))
	seal(t, s, iStem, postings.SealDocs)
	w := withTerms("belta", noon.Add(25*time.Hour), 1, []uint32{8, 9})
	w.Items[0].Revision = 2
	commit(t, s, w)
	if d := cmp.Diff([]string{"belta-1 [7 8 9]"}, find(t, s, 60, 7, 8, 9)); d != "" {
		t.Error(d)
	}
}

func TestTermOfMany(t *testing.T) {
	s := temp(t, Options{})
	for i := range 100 {
		if i == 50 {
			seal(t, s, iStem, postings.SealDocs)
		}
		commit(t, s, withTerms("belta", noon, i, []uint32{7}))
	}
	if n := len(find(t, s, 60, 7)); n != 61 {
		t.Errorf("%d items, want one more than 60", n)
	}
}

func TestSegmentsExpireWhole(t *testing.T) {
	s := temp(t, Options{})
	for i := range 5 {
		w := withTerms("belta", noon.Add(time.Duration(i)*25*time.Hour), i, []uint32{7})
		if i == 3 {
			w.Fingerprints[0].At = noon.AddDate(-1, 0, 0) // published long ago, and new to us
		}
		commit(t, s, w)
		seal(t, s, iStem, postings.SealDocs)
	}
	r := kept
	r.Fingerprints = 60 * time.Hour
	identityKeys := func(news.Item) []news.IdentityKey { return nil }
	if u, err := s.Prune(noon.Add(100*time.Hour), r, identityKeys, time.Minute); err != nil || u.Fingerprints != 2 {
		t.Errorf("%+v, %v; want 2 fingerprints dropped", u, err)
	}
	if d := cmp.Diff([]string{"belta-2 [7]", "belta-3 [7]", "belta-4 [7]"}, find(t, s, 60, 7)); d != "" {
		t.Error(d)
	}
	if u, err := s.Prune(noon.Add(100*time.Hour), r, identityKeys, time.Minute); err != nil || u != (PruneStats{}) {
		t.Errorf("once more: %+v, %v; want nothing to do", u, err)
	}
}

// TestFingerprintsAgainstModel compares the index with a plain list, through seals, restarts, failures and expiry.
func TestFingerprintsAgainstModel(t *testing.T) {
	r := seeded(t)
	s := temp(t, Options{})
	type line struct {
		name  string
		terms []uint32
	}
	var model []line
	at := noon
	for i := range 120 {
		at = at.Add(time.Duration(r.IntN(8)) * time.Hour)
		var terms [][]uint32
		for range 1 + r.IntN(4) {
			var m []uint32
			for range r.IntN(12) {
				m = append(m, uint32(r.IntN(40))*0x6000001)
			}
			slices.Sort(m)
			terms = append(terms, slices.Compact(m))
		}
		w := withTerms("belta", at, i*10, terms...)
		if r.IntN(5) == 0 {
			if err := s.Update(noon, func(tx *Tx) error { return errors.Join(w.Put(tx), errors.New("no")) }); err == nil {
				t.Fatal("no error")
			}
			continue
		}
		commit(t, s, w)
		for j, m := range terms {
			model = append(model, line{fmt.Sprint("belta-", i*10+j), m})
		}
		if r.IntN(10) == 0 {
			s = reopened(t, s)
		}
		if r.IntN(20) == 0 {
			seal(t, s, iStem, postings.SealDocs)
		}
		ask := []uint32{uint32(r.IntN(40)) * 0x6000001, uint32(r.IntN(40)) * 0x6000001}
		slices.Sort(ask)
		ask = slices.Compact(ask)
		var want []string
		for _, l := range model {
			var has []uint32
			for _, m := range ask {
				if slices.Contains(l.terms, m) {
					has = append(has, m)
				}
			}
			if has != nil {
				want = append(want, fmt.Sprint(l.name, " ", has))
			}
		}
		if d := cmp.Diff(want, find(t, s, 1<<20, ask...)); d != "" {
			t.Fatalf("after %d visits: %s", i+1, d)
		}
	}
}
