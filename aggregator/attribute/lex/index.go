package lex

import "hash/maphash"

// Index numbers strings from 0, in the order in which they are added. It is quick to fill and has no pointers but those of the
// strings. It may be searched by any number of goroutines when none adds. The zero index is empty.
type Index struct {
	Keys  []string
	cells []cell // a power of two, at most three quarters in use
}

// cell is where the number of a string is.
type cell struct {
	hash   uint32
	number int32 // and one; 0: free
}

var indexSeed = maphash.MakeSeed()

// NewIndex returns an empty index for about n strings.
func NewIndex(n int) Index {
	size := 8
	for size*3/4 < n {
		size *= 2
	}
	return Index{Keys: make([]string, 0, n), cells: make([]cell, size)}
}

// Add returns the number of w and whether it was added now.
func (x *Index) Add(w string) (number int, added bool) {
	h := uint32(maphash.String(indexSeed, w))
	if len(x.Keys) >= len(x.cells)*3/4 {
		x.grow()
	}
	at := int(h) & (len(x.cells) - 1)
	for ; x.cells[at].number > 0; at = (at + 1) & (len(x.cells) - 1) {
		if k := x.cells[at].number - 1; x.cells[at].hash == h && x.Keys[k] == w {
			return int(k), false
		}
	}
	x.Keys = append(x.Keys, w)
	x.cells[at] = cell{h, int32(len(x.Keys))}
	return len(x.Keys) - 1, true
}

// grow doubles the cells.
func (x *Index) grow() {
	old := x.cells
	x.cells = make([]cell, max(8, 2*len(old)))
	for _, s := range old {
		if s.number > 0 {
			at := int(s.hash) & (len(x.cells) - 1)
			for x.cells[at].number > 0 {
				at = (at + 1) & (len(x.cells) - 1)
			}
			x.cells[at] = s
		}
	}
}

// Find returns the number of w; -1: it was not added.
func (x *Index) Find(w []byte) int {
	if len(x.cells) == 0 {
		return -1
	}
	h := uint32(maphash.Bytes(indexSeed, w))
	for at := int(h) & (len(x.cells) - 1); x.cells[at].number > 0; at = (at + 1) & (len(x.cells) - 1) {
		if k := x.cells[at].number - 1; x.cells[at].hash == h && x.Keys[k] == string(w) {
			return int(k)
		}
	}
	return -1
}
