package postings

import (
	"slices"
	"testing"
)

// TestEach: every posting is called once, in the memtable and in segments that were merged.
func TestEach(t *testing.T) {
	t.Parallel()
	db, s := open(t), small("a", "b")
	var want [][2]uint64
	for id := range uint64(150) {
		terms := []uint64{id % 7, 100 + id}
		must(t, update(db, s, func(w *Writer) error {
			return w.Add(Posting{Index: 1, Doc: Doc{ID: id + 1}, Terms: terms}, Posting{Index: 0, Doc: Doc{ID: id + 1}, Terms: []uint64{5}})
		}))
		for _, term := range terms {
			want = append(want, [2]uint64{term, id + 1})
		}
	}
	var got [][2]uint64
	view(t, db, s, func(r *Reader) {
		must(t, r.Each(1, func(term, id uint64) { got = append(got, [2]uint64{term, id}) }))
	})
	byTerm := func(a, b [2]uint64) int { return slices.Compare(a[:], b[:]) }
	slices.SortFunc(want, byTerm)
	slices.SortFunc(got, byTerm)
	if !slices.Equal(got, want) {
		t.Errorf("%d postings, want %d", len(got), len(want))
	}
	for _, from := range []uint64{1, 40, 150, 151} {
		view(t, db, s, func(r *Reader) {
			got = got[:0]
			must(t, r.EachFrom(1, from, func(term uint64) bool { return term < 5 },
				func(term, id uint64) { got = append(got, [2]uint64{term, id}) }))
		})
		slices.SortFunc(got, byTerm)
		some := slices.DeleteFunc(slices.Clone(want), func(p [2]uint64) bool { return p[0] >= 5 || p[1] < from })
		if !slices.Equal(got, some) {
			t.Errorf("%d postings of few terms from %d on, want %d", len(got), from, len(some))
		}
	}
}
