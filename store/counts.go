package store

import (
	"encoding/binary"
	"math"
	"slices"
)

// counts tells how many of the sealed fingerprints of an index have a term, at least: two rows of counters, of which a term
// has one each, and the lower is believed (Cormode, Muthukrishnan: Count-Min Sketch, 2005). It takes the same space
// whatever the store holds: a schema byte, the fingerprints (8 bytes), and the counters (4 bytes each). A hundred thousand
// terms share a counter with two others each; nearly all terms are rare, so the lower one is off by a few.
const (
	countsRow  = 1 << 15
	countsHead = 9
	countsSize = countsHead + 2*countsRow*4
)

var kCounts = []byte("counts")

// counterOf returns where the two counters of a term stand.
func counterOf(term uint32) [2]int {
	h := uint64(term) * 0x9e3779b97f4a7c15
	return [2]int{countsHead + 4*int(h>>49), countsHead + 4*(countsRow+int(h>>17)%countsRow)}
}

// counts returns how many fingerprints of the memtable have each term.
func (t *memtable) counts() map[uint32]int {
	out := make(map[uint32]int, len(t.terms))
	for m, c := range t.terms {
		out[m] = int(c.count)
	}
	return out
}

// counts returns those of a segment.
func (s *segment) counts() (map[uint32]int, error) {
	out := map[uint32]int{}
	c := s.bucket.Cursor()
	for k, value := c.Seek([]byte{'p'}); len(k) == 5 && k[0] == 'p'; k, value = c.Next() {
		err := eachPosting(binary.BigEndian.Uint32(k[1:]), value, func(term uint32, _ uint16) bool {
			out[term]++
			return true
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// count adds what was sealed to the counters of an index; what goes is negative.
func (v View) count(x *index, by map[uint32]int, fingerprints int) error {
	b := v.tx.Bucket(x.bucket)
	table, err := countsOf(b.Get(kCounts))
	if err != nil {
		return err
	}
	table = slices.Clone(table)
	if table == nil {
		table = make([]byte, countsSize)
		table[0] = formPlain
	}
	binary.BigEndian.PutUint64(table[1:], binary.BigEndian.Uint64(table[1:])+uint64(fingerprints))
	for term, n := range by {
		for _, at := range counterOf(term) {
			binary.BigEndian.PutUint32(table[at:], binary.BigEndian.Uint32(table[at:])+uint32(n))
		}
	}
	return b.Put(kCounts, table)
}

func countsOf(table []byte) ([]byte, error) {
	if table != nil && (len(table) != countsSize || table[0] != formPlain) {
		return nil, errValue
	}
	return table, nil
}

// Frequency returns for each of the stems how many fingerprints have it, a few too many at times and never too few, and how
// many fingerprints there are.
func (v View) Frequency(terms []uint32) (of []int, fingerprints int, err error) {
	t, err := v.memtable(stems)
	if err != nil {
		return nil, 0, err
	}
	var table []byte
	if b := v.tx.Bucket(stems.bucket); b != nil {
		if table, err = countsOf(b.Get(kCounts)); err != nil {
			return nil, 0, err
		}
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	of, fingerprints = make([]int, len(terms)), len(t.all)
	for i, m := range terms {
		of[i] = int(t.terms[m].count)
		if table != nil {
			least := uint32(math.MaxUint32)
			for _, at := range counterOf(m) {
				least = min(least, binary.BigEndian.Uint32(table[at:]))
			}
			of[i] += int(least)
		}
	}
	if table != nil {
		fingerprints += int(binary.BigEndian.Uint64(table[1:]))
	}
	return of, fingerprints, nil
}
