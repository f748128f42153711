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

// filterPlace returns the line of a term in a filter of so many lines, and its bits there.
func filterPlace(term uint64, lines int) (line int, at [4]uint16) {
	h := term * 0x9e3779b97f4a7c15
	n, _ := bits.Mul64(h, uint64(lines))
	h *= 0xd6e8feb86659fd93
	for i := range at {
		at[i] = uint16((h >> (20 + 9*i) & 511) * lineBits >> 9)
	}
	return int(n), at
}

// packFilter returns a filter of the terms.
func packFilter(terms []uint64) []byte {
	n := filterLines(len(terms))
	data := make([]byte, n*filterData)
	for _, t := range terms {
		line, at := filterPlace(t, n)
		for _, bit := range at {
			data[line*filterData+int(bit>>3)] |= 1 << (bit & 7)
		}
	}
	return data
}

// filter is one that is read.
type filter struct {
	lines
	read byte // from the lines, by touch, so that the compiler cannot leave that out
}

// may reports whether the term may be among those of the filter; ok is false where the line is damaged.
func (f *filter) may(term uint64) (may, ok bool) {
	n, at := filterPlace(term, f.n)
	line, ok := f.line(n)
	if !ok {
		return false, false
	}
	bit := func(i int) byte { return line[at[i]>>3] >> (at[i] & 7) }
	return bit(0)&bit(1)&bit(2)&bit(3)&1 == 1, true
}

// touch reads from the lines of all terms, so that the processor waits for them at the same time and not one after the other: most
// are in memory alone.
func (f *filter) touch(terms []uint64) {
	for _, t := range terms {
		n, _ := filterPlace(t, f.n)
		if line := f.at(n); line != nil {
			f.read |= line[0]
		}
	}
}
