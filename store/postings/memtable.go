package postings

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"sync"
)

// memtable is the documents of one index that are not sealed, in memory. It is made of the rows of the memtable's bucket; a reader sees
// of it what its snapshot has, which are the first documents.
type memtable struct {
	mu     sync.RWMutex
	number uint64 // of the memtable, which changes whenever rows do anything but grow in number
	rows   uint64 // that it was made of
	docs   []Doc
	lists  termTable
	places []uint16 // of all lists of two and more
	read   uint32   // by touch, see there
}

// list is the places of the documents with one term, ascending. Of a list of one, at is the place; others are in memtable.places from
// at on, with room for as many as the next power of two.
type list struct {
	at uint32
	n  uint32
}

func newMemtable(number uint64) *memtable { return &memtable{number: number} }

func (t *memtable) add(d Doc, terms []uint64) {
	place := uint16(len(t.docs))
	t.docs = append(t.docs, d)
	t.read = t.lists.touch(terms)
	for _, term := range terms {
		t.post(term, place)
	}
}

func (t *memtable) post(term uint64, place uint16) {
	l := t.lists.at(term)
	switch {
	case l.n == 0:
		l.at = uint32(place)
	case l.n == 1:
		t.places = append(t.places, uint16(l.at), place)
		l.at = uint32(len(t.places) - 2)
	case l.n&(l.n-1) == 0:
		from := len(t.places)
		t.places = append(t.places, t.places[l.at:l.at+l.n]...)
		t.places = append(t.places, make([]uint16, l.n)...)
		t.places[from+int(l.n)] = place
		l.at = uint32(from)
	default:
		t.places[l.at+l.n] = place
	}
	l.n++
}

// all returns the places of a list from one place to that before another; one is room for a list of one.
func (t *memtable) all(l list, from, end int, one *[1]uint16) []uint16 {
	all := one[:min(l.n, 1)]
	if l.n == 1 {
		one[0] = uint16(l.at)
	} else if l.n > 1 {
		all = t.places[l.at:][:l.n]
	}
	if n := len(all); n > 0 && end < len(t.docs) && int(all[n-1]) >= end { // else no place is read: that is a miss of the cache
		n, _ = slices.BinarySearch(all, uint16(end))
		all = all[:n]
	}
	if from > 0 {
		all = since(all, uint16(from))
	}
	return all
}

// since returns the places from one on. They are searched for from the end, where most lists have what was added last.
func since(places []uint16, from uint16) []uint16 {
	end, step := len(places), 1
	for step <= end && places[end-step] >= from {
		end -= step
		step *= 2
	}
	begin := max(0, end-step)
	n, _ := slices.BinarySearch(places[begin:end], from)
	return places[begin+n:]
}

// find appends to places those that have the term, of the documents from one place to that before another, ascending; of more than limit
// the newest.
func (t *memtable) find(term uint64, from, end, limit int, places []uint16) []uint16 {
	var one [1]uint16
	all := t.all(t.lists.get(term), from, end, &one)
	return append(places, all[max(0, len(all)-limit):]...)
}

// count returns how many documents from one place to that before another have the term.
func (t *memtable) count(term uint64, from, end int) int {
	var one [1]uint16
	return len(t.all(t.lists.get(term), from, end, &one))
}

// A row is documents that were added together: for each index that has some its number and a section, behind its length. A section
// is for each document its id, how long its source is, plus one, and the source (0: as of the one before), the minute above that of the
// one before, how many terms it has, and each term above the one before.
type row struct {
	sections [][]byte // by index
	before   []Doc    // last added to each
	docs     []int    // added to each
	size     int      // of all sections, in bytes
}

// rowBytes is the size from which on a row takes no more documents: bbolt writes a page anew with every row that it gets, and
// puts four rows into one page however large they are.
const rowBytes = 480

func newRow(indexes int) *row {
	return &row{sections: make([][]byte, indexes), before: make([]Doc, indexes), docs: make([]int, indexes)}
}

func (w *row) add(p Posting) {
	b, before := w.sections[p.Index], &w.before[p.Index]
	w.size -= len(b)
	b = binary.AppendUvarint(b, p.Doc.ID)
	if p.Doc.Source == before.Source {
		b = append(b, 0)
	} else {
		b = append(binary.AppendUvarint(b, uint64(len(p.Doc.Source)+1)), p.Doc.Source...)
	}
	b = binary.AppendVarint(b, p.Doc.At-before.At)
	b = binary.AppendUvarint(b, uint64(len(p.Terms)))
	last := uint64(0)
	for _, t := range p.Terms {
		b = binary.AppendUvarint(b, t-last)
		last = t
	}
	w.sections[p.Index], *before = b, p.Doc
	w.docs[p.Index]++
	w.size += len(b)
}

func (w *row) pack(seed uint32, key []byte) []byte {
	size := 1 + SumBytes
	for _, s := range w.sections {
		size += 1 + bits.Len(uint(len(s)))/7 + 1 + len(s)
	}
	b := append(make([]byte, 0, size), format)
	for i, s := range w.sections {
		if len(s) > 0 {
			b = append(b, byte(i))
			b = binary.AppendUvarint(b, uint64(len(s)))
			b = append(b, s...)
		}
	}
	return WithSum(seed, key, b)
}

// section returns that of an index in a row without its sum; nil: it has none.
func section(value []byte, index int) (_ []byte, ok bool) {
	d := Decoder{Rest: value}
	d.Begins(format)
	for !d.Done() {
		at := int(d.Byte())
		if s := d.Bytes(); at == index {
			return s, !d.Bad
		}
	}
	return nil, !d.Bad
}

// eachDoc calls do with the documents of a section and their terms, which are valid until do returns. It reports whether the
// section could be read to its end.
func eachDoc(section []byte, do func(d Doc, terms []uint64)) (ok bool) {
	var terms []uint64
	return eachHead(section, func(doc Doc, d *Decoder, n int) {
		last := uint64(0)
		terms = slices.Grow(terms[:0], n)
		for range n {
			last += d.Uvarint()
			terms = append(terms, last)
		}
		if !d.Bad {
			do(doc, terms)
		}
	})
}

// eachHead calls do with the documents of a section; do must read the n terms of each from d. It reports whether the section could be read
// to its end.
func eachHead(section []byte, do func(doc Doc, d *Decoder, n int)) (ok bool) {
	d := Decoder{Rest: section}
	var doc Doc
	for !d.Done() {
		doc.ID = d.Uvarint()
		if n := d.Count(uint64(len(d.Rest))); n > 0 {
			doc.Source = string(d.Take(n - 1))
		}
		doc.At += d.Varint()
		if n := d.Count(uint64(len(d.Rest))); !d.Bad {
			do(doc, &d, n)
		}
	}
	return !d.Bad
}
