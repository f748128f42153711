package store

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

func TestTxReadsWhatItWrote(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	key := news.NewIdentityKey("address", "example.org")
	var first uint64
	read := func(where string, v View) {
		t.Helper()
		for i := range 8 {
			k := news.ItemKey("belta", fmt.Sprint(i))
			title := fmt.Sprint("title ", i)
			if i == 2 {
				title = "title 2, put again"
			}
			it, found, err := v.Item(k)
			if err != nil || !found || it.Title != title {
				t.Errorf("%s: item %d: %q, %v, %v", where, i, it.Title, found, err)
			}
			if it, found, err := v.ItemByNumber(first + uint64(i)); err != nil || !found || it.Key != k {
				t.Errorf("%s: number %d: %s, %v, %v", where, first+uint64(i), it.Key, found, err)
			}
			if _, found, err := v.Revision(k, 1); err != nil || !found {
				t.Errorf("%s: revision 1 of item %d: %v, %v", where, i, found, err)
			}
			if e, found, err := v.Entry(k); err != nil || !found || e.Last != uint64(i+1) {
				t.Errorf("%s: entry %d at %d, %v, %v", where, i, e.Last, found, err)
			}
		}
		all, err := v.ItemsByKey(key)
		if err != nil || len(all) != 1 || all[0].Title != "title 2, put again" {
			t.Errorf("%s: by key: %d items, %v", where, len(all), err)
		}
		hits, err := v.FindAny([]uint32{7}, 60)
		if err != nil || len(hits) != 8 {
			t.Errorf("%s: by a term: %d items, %v", where, len(hits), err)
		}
		if d := cmp.Diff([]uint64{8, 7, 6, 5, 4, 3, 2, 1}, positions(t, v, "source:belta", 0)); d != "" {
			t.Errorf("%s: by tag: %s", where, d)
		}
		if w, err := v.Window("belta"); err != nil || len(w) != 1 || w[0].Item != news.ItemKey("belta", "2") {
			t.Errorf("%s: window %v, %v", where, w, err)
		}
	}
	err := s.Update(noon, func(tx *Tx) error {
		for i := range 8 {
			it := news.Item{Source: "belta", GUID: fmt.Sprint(i), Title: fmt.Sprint("title ", i), Revision: 1, FirstSeen: noon}
			it.Key = news.ItemKey("belta", it.GUID)
			it.Entry = it.Key
			n, err := tx.PutItem(it)
			if err != nil {
				return err
			}
			if i == 0 {
				first = n
			}
			if _, err := tx.AppendLog(news.RecordNew, news.Entry{Key: it.Key, Published: noon, Updated: noon}); err != nil {
				return err
			}
			if err := tx.AddTerms(news.Terms{Item: it.Key, Source: "belta", At: noon, Fingerprint: []uint32{7}}); err != nil {
				return err
			}
			if i == 2 {
				it.Title = "title 2, put again"
				if n2, err := tx.PutItem(it); err != nil || n2 != n {
					t.Errorf("put again: number %d, %v; want %d", n2, err, n)
				}
				if err := tx.AddKeys(it.Key, key); err != nil {
					return err
				}
			}
		}
		if err := tx.PutWindow("belta", []news.Seen{{Item: news.ItemKey("belta", "2"), Sum: 7}}); err != nil {
			return err
		}
		read("in the transaction", tx.View)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	view(t, s, func(v View) { read("after it", v) })
}

func TestFailedChangeFailsItsUpdate(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	err := s.Update(noon, func(tx *Tx) error {
		if err := tx.AddKeys(news.ItemKey("belta", "unknown"), news.NewIdentityKey("a")); err == nil {
			t.Error("no error of an unknown item")
		}
		_, err := tx.PutItem(wrote("belta", "1").Items[0])
		if err == nil {
			t.Error("a change was made after one that failed")
		}
		return nil
	})
	if !errors.Is(err, errUnknownItem) {
		t.Errorf("%v, want that of the change", err)
	}
	view(t, s, func(v View) {
		for range v.Items() {
			t.Error("an item was stored")
		}
	})
}
