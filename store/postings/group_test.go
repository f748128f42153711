package postings

import (
	"testing"
)

// TestGroupsHideNothing: of documents whose terms no other one has, in segments of several groups and of none, each is found and counted,
// and a term that none has is not; also when some were removed, which dissolves the group of which the newest segment is rewritten.
func TestGroupsHideNothing(t *testing.T) {
	t.Parallel()
	db, s := open(t), small("print")
	s.group = 3
	const docs = 16 * 4 * 8 // eight merged segments
	term := func(id uint64) uint64 { return id * 0x9e3779b97f4a7c15 }
	for id := uint64(1); id <= docs; id++ {
		must(t, update(db, s, func(w *Writer) error { return w.Add(Posting{Doc: Doc{ID: id}, Terms: []uint64{term(id)}}) }))
	}
	gone := map[uint64]bool{}
	compare := func(groups, members int) {
		t.Helper()
		s.Reset() // of no term it is known which segments have it
		view(t, db, s, func(r *Reader) {
			all, err := r.segments(0)
			must(t, err)
			var of asker
			for _, s := range all {
				_, err := of.in(s)
				must(t, err)
				if s.group.n > 0 {
					groups--
				}
				if of.inside {
					members--
				}
			}
			if groups != 0 || members != 0 {
				t.Fatalf("of %d segments, %d groups and %d members are missing", len(all), groups, members)
			}
			for id := uint64(1); id <= docs+50; id++ {
				want := 1
				if gone[id] || id > docs {
					want = 0
				}
				ask := []uint64{term(id)}
				hits, err := r.FindAny(0, ask, 10)
				must(t, err)
				of, _, err := r.Count(0, ask)
				must(t, err)
				if len(hits) != want || of[0] != want || want == 1 && hits[0].ID != id {
					t.Fatalf("document %d: found %v, counted %d; want %d", id, hits, of[0], want)
				}
			}
		})
	}
	compare(2, 6)
	remove := func(id uint64) {
		t.Helper()
		must(t, update(db, s, func(w *Writer) error {
			_, err := w.Remove(0, id)
			gone[id] = true
			return err
		}))
	}
	remove(64*4 - 5) // of a member that has no filter of the group: this stays
	compare(2, 6)
	remove(64*3 - 5)
	compare(1, 3)
	must(t, update(db, s, func(w *Writer) error {
		_, err := w.Prune(0, func(d Doc) (bool, error) { return d.ID <= 64*5, nil })
		return err
	}))
	for id := range uint64(64*5 + 1) {
		gone[id] = true
	}
	compare(1, 1)
}
