package store

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"dateline/aggregator/news"
	"dateline/store/postings"
)

// worded is marked, with the terms as stems.
func worded(source string, at time.Time, guid int, stems ...[]uint32) visited {
	w := withTerms(source, at, guid, stems...)
	w.Fingerprints, w.Stems = nil, w.Fingerprints
	return w
}

// held asks for the items that have all of the stems, in the order in which they come.
func held(t *testing.T, s *Store, stems ...uint32) (all []string) {
	t.Helper()
	view(t, s, func(v View) {
		for number, err := range v.FindAll(stems, math.MaxInt) {
			if err != nil {
				t.Fatal(err)
			}
			it, found, err := v.ItemByNumber(number)
			if err != nil || !found {
				t.Fatalf("number %d: %v, %v", number, found, err)
			}
			all = append(all, it.Source+"-"+it.GUID)
		}
	})
	return all
}

func frequency(t *testing.T, s *Store, stems ...uint32) (of []int, fingerprints int) {
	t.Helper()
	view(t, s, func(v View) {
		var err error
		if of, fingerprints, err = v.Frequency(stems); err != nil {
			t.Fatal(err)
		}
	})
	return of, fingerprints
}

// TestStemsAgainstModel compares the index with a plain list, through seals, restarts, failures and expiry.
func TestStemsAgainstModel(t *testing.T) {
	r := seeded(t)
	s := temp(t, Options{})
	type line struct {
		name  string
		stems []uint32
	}
	var model []line
	at := noon
	stem := func() uint32 { return uint32(r.IntN(30)) * 0x7000001 }
	for i := range 120 {
		at = at.Add(time.Duration(r.IntN(8)) * time.Hour)
		var all [][]uint32
		for range 1 + r.IntN(4) {
			var m []uint32
			for range 1 + r.IntN(20) {
				m = append(m, stem())
			}
			slices.Sort(m)
			all = append(all, slices.Compact(m))
		}
		w := worded("belta", at, i*10, all...)
		if r.IntN(5) == 0 {
			if err := s.Update(noon, func(tx *Tx) error { return errors.Join(w.Put(tx), errors.New("no")) }); err == nil {
				t.Fatal("no error")
			}
			continue
		}
		commit(t, s, w)
		for j, m := range all {
			model = append(model, line{fmt.Sprint("belta-", i*10+j), m})
		}
		if r.IntN(10) == 0 {
			s = reopened(t, s)
		}
		if r.IntN(20) == 0 {
			seal(t, s, iFingerprint, postings.SealDocs)
		}
		ask := []uint32{stem(), stem(), stem()}[:1+r.IntN(3)]
		var want []string
		of := make([]int, len(ask))
		for _, l := range slices.Backward(model) {
			n := 0
			for i, m := range ask {
				if slices.Contains(l.stems, m) {
					of[i]++
					n++
				}
			}
			if n == len(ask) {
				want = append(want, l.name)
			}
		}
		if d := cmp.Diff(want, held(t, s, ask...)); d != "" {
			t.Fatalf("after %d visits: %s", i+1, d)
		}
		got, fingerprints := frequency(t, s, ask...)
		if d := cmp.Diff(of, got); d != "" || fingerprints != len(model) {
			t.Fatalf("after %d visits: %d prints, want %d; %s", i+1, fingerprints, len(model), d)
		}
	}
}

func TestFindAtLeast(t *testing.T) {
	s := temp(t, Options{})
	for i := range 6 {
		if i == 4 {
			seal(t, s, iFingerprint, postings.SealDocs)
		}
		commit(t, s, worded("belta", noon.Add(time.Duration(i)*13*time.Hour), i, []uint32{7, uint32(10 + i)}))
	}
	for _, tt := range []struct {
		fact  string
		stems []uint32
		since time.Time
		least int
		most  int
		want  []string
	}{
		{"all that have one", []uint32{7, 12}, noon, 1, 60, []string{"0 [7]", "1 [7]", "2 [7 12]", "3 [7]", "4 [7]", "5 [7]"}},
		{"all that have two", []uint32{7, 12, 14}, noon, 2, 60, []string{"2 [7 12]", "4 [7 14]"}},
		{"the newest of many", []uint32{7}, noon, 1, 2, []string{"4 [7]", "5 [7]"}},
		{"no segment that ended before", []uint32{7}, noon.Add(50 * time.Hour), 1, 60, []string{"4 [7]", "5 [7]"}},
		{"none where nobody has it", []uint32{8}, noon, 1, 60, nil},
	} {
		t.Run(tt.fact, func(t *testing.T) {
			view(t, s, func(v View) {
				found, err := v.FindAtLeast(tt.stems, tt.since, tt.least, tt.most)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, o := range found {
					it, _, err := v.ItemByNumber(o.Number)
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, fmt.Sprint(it.GUID, " ", o.Terms))
				}
				if d := cmp.Diff(tt.want, got); d != "" {
					t.Error(d)
				}
			})
		})
	}
}

func TestFindAllEndsWhereTheCostIs(t *testing.T) {
	s := temp(t, Options{})
	for i := range 6 {
		commit(t, s, worded("belta", noon, i, []uint32{7}))
		seal(t, s, iFingerprint, postings.SealDocs)
	}
	n := 0
	view(t, s, func(v View) {
		for _, err := range v.FindAll([]uint32{7}, 2) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
	})
	if n != 3 {
		t.Errorf("%d items, want those of three postings: the one that goes beyond two is the last", n)
	}
}

// TestStemsGoWithTheLastText: what an item is found by stays as long as its text, however long it is in its feed.
func TestStemsGoWithTheLastText(t *testing.T) {
	s := temp(t, Options{})
	first := worded("belta", noon, 1, []uint32{7}, []uint32{7, 8})
	first.Window = []news.Seen{{Item: first.Items[0].Key}, {Item: first.Items[1].Key}}
	commit(t, s, first)
	seal(t, s, iFingerprint, postings.SealDocs)
	commit(t, s, worded("tass", noon.Add(25*time.Hour), 1, []uint32{9}))
	identityKeys := func(news.Item) []news.IdentityKey { return nil }
	r := Retention{Text: 90 * 24 * time.Hour}
	prune := func(days int) PruneStats {
		t.Helper()
		at := noon.Add(time.Duration(days) * 24 * time.Hour)
		commit(t, s, visited{Source: "belta", Now: at, State: &news.State{LastSuccess: at}})
		u, err := s.Prune(at, r, identityKeys, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	if u := prune(100); u.Fingerprints != 0 {
		t.Errorf("%+v: both items are in their feed yet", u)
	}
	at := noon.Add(100 * 24 * time.Hour)
	commit(t, s, visited{Source: "belta", Now: at, State: &news.State{LastSuccess: at}, Window: first.Window[:1]})
	if u := prune(195); u.Texts != 1 || u.Fingerprints != 0 {
		t.Errorf("%+v: one item is in its feed yet", u)
	}
	at = noon.Add(195 * 24 * time.Hour)
	commit(t, s, visited{Source: "belta", Now: at, State: &news.State{LastSuccess: at}, Window: []news.Seen{}})
	if u := prune(290); u.Texts != 1 || u.Fingerprints != 2 {
		t.Errorf("%+v: no text is left of the segment", u)
	}
	if of, fingerprints := frequency(t, s, 7, 8, 9); !slices.Equal(of, []int{0, 0, 1}) || fingerprints != 1 {
		t.Errorf("counted %d of %d prints, want those of the memtable", of, fingerprints)
	}
}

// TestReadersOfStemsSeeTheirSnapshot: they share the memtable with the writer, and see nothing of what it adds.
func TestReadersOfStemsSeeTheirSnapshot(t *testing.T) {
	s := temp(t, Options{})
	for i := range 5 {
		commit(t, s, worded("belta", noon, i, []uint32{7}))
	}
	view(t, s, func(v View) {
		count := func() (n int) {
			for _, err := range v.FindAll([]uint32{7}, math.MaxInt) {
				if err != nil {
					t.Fatal(err)
				}
				n++
			}
			return n
		}
		if n := count(); n != 5 {
			t.Fatalf("%d items, want 5", n)
		}
		commit(t, s, worded("tass", noon, 1, []uint32{7}))
		if n := count(); n != 5 {
			t.Errorf("%d items after another commit, want 5", n)
		}
		seal(t, s, iFingerprint, postings.SealDocs)
		if n := count(); n != 5 {
			t.Errorf("%d items after the memtable was sealed, want 5", n)
		}
	})
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			for range 50 {
				err := s.View(func(v View) error {
					n, last := 0, uint64(math.MaxUint64)
					for number, err := range v.FindAll([]uint32{7}, math.MaxInt) {
						if err != nil || number >= last {
							return fmt.Errorf("number %d after %d: %w", number, last, err)
						}
						n, last = n+1, number
					}
					if stored := int(v.memo.totals.number); n != stored {
						return fmt.Errorf("%d items found of %d", n, stored)
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range 40 {
		commit(t, s, worded("mfa", noon, i, []uint32{7}))
		if i%4 == 0 { // ten times: segments are merged too
			seal(t, s, iFingerprint, postings.SealDocs)
		}
	}
	all.Wait()
}

func TestDamagedPostingsAreAnError(t *testing.T) {
	for _, key := range []string{"state", "tail"} {
		t.Run(key, func(t *testing.T) {
			s := temp(t, Options{})
			commit(t, s, worded("belta", noon, 1, []uint32{7}))
			err := s.db.Load().Update(func(tx *bbolt.Tx) error {
				if b := tx.Bucket(bPostings).Bucket([]byte(key)); b != nil {
					return b.Put(key8(1), []byte{1, 1, 2})
				}
				return tx.Bucket(bPostings).Put([]byte(key), []byte{1, 1, 2})
			})
			if err != nil {
				t.Fatal(err)
			}
			for name, ask := range map[string]func(View) error{
				"FindAny":     func(v View) error { _, err := v.FindAny([]uint32{7}, 60); return err },
				"FindAtLeast": func(v View) error { _, err := v.FindAtLeast([]uint32{7}, noon, 1, 60); return err },
				"Frequency":   func(v View) error { _, _, err := v.Frequency([]uint32{7}); return err },
				"FindAll": func(v View) (last error) {
					for _, err := range v.FindAll([]uint32{7}, math.MaxInt) {
						last = err
					}
					return last
				},
			} {
				if err := s.View(ask); !errors.Is(err, ErrCorrupt) {
					t.Errorf("%s: got %v, want ErrCorrupt", name, err)
				}
			}
		})
	}
}

// TestErasedItemIsNotFound: what an editor destroys is in no index any more, sealed or not, and in no reader's memory.
func TestErasedItemIsNotFound(t *testing.T) {
	for _, sealed := range []bool{false, true} {
		t.Run(fmt.Sprint("sealed ", sealed), func(t *testing.T) {
			s := temp(t, Options{})
			w := worded("belta", noon, 1, []uint32{7, 8}, []uint32{7, 9}, []uint32{7, 9})
			w.Fingerprints = w.Stems
			commit(t, s, w)
			if sealed {
				seal(t, s, iFingerprint, postings.SealDocs)
			}
			view(t, s, func(v View) {
				if _, err := v.FindAny([]uint32{7}, 60); err != nil { // a reader has the memtable in memory
					t.Fatal(err)
				}
				commit(t, s, visited{Source: "belta", Now: noon, Erase: []news.Erasure{{Item: w.Items[1].Key}}})
				if found, err := v.FindAny([]uint32{7}, 60); err != nil || len(found) != 3 {
					t.Errorf("the reader's snapshot has %d, %v; want 3", len(found), err)
				}
			})
			for range 2 {
				if d := cmp.Diff([]string{"belta-3", "belta-1"}, held(t, s, 7)); d != "" {
					t.Error(d)
				}
				if d := cmp.Diff([]string{"belta-1 [7]", "belta-3 [7 9]"}, find(t, s, 60, 7, 9)); d != "" {
					t.Error(d)
				}
				if of, _ := frequency(t, s, 7, 8, 9); !slices.Equal(of, []int{2, 1, 1}) {
					t.Errorf("counted %v", of)
				}
				if faults := check(t, s); len(faults) > 0 {
					t.Errorf("faults: %v", faults)
				}
				s = reopened(t, s)
			}
		})
	}
}
