package store

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// sieve tells which segments may have a term, with one look for all of them: Bloom filters side by side, a column for
// each segment, of which a row holds the same bit of every one (Bradley et al., Ultra-fast Search of All Deposited
// Bacterial and Viral Genomic Data, 2019). It is derived from the segments, kept in the memory of the writer, and pays
// where there are many: the terms of a new text would be asked for in vain of each. It never says no wrongly.
type sieve struct {
	rows    []byte   // each of stride bytes, in groups of sieveGroup
	groups  int      // of rows
	stride  int      // columns / 8
	columns []uint64 // the number of the segment whose column it is; 0: none
}

const (
	sieveGroup = 64 // rows in which the bits of one term stand: they share a page of memory
	sieveRows  = 8  // rows for each term of the largest segment: with four bits one of forty passes wrongly, to its own filter
	sieveMost  = 64 // columns; what comes beyond is always looked up
)

// column returns the column of a segment as a bit; 0: it has none.
func (s *sieve) column(segment uint64) uint64 {
	if s == nil {
		return 0
	}
	at := slices.Index(s.columns, segment)
	if at < 0 {
		return 0
	}
	return 1 << at
}

// pass returns for each term the columns that may have it.
func (s *sieve) pass(terms []uint32) []uint64 {
	if s == nil {
		return nil
	}
	passed := make([]uint64, len(terms))
	for i, m := range terms {
		at := s.bits(m)
		row := func(i int) uint64 { return binary.LittleEndian.Uint64(s.rows[at[i]:]) }
		passed[i] = row(0) & row(1) & row(2) & row(3) & (1<<(8*s.stride) - 1)
	}
	return passed
}

// bits returns where the four rows of a term begin.
func (s *sieve) bits(term uint32) (at [4]int) {
	h := uint64(term) * 0x9e3779b97f4a7c15
	group, _ := bits.Mul64(h, uint64(s.groups))
	h *= 0xd6e8feb86659fd93
	for i := range at {
		at[i] = (int(group)*sieveGroup + int(h>>(20+6*i))%sieveGroup) * s.stride
	}
	return at
}

// newSieve returns one for the segments.
func newSieve(segments []*segment) (*sieve, error) {
	s := &sieve{}
	for _, g := range segments {
		s.groups = max(s.groups, g.terms()*sieveRows/sieveGroup+1)
	}
	s.widen(len(segments))
	for _, g := range segments {
		if err := s.add(g); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// widen makes room for n columns.
func (s *sieve) widen(n int) {
	stride := (min(n, sieveMost) + 7) / 8
	if stride <= s.stride {
		return
	}
	rows := make([]byte, s.groups*sieveGroup*stride+8)
	for i := range s.groups * sieveGroup {
		copy(rows[i*stride:], s.rows[i*s.stride:][:s.stride])
	}
	s.rows, s.stride = rows, stride
	s.columns = append(s.columns, make([]uint64, 8*stride-len(s.columns))...)
}

// add gives the segment a column, where there is one left.
func (s *sieve) add(g *segment) error {
	at := slices.Index(s.columns, 0)
	if at < 0 {
		return nil
	}
	s.columns[at] = g.number()
	c := g.bucket.Cursor()
	for k, block := c.Seek([]byte{'p'}); len(k) == 5 && k[0] == 'p'; k, block = c.Next() {
		err := eachPosting(binary.BigEndian.Uint32(k[1:]), block, func(term uint32, _ uint16) bool {
			for _, row := range s.bits(term) {
				s.rows[row+at/8] |= 1 << (at % 8)
			}
			return true
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// drop empties the column.
func (s *sieve) drop(column int) {
	s.columns[column] = 0
	for row := column / 8; row < len(s.rows)-8; row += s.stride {
		s.rows[row] &^= 1 << (column % 8)
	}
}

// follow makes the sieve one of these segments. It reports false where they have outgrown it.
func (s *sieve) follow(segments []*segment) (bool, error) {
	for column, n := range s.columns {
		if n != 0 && !slices.ContainsFunc(segments, func(g *segment) bool { return g.number() == n }) {
			s.drop(column)
		}
	}
	for _, g := range segments {
		if slices.Contains(s.columns, g.number()) {
			continue
		}
		if g.terms()*sieveRows > 2*s.groups*sieveGroup {
			return false, nil
		}
		s.widen(len(segments))
		if err := s.add(g); err != nil {
			return false, err
		}
	}
	return true, nil
}

// sieve returns the one of the fingerprints' segments, of which so many terms will be asked; nil where there is none. The
// writer makes it when going without it has cost about as much as making it: a short pass never does.
func (v View) sieve(asked int) (*sieve, error) {
	if !v.tx.Writable() {
		return nil, nil
	}
	var segments []*segment
	all := 0
	for g, err := range v.segments(fingerprints) {
		if err != nil {
			return nil, err
		}
		segments = append(segments, g)
		all += g.terms()
	}
	if len(segments) < 2 {
		return nil, nil
	}
	if s := v.s.sieve; s != nil {
		if fits, err := s.follow(segments); fits || err != nil {
			return s, err
		}
		v.s.sieve = nil
	}
	if v.s.unsieved += asked * len(segments); v.s.unsieved < all/4 {
		return nil, nil
	}
	s, err := newSieve(segments)
	v.s.sieve, v.s.unsieved = s, 0
	return s, err
}
