package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
	"dateline/store/postings"
	"dateline/store/storetest"
)

// guids returns the GUIDs of the items that an identity key leads to.
func guids(t *testing.T, v View, k news.IdentityKey) (all []string) {
	t.Helper()
	items, err := v.ItemsByKey(k)
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range items {
		all = append(all, it.Source+"-"+it.GUID)
	}
	return all
}

func TestItemsByKey(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	shared, alias := news.NewIdentityKey("address", "x"), news.ItemKey("belta", "renamed")
	want := []string{"belta-1", "tass-2"}
	look := func(when string, v View) {
		t.Helper()
		if d := cmp.Diff(want, guids(t, v, shared)); d != "" {
			t.Errorf("%s: %s", when, d)
		}
		if got := guids(t, v, news.ItemKey("tass", "2").IdentityKey()); !slices.Equal(got, want[1:]) {
			t.Errorf("%s: under its own key %v", when, got)
		}
		if it, found, err := v.Item(alias); err != nil || !found || it.GUID != "1" {
			t.Errorf("%s: under another name %q, %v, %v", when, it.GUID, found, err)
		}
		if got := guids(t, v, news.NewIdentityKey("address", "y")); got != nil {
			t.Errorf("%s: a key of none leads to %v", when, got)
		}
	}
	one, two := wrote("belta", "1"), wrote("tass", "2")
	err := s.Update(noon, func(tx *Tx) error {
		for _, w := range []visited{one, two} {
			if _, err := tx.PutItem(w.Items[0]); err != nil {
				return err
			}
			if err := tx.PutEntry(w.Entries[0]); err != nil {
				return err
			}
			if err := tx.AddKeys(w.Items[0].Key, shared, shared); err != nil {
				return err
			}
		}
		// The own key of another item stays that item's.
		if err := tx.AddKeys(one.Items[0].Key, alias.IdentityKey(), two.Items[0].Key.IdentityKey()); err != nil {
			return err
		}
		look("within the transaction", tx.View)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, when := range []string{"afterwards", "after it was sealed"} {
		view(t, s, func(v View) { look(when, v) })
		k := one.Items[0].Key
		commit(t, s, visited{Keys: []storetest.KeyedItem{{Key: shared, Item: k}, {Key: two.Items[0].Key.IdentityKey(), Item: k}}}) // nothing new
		view(t, s, func(v View) {
			p, err := v.postings()
			if err != nil {
				t.Fatal(err)
			}
			of, docs, err := p.Count(iKey, []uint64{keyTerm(shared)})
			if err != nil || of[0] != 2 || when == "afterwards" && docs != 2 {
				t.Errorf("%s: %v of %d documents have the key (%v), want 2", when, of, docs, err)
			}
		})
		seal(t, s, iTag, postings.SealDocs)
		s = reopened(t, s)
	}
}

// TestKeyOfMany: it leads to the first of them.
func TestKeyOfMany(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	k := news.NewIdentityKey("address", "front page")
	for i := range maxItems + 3 {
		w := wrote("belta", fmt.Sprint(i))
		w.Keys = []storetest.KeyedItem{{Key: k, Item: w.Items[0].Key}}
		commit(t, s, w)
	}
	view(t, s, func(v View) {
		if got := guids(t, v, k); len(got) != maxItems || got[0] != "belta-0" || got[maxItems-1] != fmt.Sprint("belta-", maxItems-1) {
			t.Errorf("%d items: %v", len(got), got)
		}
	})
}

// TestEntryByIDFollowsItsEntry: an entry is found by the id that it has now, also where it was dropped and came again.
func TestEntryByIDFollowsItsEntry(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	w := wrote("belta", "1")
	w.Entries[0].ID, w.Log = "urn:example:1", nil
	look := func(id string, want bool) {
		t.Helper()
		view(t, s, func(v View) {
			if e, found, err := v.EntryByID(id); err != nil || found != want || found && e.Key != w.Entries[0].Key {
				t.Errorf("%s: %v, %v, %v", id, e.Key, found, err)
			}
		})
	}
	commit(t, s, w)
	look("urn:example:1", true)
	commit(t, s, visited{Dropped: []news.Key{w.Entries[0].Key}})
	look("urn:example:1", false)
	commit(t, s, visited{Entries: w.Entries})
	look("urn:example:1", true)
	w.Entries[0].ID = "urn:example:2"
	commit(t, s, visited{Entries: w.Entries})
	look("urn:example:1", false)
	look("urn:example:2", true)
}

// left counts the documents of each index.
func docsOf(t *testing.T, s *Store) (n [4]int) {
	t.Helper()
	view(t, s, func(v View) {
		p, err := v.postings()
		for i := range n {
			if err == nil {
				n[i], err = p.Docs(i)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	return n
}

// TestForgottenItemsLeaveNoPostings: neither does what they are found by stay, nor beyond that day a note of when it would go.
func TestForgottenItemsLeaveNoPostings(t *testing.T) {
	t.Parallel()
	none := func(news.Item) []news.IdentityKey { return nil }
	prune := func(s *Store) error {
		_, err := s.Prune(noon.Add(3000*day), Retention{Text: day, Keys: 2 * day}, none, time.Minute)
		return err
	}
	for name, forget := range map[string]func(*Store) error{
		"by retention": prune,
		"by purge": func(s *Store) error {
			_, err := s.Purge(noon, "belta", none)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := temp(t, Options{})
			for i := range 4 {
				w := worded("belta", noon, i, []uint32{7})
				w.Fingerprints, w.Entries[0].ID = w.Stems, fmt.Sprint("urn:example:", i)
				w.Keys = []storetest.KeyedItem{{Key: news.NewIdentityKey("address", fmt.Sprint(i)), Item: w.Items[0].Key}}
				w.Window = []news.Seen{{Item: w.Items[0].Key}} // the one before leaves
				if commit(t, s, w); i == 1 {
					seal(t, s, iTag, postings.SealDocs)
				}
			}
			if got, want := docsOf(t, s), [4]int{4, 4, 4, postings.SealDocs}; got != want {
				t.Fatalf("before: %v documents, want %v", got, want)
			}
			if err := forget(s); err != nil {
				t.Fatal(err)
			}
			if got, want := docsOf(t, s), [4]int{0, 0, 0, postings.SealDocs}; got != want {
				t.Errorf("%v documents, want %v", got, want)
			}
			if err := prune(s); err != nil {
				t.Fatal(err)
			}
			view(t, s, func(v View) {
				for _, b := range [][]byte{bExpiry, bReturned} {
					if k, _ := v.tx.Bucket(b).Cursor().First(); k != nil {
						t.Errorf("%s still has %x", b, k)
					}
				}
			})
		})
	}
}

// TestMergesLeaveOutWhatHasExpired: a fingerprint of long ago, the stems of a text that retention removed, the tags of records that are
// gone. By the file alone: nothing but the pruning before it has a clock.
func TestMergesLeaveOutWhatHasExpired(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	const n = PageSize + 1
	for i := range n {
		at := noon.Add(time.Duration(i) * 40 * day / n)
		w := wrote("belta", fmt.Sprint(i))
		w.Now, w.Items[0].FirstSeen = at, at
		w.Fingerprints = []news.Fingerprint{{Item: w.Items[0].Key, At: at, Terms: []uint32{7}}}
		w.Stems, w.State.LastSuccess = w.Fingerprints, at
		if i < 70 { // published long ago: those that were new to us after 20 days are compared with all the same
			w.Fingerprints[0].At = noon.Add(-time.Hour)
		}
		commit(t, s, w)
	}
	alive := func(docs int) {
		t.Helper()
		err := s.Update(noon, func(tx *Tx) error {
			for _, index := range []int{iFingerprint, iStem, iKey, iTag} {
				all := make([]postings.Posting, docs)
				for i := range all {
					all[i] = postings.Posting{Index: index, Doc: postings.Doc{ID: n, At: minutes(noon.Add(100 * day))}}
				}
				if err := tx.addPostings(all...); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	commit(t, s, visited{Source: "belta", State: &news.State{LastSuccess: noon.Add(100 * day)}})
	alive(1000)
	seal(t, s, iTag, postings.SealDocs-1000-n)
	before := docsOf(t, s)
	r := Retention{Text: 20 * day, Fingerprints: 80 * day}
	if _, err := s.Prune(noon.Add(100*day+time.Hour), r, func(news.Item) []news.IdentityKey { return nil }, time.Minute); err != nil {
		t.Fatal(err)
	}
	if after := docsOf(t, s); after != before {
		t.Fatalf("pruning left %v documents of %v: this test is of merges", after, before)
	}
	for range postings.Fanout + 3 {
		alive(10)
		seal(t, s, iTag, postings.SealDocs-10)
	}
	added := 10 * (postings.Fanout + 3)
	after := docsOf(t, s)
	if got, want := after[iStem]-added, before[iStem]-PageSize; got != want {
		t.Errorf("%d stems, want %d", got, want)
	}
	if got, want := after[iFingerprint]-added, before[iFingerprint]-50; got != want { // of what was first seen that day none has
		t.Errorf("%d fingerprints, want %d", got, want)
	}
	if got := after[iKey] - added; got != before[iKey] {
		t.Errorf("%d keys, want %d", got, before[iKey])
	}
	if got, most := after[iTag], 5*postings.SealDocs; got > most { // those of seal are of the first record
		t.Errorf("%d tags, want at most %d", got, most)
	}
}
