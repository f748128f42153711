package postings

import "sync"

// Count returns for each of the terms how many documents of an index have it, and how many documents there are. Documents that
// have expired ([Writer.Expired]) count until a merge leaves them out. The caller must not change what is returned.
func (r *Reader) Count(index int, terms []uint64) (of []int, docs int, err error) {
	t, end, err := r.memtable(index)
	if err != nil {
		return nil, 0, err
	}
	key := r.lookupKey(index, Bounds{}, terms)
	before := r.before(key, index)
	of = make([]int, len(terms))
	t.mu.RLock()
	r.scratch.read = t.lists.touch(terms)
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
	r.remember(key, lookup{at: r.position(index), of: of, docs: docs})
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
	found, known := sealed.counts[index].known(terms)
	if err := r.countSealed(index, terms, found, known, sealed); err != nil {
		return 0, err
	}
	for i, n := range found {
		of[i] += int(n.docs)
	}
	return docs, nil
}

// countSealed counts the documents in segments for each term that is not known, and remembers the count.
func (r *Reader) countSealed(index int, terms []uint64, of []counted, known []bool, sealed *sealed) (err error) {
	var asker asker
	var may []uint64
	found := map[uint64]counted{}
	for i, term := range terms {
		if _, asked := found[term]; !known[i] && !asked {
			asker.add(term, i)
			found[term] = counted{}
		}
	}
	asker.touch(r.open[index])
	for i, s := range r.open[index] {
		places, err := asker.in(s)
		if err != nil {
			return err
		}
		may = may[:0]
		for _, place := range places {
			may = append(may, terms[place])
		}
		s.touch(may)
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
	for i, term := range terms {
		if !known[i] {
			of[i] = found[term]
			sealed.counts[index].put(term, of[i])
		}
	}
	return nil
}

// counts remembers of one index how many documents in segments have a term: the words of a text are asked for again with the next one.
// It is of one set of segments; what is known is carried over to the next one.
type counts struct {
	limit int // terms in either map
	mu    sync.RWMutex
	terms map[uint64]counted
	older map[uint64]counted // what was known when terms was full; what is asked for again is moved to terms
}

// maxCounted is of how many segments it is known whether they have a term.
const maxCounted = 64

// counted is what is known of one term.
type counted struct {
	in   uint64 // which of the newest maxCounted segments have it
	docs uint32
}

// maxCounts is how many terms of one index are remembered at most, twice: see [counts].
const maxCounts = 1 << 16

// known returns what is known of each term, and whether anything is.
func (c *counts) known(terms []uint64) ([]counted, []bool) {
	out, known := make([]counted, len(terms)), make([]bool, len(terms))
	var aged []int
	c.mu.RLock()
	for i, t := range terms {
		if out[i], known[i] = c.terms[t]; known[i] {
			continue
		}
		if out[i], known[i] = c.older[t]; known[i] {
			aged = append(aged, i)
		}
	}
	c.mu.RUnlock()
	for _, i := range aged {
		c.put(terms[i], out[i])
	}
	return out, known
}

func (c *counts) put(term uint64, n counted) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.terms == nil || len(c.terms) >= c.limit {
		c.terms, c.older = map[uint64]counted{}, c.terms
	}
	c.terms[term] = n
}

// after returns what is known when the segments have become others: change returns that of each term.
func (c *counts) after(change func(term uint64, n counted) counted) *counts {
	c.mu.RLock()
	defer c.mu.RUnlock()
	changed := func(all map[uint64]counted) map[uint64]counted {
		out := make(map[uint64]counted, len(all))
		for term, n := range all {
			out[term] = change(term, n)
		}
		return out
	}
	return &counts{limit: c.limit, terms: changed(c.terms), older: changed(c.older)}
}

// sealed returns what is known when the first end documents of a memtable have become the newest segment.
func (c *counts) sealed(t *memtable, end int) *counts {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return c.after(func(term uint64, n counted) counted {
		n.in <<= 1
		if more := t.count(term, 0, end); more > 0 {
			n.in |= 1
			n.docs += uint32(more)
		}
		return n
	})
}

// merged returns what is known when so many segments, from a place on, counted from the newest, have become one that has all of their
// documents.
func (c *counts) merged(at, segments int) *counts {
	return c.after(func(_ uint64, n counted) counted {
		newer, these, older := n.in&(1<<at-1), n.in>>at&(1<<segments-1), n.in>>(at+segments)
		if n.in = newer | older<<(at+1); these != 0 {
			n.in |= 1 << at
		}
		return n
	})
}
