package postings

import (
	"iter"
	"math/bits"
	"math/rand/v2"
)

// termTable maps terms to lists: a hash table with open addressing and linear probing, at most three quarters full. Nothing is deleted.
// Its entries lie in one slice without pointers, so that a look-up reads one place in memory and the garbage collector none.
type termTable struct {
	entries []termEntry // as many as a power of two; none: nothing was added
	used    int
	seed    uint64 // odd; random, so that nobody can choose terms that share a place
}

type termEntry struct {
	term uint64
	list list // of none: the entry is free
}

// get returns the list of a term, an empty one where it has none.
func (t *termTable) get(term uint64) list {
	if len(t.entries) == 0 {
		return list{}
	}
	return t.entry(term).list
}

// at returns the list of a term, to be changed: it must not stay empty. The next call of at ends its use.
func (t *termTable) at(term uint64) *list {
	if t.used >= len(t.entries)/4*3 {
		t.grow()
	}
	e := t.entry(term)
	if e.list.n == 0 {
		e.term = term
		t.used++
	}
	return &e.list
}

// touch reads the entries of all terms, as [filter.touch] does those of filters. What it returns says nothing: a caller keeps it, so that
// the compiler cannot leave the reading out.
func (t *termTable) touch(terms []uint64) (read uint32) {
	if len(t.entries) == 0 {
		return 0
	}
	last := uint64(len(t.entries) - 1)
	for _, term := range terms {
		read |= t.entries[t.hash(term)&last].list.n
	}
	return read
}

func (t *termTable) hash(term uint64) uint64 {
	high, low := bits.Mul64(term^t.seed>>1, t.seed)
	return high ^ low
}

// entry returns that of a term, or the free one where it belongs.
func (t *termTable) entry(term uint64) *termEntry {
	last := uint64(len(t.entries) - 1)
	for i := t.hash(term) & last; ; i = (i + 1) & last {
		if e := &t.entries[i]; e.term == term || e.list.n == 0 {
			return e
		}
	}
}

func (t *termTable) grow() {
	old := t.entries
	t.entries = make([]termEntry, max(64, 2*len(old)))
	if t.seed == 0 {
		t.seed = rand.Uint64() | 1
	}
	for _, e := range old {
		if e.list.n > 0 {
			*t.entry(e.term) = e
		}
	}
}

// all yields every term and its list, in no order.
func (t *termTable) all() iter.Seq2[uint64, list] {
	return func(yield func(uint64, list) bool) {
		for _, e := range t.entries {
			if e.list.n > 0 && !yield(e.term, e.list) {
				return
			}
		}
	}
}
