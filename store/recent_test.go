package store

import (
	"errors"
	"slices"
	"testing"

	"dateline/aggregator/news"
)

// A reader that knows the store as of one update is given at least the entries that others changed since, and is sent back to the start
// where one was forgotten.
func TestChangedSince(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	var seq uint64
	changed := func() (keys []news.Key, known bool) {
		view(t, s, func(v View) {
			keys, known = v.ChangedSince(seq)
			seq = v.Seq()
		})
		return keys, known
	}
	changed()
	a, b := wrote("belta", "a"), wrote("belta", "b")
	commit(t, s, a)
	if keys, known := changed(); !known || !slices.Contains(keys, a.Entries[0].Key) {
		t.Errorf("%v, %v after one entry", keys, known)
	}
	if keys, known := changed(); !known || len(keys) > 0 {
		t.Errorf("%v, %v after nothing", keys, known)
	}
	failed := errors.New("no")
	if err := s.Update(noon, func(tx *Tx) error { return errors.Join(tx.PutEntry(a.Entries[0]), failed) }); !errors.Is(err, failed) {
		t.Fatal(err)
	}
	commit(t, s, b)
	if keys, known := changed(); !known || !slices.Contains(keys, b.Entries[0].Key) {
		t.Errorf("%v, %v after one that failed and one that did not", keys, known)
	}
	if err := s.Update(noon, func(tx *Tx) error { return tx.DropEntry(a.Entries[0].Key) }); err != nil {
		t.Fatal(err)
	}
	if _, known := changed(); known {
		t.Error("an entry was forgotten, and the reader is not sent back")
	}
	if _, known := changed(); !known {
		t.Error("not known as of the update that forgot one")
	}
}

// What is remembered is bounded, and what is no longer remembered is not said to be unchanged.
func TestRecentIsBounded(t *testing.T) {
	t.Parallel()
	s := &Store{}
	for seq := range uint64(5 * maxRecent) {
		s.recent.note(seq, news.Key{})
	}
	if n := len(s.recent.all); n > 2*maxRecent {
		t.Errorf("%d changes are remembered", n)
	}
	for seq, want := range map[uint64]bool{0: false, 3*maxRecent - 2: false, 3 * maxRecent: true} {
		keys, known := (View{s: s}).ChangedSince(seq)
		if known != want || known && len(keys) != int(5*maxRecent-1-seq) {
			t.Errorf("since %d: %d, %v", seq, len(keys), known)
		}
	}
}
