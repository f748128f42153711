package postings

import (
	"slices"
)

// Hit is a document that has some of the terms that were asked for.
type Hit struct {
	Doc
	Terms []int // places of the terms in what was asked, ascending
}

// FindAny returns the documents with one of the terms, by ID; of each term the newest limit.
func (r *Reader) FindAny(index int, terms []uint64, limit int) ([]Hit, error) {
	return r.FindAtLeast(index, terms, Bounds{Terms: 1, Each: limit})
}

// Bounds say which documents [Reader.FindAtLeast] returns.
type Bounds struct {
	Terms int   // that a document has, at least
	Each  int   // of each term so many documents are looked at, the newest
	Since int64 // segments whose documents are all from before this minute are passed over
}

// FindAtLeast returns the documents with several of the terms, by ID. A term that is asked for again counts once. Documents with the same
// ID are one hit, which has the terms of all that qualify, and the source and minute of the newest.
func (r *Reader) FindAtLeast(index int, terms []uint64, b Bounds) ([]Hit, error) {
	f := finder{terms: terms, bounds: b, left: make([]int, len(terms))}
	ascending := slices.IsSorted(terms)
	for i, term := range terms {
		again := i > 0 && (term == terms[i-1] || !ascending && slices.Contains(terms[:i], term))
		if !again {
			f.left[i] = b.Each
		}
	}
	t, end, err := r.memtable(index)
	if err != nil {
		return nil, err
	}
	f.inMemtable(t, end)
	all, err := r.segments(index)
	if err != nil {
		return nil, err
	}
	var in []uint64
	if len(all) > 0 {
		sealed, err := r.sealed()
		if err != nil {
			return nil, err
		}
		in = sealed.counts[index].segments(terms)
	}
	for n, s := range all {
		if s.newest < b.Since {
			continue
		}
		if err := f.inSegment(s, n, in); err != nil {
			return nil, err
		}
	}
	return f.hits(), nil
}

// finder collects the documents that have some of the terms.
type finder struct {
	terms  []uint64
	bounds Bounds
	left   []int // by term: how many more documents are looked at

	pairs  []uint32 // of the memtable or a segment: places and the places of terms, packed
	places []uint16 // scratch
	ask    []uint64 // likewise: terms to look for in a segment
	may    []uint64 // likewise: those that it may have
	docs   []Doc    // found
	of     []int32  // of each the place of its terms in have, and of the end of the last
	have   []int
}

func (f *finder) add(term int, places []uint16) {
	f.left[term] -= len(places)
	for _, p := range places {
		f.pairs = append(f.pairs, uint32(p)<<16|uint32(term))
	}
}

func (f *finder) inMemtable(t *memtable, end int) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for i, term := range f.terms {
		f.places = t.find(term, end, f.left[i], f.places[:0])
		f.add(i, f.places)
	}
	f.eachDoc(func(place uint16) error {
		f.docs = append(f.docs, t.docs[place])
		return nil
	})
}

// inSegment looks into the n-th segment. in says of each term which of the first 64 segments have it.
func (f *finder) inSegment(s *segment, n int, in []uint64) (err error) {
	f.ask = f.ask[:0]
	for i, term := range f.terms {
		if f.left[i] > 0 && (n >= 64 || in[i]>>n&1 == 1) {
			f.ask = append(f.ask, term)
		}
	}
	if f.may, err = s.may(f.ask, f.may[:0]); err != nil {
		return err
	}
	at := 0
	for _, term := range f.may {
		for f.terms[at] != term {
			at++
		}
		if f.places, err = s.find(term, f.places[:0]); err != nil {
			return err
		}
		f.add(at, f.places[max(0, len(f.places)-f.left[at]):])
	}
	return f.eachDoc(func(place uint16) error {
		d, err := s.doc(int(place))
		f.docs = append(f.docs, d)
		return err
	})
}

// eachDoc calls add with every place among the pairs that has enough terms, the newest first, and keeps these. add appends to docs.
func (f *finder) eachDoc(add func(place uint16) error) error {
	slices.Sort(f.pairs)
	for all := f.pairs; len(all) > 0; {
		begin := len(all) - 1
		place := all[begin] >> 16
		for begin > 0 && all[begin-1]>>16 == place {
			begin--
		}
		if len(all)-begin >= f.bounds.Terms {
			f.of = append(f.of, int32(len(f.have)))
			for _, p := range all[begin:] {
				f.have = append(f.have, int(p&0xffff))
			}
			if err := add(uint16(place)); err != nil {
				return err
			}
		}
		all = all[:begin]
	}
	f.pairs = f.pairs[:0]
	return nil
}

// idBits is enough for an ID among hits; the rest of 64 bits is enough to count these.
const idBits = 40

// hits returns what was found, by ID.
func (f *finder) hits() []Hit {
	f.of = append(f.of, int32(len(f.have)))
	order := make([]uint64, len(f.docs))
	for i, d := range f.docs {
		order[i] = d.ID<<(64-idBits) | uint64(i)
	}
	slices.Sort(order)
	out := make([]Hit, 0, len(order))
	for _, o := range order {
		i := int(o & (1<<(64-idBits) - 1))
		terms := f.have[f.of[i]:f.of[i+1]:f.of[i+1]]
		if last := len(out) - 1; last >= 0 && out[last].ID == f.docs[i].ID {
			h := &out[last]
			h.Terms = append(slices.Clone(h.Terms), terms...)
			slices.Sort(h.Terms)
			h.Terms = slices.Compact(h.Terms)
			continue
		}
		out = append(out, Hit{f.docs[i], terms})
	}
	return out
}
