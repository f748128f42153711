package postings

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"
)

// model is what a set should hold, in a list for each index.
type model [][]Posting

func (m model) add(p Posting) { m[p.Index] = append(m[p.Index], p) }

func (m model) remove(index int, gone func(Doc) bool) (n int) {
	before := len(m[index])
	m[index] = slices.DeleteFunc(m[index], func(p Posting) bool { return gone(p.Doc) })
	return before - len(m[index])
}

func (m model) count(index int, term uint64) (n int) {
	for _, p := range m[index] {
		if slices.Contains(p.Terms, term) {
			n++
		}
	}
	return n
}

// atLeast returns what FindAtLeast should, without a bound on documents or time.
func (m model) atLeast(index int, terms []uint64, least int) []Hit {
	byID := map[uint64]*Hit{}
	for _, p := range slices.Backward(m[index]) {
		var have []int
		for i, t := range terms {
			if slices.Contains(p.Terms, t) {
				have = append(have, i)
			}
		}
		if len(have) < least {
			continue
		}
		h := byID[p.Doc.ID]
		if h == nil {
			h = &Hit{Doc: p.Doc}
			byID[p.Doc.ID] = h
		}
		h.Terms = append(h.Terms, have...)
		slices.Sort(h.Terms)
		h.Terms = slices.Compact(h.Terms)
	}
	out := []Hit{}
	for _, h := range byID {
		out = append(out, *h)
	}
	slices.SortFunc(out, func(a, b Hit) int { return int(a.ID) - int(b.ID) })
	return out
}

// all returns the IDs of documents with all terms, the highest first.
func (m model) all(index int, terms []uint64, from uint64) []uint64 {
	var out []uint64
	for _, p := range m[index] {
		has := !slices.ContainsFunc(terms, func(t uint64) bool { return !slices.Contains(p.Terms, t) })
		if has && (from == 0 || p.Doc.ID <= from) {
			out = append(out, p.Doc.ID)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	slices.Reverse(out)
	return out
}

// compare asks the set and the model the same.
func (m model) compare(t *testing.T, r *Reader, rnd *rand.Rand, term func() uint64) {
	t.Helper()
	for index := range m {
		ask := []uint64{term(), term(), term()}
		slices.Sort(ask)
		ask = slices.Compact(ask)
		want := make([]int, len(ask))
		for i := range ask {
			want[i] = m.count(index, ask[i])
		}
		of, docs, err := r.Count(index, ask)
		must(t, err)
		if d := cmp.Diff(want, of); d != "" || docs != len(m[index]) {
			t.Fatalf("index %d: %d documents, want %d; counts of %x: %s", index, docs, len(m[index]), ask, d)
		}
		for least := 1; least <= 2; least++ {
			hits, err := r.FindAtLeast(index, ask, Bounds{Terms: least, Each: math.MaxInt, Since: math.MinInt64})
			must(t, err)
			if d := cmp.Diff(m.atLeast(index, ask, least), hits); d != "" {
				t.Fatalf("index %d: at least %d of %x: %s", index, least, ask, d)
			}
		}
		unknown := []uint64{term(), term()} // what was counted is known to a look-up, these may not be
		slices.Sort(unknown)
		unknown = slices.Compact(unknown)
		hits, err := r.FindAtLeast(index, unknown, Bounds{Terms: 1, Each: math.MaxInt, Since: math.MinInt64})
		must(t, err)
		if d := cmp.Diff(m.atLeast(index, unknown, 1), hits); d != "" {
			t.Fatalf("index %d: any of %x: %s", index, unknown, d)
		}
		from, several := uint64(rnd.IntN(1000)), ask[:1+rnd.IntN(len(ask))]
		var got []uint64
		for id, err := range r.Newest(index, several, from, math.MaxInt) {
			must(t, err)
			got = append(got, id)
		}
		if d := cmp.Diff(m.all(index, several, from), got); d != "" {
			t.Fatalf("index %d: all of %x from %d: %s", index, several, from, d)
		}
	}
}

// TestSetAgainstModel compares a set with a list, through seals, merges, restarts, failures, removals and expiry.
func TestSetAgainstModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 1))
			c := &campaign{t: t, r: r, db: open(t), set: small("print", "tag"), model: make(model, 2)}
			for range 120 {
				c.step()
			}
			if c.merges == 0 || c.groups == 0 || c.removed == 0 || c.pruned == 0 || c.leftOut == 0 {
				t.Errorf("%d merges, %d groups, %d removed, %d pruned, %d left out: a part was not tried",
					c.merges, c.groups, c.removed, c.pruned, c.leftOut)
			}
		})
	}
}

// campaign does random things to a set and a model.
type campaign struct {
	t     *testing.T
	r     *rand.Rand
	db    *bbolt.DB
	set   *Set
	model model
	last  [2]uint64 // ID in each index
	floor uint64    // documents with lower IDs have expired

	merges, groups, removed, pruned, leftOut int
}

func (c *campaign) term() uint64 {
	if c.r.IntN(20) == 0 {
		return c.r.Uint64()
	}
	return uint64(c.r.IntN(30)+1) * 0x0600000100000001 >> (c.r.IntN(2) * 32)
}

func (c *campaign) postings() (all []Posting) {
	for range 1 + c.r.IntN(12) {
		p := Posting{Index: c.r.IntN(2)}
		last := &c.last[p.Index]
		*last++
		if p.Doc.ID = *last; p.Index == 0 {
			if c.r.IntN(8) == 0 {
				p.Doc.ID = 1 + uint64(c.r.IntN(int(*last))) // a later revision
			}
			p.Doc.Source, p.Doc.At = fmt.Sprint("s", c.r.IntN(5)), int64(*last)-500 // each another one
		}
		for range c.r.IntN(12) {
			p.Terms = append(p.Terms, c.term())
		}
		slices.Sort(p.Terms)
		p.Terms = slices.Compact(p.Terms)
		all = append(all, p)
	}
	return all
}

var errFull = errors.New("disk full")

// step changes both in one transaction and compares them, there and after it. also, if any, is called with the reader of the transaction.
func (c *campaign) step(also ...func(*Reader)) {
	c.t.Helper()
	fails := c.r.IntN(6) == 0
	was, floor := slices.Clone(c.model), c.floor
	for i := range was {
		was[i] = slices.Clone(was[i])
	}
	err := update(c.db, c.set, func(w *Writer) error {
		w.Expired = func(_ int, d Doc) (bool, error) { return d.ID < c.floor, nil }
		for range 1 + c.r.IntN(3) {
			c.change(w)
		}
		c.model.compare(c.t, w.Reader, c.r, c.term)
		for _, do := range also {
			do(w.Reader)
		}
		if fails {
			return errFull
		}
		return nil
	})
	if fails {
		if !errors.Is(err, errFull) {
			c.t.Fatal(err)
		}
		c.model, c.floor = was, floor
	} else {
		must(c.t, err)
	}
	if c.r.IntN(10) == 0 {
		c.set = small(c.set.indexes...)
	}
	view(c.t, c.db, c.set, func(r *Reader) {
		c.model.compare(c.t, r, c.r, c.term)
		must(c.t, r.Check(func(int, uint64) (bool, error) { return true, nil }, func(f Fault) { c.t.Error(f) }))
	})
}

// change does one thing to both.
func (c *campaign) change(w *Writer) {
	c.t.Helper()
	index := c.r.IntN(2)
	switch c.r.IntN(10) {
	case 0:
		a, b := uint64(c.r.IntN(int(c.last[index])+1)), uint64(c.r.IntN(int(c.last[index])+1))
		n, err := w.Remove(index, a, b)
		must(c.t, err)
		if want := c.model.remove(index, func(d Doc) bool { return d.ID == a || d.ID == b }); n != want {
			c.t.Fatalf("removed %d documents, want %d", n, want)
		}
		c.removed += n
	case 1:
		c.floor = max(c.floor, uint64(c.r.IntN(int(c.last[index])+1)))
		n, err := w.Prune(index, func(d Doc) (bool, error) { return d.ID < c.floor, nil })
		must(c.t, err)
		c.pruned += n
		c.forget(w, index)
	default:
		all := c.postings()
		before := c.merged(w)
		must(c.t, w.Add(all...))
		for _, p := range all {
			c.model.add(p)
		}
		for at, s := range c.merged(w) {
			if before[at] != nil {
				continue
			}
			c.merges++
			if s.group.n > 0 {
				c.groups++
			}
			if alive, err := s.all(func(d Doc) (bool, error) { return d.ID >= c.floor, nil }); err != nil || !alive {
				c.t.Fatalf("a merge kept a document that had expired: %v", err)
			}
		}
		c.forget(w, 0)
		c.forget(w, 1)
	}
}

// merged returns the merged segments, by their index and their first document.
func (c *campaign) merged(w *Writer) map[[2]uint64]*segment {
	out := map[[2]uint64]*segment{}
	for i := range c.model {
		all, err := w.segments(i)
		must(c.t, err)
		for _, s := range all {
			if s.level == 1 {
				out[[2]uint64{uint64(i), s.first}] = s
			}
		}
	}
	return out
}

// forget takes out of the model the expired documents that are not in the set any more. A merge leaves out what has expired, a
// prune drops whole segments of it: nothing else may go.
func (c *campaign) forget(w *Writer, index int) {
	c.t.Helper()
	there := map[Doc]bool{}
	t, end, err := w.memtable(index)
	must(c.t, err)
	for _, d := range t.docs[:end] {
		there[d] = true
	}
	anew := *w.Reader // without what is in memory
	anew.set = New(w.set.name, w.set.indexes...)
	if docs, err := anew.memtableDocs(index); err != nil || !slices.Equal(docs, t.docs[:end]) {
		c.t.Fatalf("the rows give %d documents (%v), the tables %d", len(docs), err, end)
	}
	all, err := w.segments(index)
	must(c.t, err)
	for _, s := range all {
		for place := range s.docs {
			d, err := s.doc(place)
			must(c.t, err)
			there[d] = true
		}
	}
	kept := c.model[index][:0:0]
	for _, p := range slices.Backward(c.model[index]) {
		if there[p.Doc] {
			kept = append(kept, p)
			continue
		}
		if p.Doc.ID >= c.floor {
			c.t.Fatalf("document %d went, and had not expired", p.Doc.ID)
		}
		c.leftOut++
	}
	slices.Reverse(kept)
	c.model[index] = kept
}
