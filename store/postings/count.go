package postings

import (
	"slices"
	"sync"
)

// Count returns for each of the terms how many documents of an index have it, and how many documents there are. Documents that
// have expired count until they are left out.
func (r *Reader) Count(index int, terms []uint64) (of []int, docs int, err error) {
	t, end, err := r.memtable(index)
	if err != nil {
		return nil, 0, err
	}
	key := r.lookupKey(index, Bounds{}, terms)
	before := r.lookups.before(key, r.position(index))
	of = make([]int, len(terms))
	t.mu.RLock()
	for i, term := range terms {
		of[i] = t.count(term, before.end(), end)
	}
	t.mu.RUnlock()
	if before != nil {
		for i, n := range before.of {
			of[i] += n
		}
		docs = before.docs + end - before.end()
	} else if docs, err = r.countInSegments(index, terms, of); err != nil {
		return nil, 0, err
	}
	r.remember(key, lookup{at: r.position(index), of: slices.Clone(of), docs: docs})
	return of, docs, nil
}

// countInSegments adds to of in how many documents in segments each of the terms is, and returns how many documents the index holds.
func (r *Reader) countInSegments(index int, terms []uint64, of []int) (docs int, err error) {
	if docs, err = r.Docs(index); err != nil || len(r.open[index]) == 0 {
		return docs, err
	}
	sealed, err := r.sealed()
	if err != nil {
		return 0, err
	}
	known := sealed.counts[index].of(terms)
	if err := r.countSealed(index, terms, known, sealed); err != nil {
		return 0, err
	}
	for i, n := range known {
		of[i] += n
	}
	return docs, nil
}

// countSealed puts in the place of each -1 in of how many documents in segments have the term, and remembers it.
func (r *Reader) countSealed(index int, terms []uint64, of []int, sealed *sealed) (err error) {
	var ask, may []uint64
	found := map[uint64]counted{}
	for i, n := range of {
		if _, asked := found[terms[i]]; n < 0 && !asked {
			ask, found[terms[i]] = append(ask, terms[i]), counted{}
		}
	}
	for i, s := range r.open[index] {
		if may, err = s.may(ask, may[:0]); err != nil {
			return err
		}
		for _, term := range may {
			n, err := s.count(term)
			if err != nil {
				return err
			}
			if c := found[term]; n > 0 {
				found[term] = counted{c.in | 1<<i, c.docs + uint32(n)} // of the 65th segment and later ones in says nothing
			}
		}
	}
	for i, n := range of {
		if n < 0 {
			c := found[terms[i]]
			sealed.counts[index].put(terms[i], c)
			of[i] = int(c.docs)
		}
	}
	return nil
}

// counts remembers of one index how many documents in segments have a term. The segments do not change: the words of a text are
// asked for again with the next one.
type counts struct {
	mu    sync.RWMutex
	terms map[uint64]counted
}

// counted is what is known of one term.
type counted struct {
	in   uint64 // which of the newest 64 segments have it
	docs uint32
}

// maxCounts bounds how many are remembered.
const maxCounts = 1 << 16

// of returns the number of each term; -1 where it is not known.
func (c *counts) of(terms []uint64) []int {
	out := make([]int, len(terms))
	c.mu.RLock()
	defer c.mu.RUnlock()
	for i, t := range terms {
		out[i] = -1
		if n, known := c.terms[t]; known {
			out[i] = int(n.docs)
		}
	}
	return out
}

// segments returns for each term which of the newest 64 segments may have it: all of them where that is not known.
func (c *counts) segments(terms []uint64) []uint64 {
	out := make([]uint64, len(terms))
	c.mu.RLock()
	defer c.mu.RUnlock()
	for i, t := range terms {
		out[i] = 1<<64 - 1
		if n, known := c.terms[t]; known {
			out[i] = n.in
		}
	}
	return out
}

func (c *counts) put(term uint64, n counted) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.terms) >= maxCounts || c.terms == nil {
		c.terms = map[uint64]counted{}
	}
	c.terms[term] = n
}
