package postings

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// question is a look-up of either kind.
type question struct {
	index  int
	bounds Bounds
	terms  []uint64
}

func (c *campaign) question() question {
	q := question{index: c.r.IntN(2), bounds: Bounds{Terms: 1 + c.r.IntN(2), Each: 1 + c.r.IntN(8), Since: math.MinInt64}}
	if c.r.IntN(3) == 0 {
		q.bounds.Each = math.MaxInt
	}
	if c.r.IntN(3) == 0 {
		q.bounds.Since = int64(c.last[0]) - 500 - int64(c.r.IntN(60))
	}
	for range 1 + c.r.IntN(5) {
		q.terms = append(q.terms, c.term()) // in any order, perhaps one twice
	}
	return q
}

// found is what a question is answered with.
type found struct {
	Hits []Hit
	Of   []int
	Docs int
}

func (q question) ask(t *testing.T, r *Reader) (out found) {
	t.Helper()
	var err error
	out.Hits, err = r.FindAtLeast(q.index, q.terms, q.bounds)
	must(t, err)
	out.Of, out.Docs, err = r.Count(q.index, q.terms)
	must(t, err)
	return out
}

// TestLookupsAreAsThoseMadeAtOnce: what was looked up before, with what was added since, is what is found by looking up now: in later views
// and transactions, with changes of others in between.
func TestLookupsAreAsThoseMadeAtOnce(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			c := &campaign{t: t, r: rand.New(rand.NewPCG(seed, 9)), db: open(t), set: small("print", "tag"), model: make(model, 2)}
			var all []question
			var l *Lookups
			continued, hits := 0, 0
			compare := func(r *Reader) {
				for _, q := range all {
					r.Remember(nil)
					want := q.ask(t, r)
					r.Remember(l)
					before := r.before(r.lookupKey(q.index, q.bounds, q.terms), q.index)
					if d := cmp.Diff(want, q.ask(t, r)); d != "" {
						t.Fatalf("%+v, looked up before: %s", q, d)
					}
					if before != nil && r.position(q.index).docs > before.end() {
						continued++
						hits += len(want.Hits)
					}
				}
				r.Remember(nil)
			}
			for n := range 100 {
				if n%5 == 0 {
					l, all = &Lookups{}, nil
					for range 12 {
						all = append(all, c.question())
					}
					view(t, c.db, c.set, compare)
				}
				c.step(compare)
				view(t, c.db, c.set, compare)
			}
			if continued < 100 || hits < 100 {
				t.Errorf("%d look-ups of what was added since, %d hits: too few were tried", continued, hits)
			}
		})
	}
}

// TestLookupsOfAFailedTransactionAreForgotten: the next transaction has the same position and other documents.
func TestLookupsOfAFailedTransactionAreForgotten(t *testing.T) {
	t.Parallel()
	db, s := open(t), small("print")
	var l Lookups
	for _, term := range []uint64{7, 8} {
		_ = update(db, s, func(w *Writer) error {
			must(t, w.Add(Posting{Doc: Doc{ID: term}, Terms: []uint64{term}}))
			w.Remember(&l)
			hits, err := w.FindAny(0, []uint64{7, 8}, 10)
			must(t, err)
			if len(hits) != 1 || hits[0].ID != term {
				t.Errorf("found %v, want document %d", hits, term)
			}
			return errFull
		})
	}
}

// TestLookupsOfALaterStateAreNotTaken: a reader sees its own snapshot, however late the look-ups are that it is given.
func TestLookupsOfALaterStateAreNotTaken(t *testing.T) {
	t.Parallel()
	db, s := open(t), small("print")
	add := func(id uint64) {
		must(t, update(db, s, func(w *Writer) error { return w.Add(Posting{Doc: Doc{ID: id}, Terms: []uint64{7}}) }))
	}
	add(1)
	view(t, db, s, func(early *Reader) {
		add(2)
		var l Lookups
		look := func(r *Reader, want int) {
			r.Remember(&l)
			hits, err := r.FindAny(0, []uint64{7}, 10)
			must(t, err)
			of, _, err := r.Count(0, []uint64{7})
			must(t, err)
			if len(hits) != want || of[0] != want {
				t.Errorf("%d hits, %d counted, want %d", len(hits), of[0], want)
			}
		}
		view(t, db, s, func(late *Reader) { look(late, 2) })
		look(early, 1)
	})
}

// TestLookupsAreBounded: a document of very many items does not fill memory.
func TestLookupsAreBounded(t *testing.T) {
	t.Parallel()
	db, s := open(t), small("print")
	must(t, update(db, s, func(w *Writer) error { return w.Add(Posting{Doc: Doc{ID: 1}, Terms: []uint64{7}}) }))
	view(t, db, s, func(r *Reader) {
		var l Lookups
		r.Remember(&l)
		for term := range uint64(maxLookups + 10) {
			_, err := r.FindAny(0, []uint64{term}, 10)
			must(t, err)
		}
		if len(l.found) != maxLookups {
			t.Errorf("%d look-ups are remembered, want %d", len(l.found), maxLookups)
		}
		hits, err := r.FindAny(0, slices.Repeat([]uint64{7}, 2), 10)
		if err != nil || len(hits) != 1 {
			t.Errorf("found %v, %v; want the document", hits, err)
		}
	})
}
