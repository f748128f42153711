package postings

import "math/bits"

// A filter says which terms a segment does not have (Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom Filters,
// 2007). A term sets four bits of one line, which is one of the processor's cache. No false negatives; about one answer of sixty
// is a false positive.
const (
	filterBits = 10                    // for each term
	filterLine = 64                    // bytes of a line
	filterData = filterLine - SumBytes // without its sum
	lineBits   = filterData * 8        //
)

func filterLines(terms int) int { return max(1, (terms*filterBits+lineBits-1)/lineBits) }

// hashed is where a term is in a filter of any size: a hash that says which line, and its bits there.
type hashed struct {
	hash uint64
	bits [4]uint16
}

func hashOf(term uint64) (h hashed) {
	h.hash = term * 0x9e3779b97f4a7c15
	rest := h.hash * 0xd6e8feb86659fd93
	for i := range h.bits {
		h.bits[i] = uint16((rest >> (20 + 9*i) & 511) * lineBits >> 9)
	}
	return h
}

// line returns that of the term in a filter of so many lines.
func (h *hashed) line(lines int) int {
	n, _ := bits.Mul64(h.hash, uint64(lines))
	return int(n)
}

// newFilter returns an empty filter for so many terms.
func newFilter(terms int) []byte { return make([]byte, filterLines(terms)*filterData) }

// addTo adds the term to a filter.
func (h *hashed) addTo(filter []byte) {
	line := h.line(len(filter) / filterData)
	for _, bit := range h.bits {
		filter[line*filterData+int(bit>>3)] |= 1 << (bit & 7)
	}
}

// packFilter returns a filter of the terms.
func packFilter(terms []uint64) []byte {
	data := newFilter(len(terms))
	for _, t := range terms {
		h := hashOf(t)
		h.addTo(data)
	}
	return data
}

// filter is one that is read.
type filter struct {
	lines
	read byte // from the lines, by touch, so that the compiler cannot leave that out
}

// may reports whether the term may be among those of the filter; ok is false where the line is damaged.
func (f *filter) may(h *hashed) (may, ok bool) {
	line, ok := f.line(h.line(f.n))
	if !ok {
		return false, false
	}
	bit := func(i int) byte { return line[h.bits[i]>>3] >> (h.bits[i] & 7) }
	return bit(0)&bit(1)&bit(2)&bit(3)&1 == 1, true
}

// touch reads from the lines of all terms, so that the processor waits for them at the same time and not one after the other: most
// are in memory alone. The loop is short, since the processor looks ahead by some hundreds of instructions.
func (f *filter) touch(hashes []hashed) {
	const perValue = valueBytes / filterLine
	read := byte(0)
	for i := range hashes {
		n := hashes[i].line(f.n)
		at := n % perValue * filterLine
		if value := n / perValue; value < len(f.values) && at+filterLine <= len(f.values[value]) {
			read |= f.values[value][at] | f.values[value][at+filterLine-1] // of two lines of its cache as a rule
		} else {
			f.at(n)
		}
	}
	f.read |= read
}
