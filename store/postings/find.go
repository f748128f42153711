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
	Terms int   // how many of the terms a document has, at least; 0: one
	Each  int   // of each term so many documents are looked at, the newest; 0: none
	Since int64 // minutes since 1970: segments whose documents are all older are not read; 0: all are read
}

// FindAtLeast returns the documents with several of the terms, by ID. A term that is asked for again counts once. Documents with the same
// ID are one hit, which has the terms of all that qualify, and the source and minute of the newest.
func (r *Reader) FindAtLeast(index int, terms []uint64, b Bounds) ([]Hit, error) {
	t, end, err := r.memtable(index)
	if err != nil {
		return nil, err
	}
	key := r.lookupKey(index, b, terms)
	f, before := newFinder(terms, b), r.before(key, index)
	f.scratch = r.scratch.empty()
	f.inMemtable(t, before.end(), end)
	if before != nil {
		f.repeat(before.hits)
	} else if err := f.inSegments(r, index); err != nil {
		return nil, err
	}
	f.of = append(f.of, int32(len(f.have)))
	r.scratch, f.scratch, f.terms, f.left = f.scratch, scratch{}, nil, nil
	r.remember(key, lookup{at: r.position(index), hits: f})
	return f.hits(), nil
}

// finder collects the documents that have some of the terms.
type finder struct {
	terms  []uint64
	bounds Bounds
	left   []int // by term: how many more documents are looked at

	docs  []Doc    // found, the newest first
	of    []int32  // of each the place of its terms in have; and the end of the last
	have  []int    // places of terms
	newer []uint32 // of each in have how many newer documents with the term were looked at

	scratch
}

// scratch is memory that one look-up after the other uses.
type scratch struct {
	pairs  []pair // of the memtable or a segment
	places []uint16
	asker  asker
	look   []int    // places of the terms that a segment has or may have
	ask    []uint64 // these terms
	read   uint32   // by touch
	*placeBits
}

// empty returns the memory, for the next look-up.
func (s scratch) empty() scratch {
	if s.placeBits == nil {
		s.placeBits = &placeBits{}
	}
	s.pairs, s.asker = s.pairs[:0], s.asker.empty()
	return s
}

// placeBits has a bit for each place of a document in a segment. All are zero between two uses.
type placeBits struct{ once, twice [(maxPlace + 1) / 64]uint64 }

// pair is a document that has a term: the place of the document, that of the term, and how many newer documents with it were looked at,
// packed.
type pair uint64

func newFinder(terms []uint64, b Bounds) *finder {
	f := &finder{terms: terms, bounds: b, left: make([]int, len(terms))}
	ascending := slices.IsSorted(terms)
	for i, term := range terms {
		again := i > 0 && (term == terms[i-1] || !ascending && slices.Contains(terms[:i], term))
		if !again {
			f.left[i] = b.Each
		}
	}
	return f
}

// looked returns how many documents with a term were looked at.
func (f *finder) looked(term int) int { return f.bounds.Each - f.left[term] }

func (f *finder) add(term int, places []uint16) {
	newer := f.looked(term) + len(places)
	f.left[term] -= len(places)
	for _, p := range places {
		newer--
		f.pairs = append(f.pairs, pair(p)<<48|pair(term)<<32|pair(newer))
	}
}

// inMemtable looks into the memtable, from the document at a place to that before another.
func (f *finder) inMemtable(t *memtable, from, end int) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	f.read = t.lists.touch(f.terms)
	for i, term := range f.terms {
		f.places = t.find(term, from, end, f.left[i], f.places[:0])
		f.add(i, f.places)
	}
	f.eachDoc(func(place uint16) error {
		f.docs = append(f.docs, t.docs[place])
		return nil
	})
}

func (f *finder) inSegments(r *Reader, index int) error {
	all, err := r.segments(index)
	if err != nil || len(all) == 0 {
		return err
	}
	sealed, err := r.sealed()
	if err != nil {
		return err
	}
	in, known := sealed.counts[index].known(f.terms)
	for i, term := range f.terms {
		if f.left[i] > 0 && (len(all) > maxCounted || !known[i]) {
			f.asker.add(term, i)
		}
	}
	f.asker.touch(all)
	for n, s := range all {
		may, err := f.asker.in(s)
		if err != nil {
			return err
		}
		if s.newest < f.bounds.Since {
			continue
		}
		f.look = f.look[:0]
		for i := range f.terms {
			if n < maxCounted && known[i] && in[i].in>>n&1 == 1 && f.left[i] > 0 {
				f.look = append(f.look, i)
			}
		}
		for _, i := range may {
			if (n >= maxCounted || !known[i]) && f.left[i] > 0 {
				f.look = append(f.look, i)
			}
		}
		if err := f.inSegment(s); err != nil {
			return err
		}
	}
	return nil
}

// inSegment looks into a segment for the terms that it has or may have.
func (f *finder) inSegment(s *segment) (err error) {
	f.ask = f.ask[:0]
	for _, i := range f.look {
		f.ask = append(f.ask, f.terms[i])
	}
	s.touch(f.ask)
	for _, i := range f.look {
		if f.places, err = s.find(f.terms[i], f.places[:0]); err != nil {
			return err
		}
		f.add(i, f.places[max(0, len(f.places)-f.left[i]):])
	}
	return f.eachDoc(func(place uint16) error {
		d, err := s.doc(int(place))
		f.docs = append(f.docs, d)
		return err
	})
}

// eachDoc calls add with every place among the pairs that has enough terms, the newest first, and keeps these. add appends to docs.
func (f *finder) eachDoc(add func(place uint16) error) error {
	if f.bounds.Terms > 1 {
		f.dropSingle()
	}
	slices.Sort(f.pairs)
	for all := f.pairs; len(all) > 0; {
		begin := len(all) - 1
		place := all[begin] >> 48
		for begin > 0 && all[begin-1]>>48 == place {
			begin--
		}
		if len(all)-begin >= f.bounds.Terms {
			f.of = append(f.of, int32(len(f.have)))
			for _, p := range all[begin:] {
				f.have, f.newer = append(f.have, int(p>>32&maxPlace)), append(f.newer, uint32(p))
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

// dropSingle drops the pairs whose place no other pair has, most of them, since sorting takes longer than this.
func (f *finder) dropSingle() {
	const word = 64
	for _, p := range f.pairs {
		at, bit := p>>48/word, uint64(1)<<(p>>48%word)
		f.twice[at] |= f.once[at] & bit
		f.once[at] |= bit
	}
	kept := f.pairs[:0]
	for _, p := range f.pairs {
		at := p >> 48 / word
		if f.once[at] = 0; f.twice[at]>>(p>>48%word)&1 == 1 {
			kept = append(kept, p)
		}
	}
	for _, p := range kept {
		f.twice[p>>48/word] = 0
	}
	f.pairs = kept
}

// repeat adds what the same look-up found before the documents that were looked at so far were added: of each term the newest, as many
// as the bounds have left.
func (f *finder) repeat(before *finder) {
	for i, d := range before.docs {
		have, newer := len(f.have), before.newer
		for at := before.of[i]; at < before.of[i+1]; at++ {
			term := before.have[at]
			if n := f.looked(term) + int(newer[at]); n < f.bounds.Each {
				f.have, f.newer = append(f.have, term), append(f.newer, uint32(n))
			}
		}
		if len(f.have)-have < f.bounds.Terms {
			f.have, f.newer = f.have[:have], f.newer[:have]
			continue
		}
		f.docs, f.of = append(f.docs, d), append(f.of, int32(have))
	}
}

// idBits is enough for an ID among hits; the rest of 64 bits is enough to count these.
const idBits = 40

// hits returns what was found, by ID.
func (f *finder) hits() []Hit {
	if len(f.docs) == 0 {
		return []Hit{}
	}
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
